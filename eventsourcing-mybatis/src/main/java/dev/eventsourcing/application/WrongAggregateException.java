package dev.eventsourcing.application;

import dev.eventsourcing.domain.EventSourcingException;
import java.util.UUID;

/** The id belongs to an aggregate of another kind: its events are not those of the repository that was asked. */
public final class WrongAggregateException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final String application;
    private final UUID originatorId;

    WrongAggregateException(String application, UUID originatorId, String expected, Object payload) {
        super("Aggregate " + originatorId + " in application " + application + " is not a " + expected
                + ": it has events of type " + payload.getClass().getName() + ". Ask the repository of its own kind.");
        this.application = application;
        this.originatorId = originatorId;
    }

    /** The application that was asked. */
    public String application() {
        return application;
    }

    /** The id that was asked for. */
    public UUID originatorId() {
        return originatorId;
    }
}
