package dev.eventsourcing.application;

import dev.eventsourcing.domain.EventSourcingException;
import java.util.OptionalLong;
import java.util.UUID;

/** No event is recorded for an aggregate, or none up to the version that was asked for. */
public final class AggregateNotFoundException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final String application;
    private final UUID originatorId;
    private final long version;

    AggregateNotFoundException(String application, UUID originatorId, long version) {
        super("Aggregate " + originatorId + " is not recorded in application " + application
                + (version == Long.MAX_VALUE ? "." : " up to version " + version + "."));
        this.application = application;
        this.originatorId = originatorId;
        this.version = version;
    }

    /** The application that was asked. */
    public String application() {
        return application;
    }

    /** The id that was asked for. */
    public UUID originatorId() {
        return originatorId;
    }

    /** The version that was asked for; empty for the latest. */
    public OptionalLong version() {
        return version == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(version);
    }
}
