package dev.eventsourcing.domain;

import java.util.UUID;

/** An event was applied to an aggregate out of its turn: a version is missing or came twice. */
public final class OriginatorVersionException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final UUID originatorId;
    private final long expected;
    private final long actual;

    /** Makes an exception; for those who apply events by themselves. */
    public OriginatorVersionException(UUID originatorId, long expected, long actual) {
        super("Event version " + actual + " was applied to aggregate " + originatorId + ", which expects version "
                + expected + ". Its recorded events are incomplete or were read out of order.");
        this.originatorId = originatorId;
        this.expected = expected;
        this.actual = actual;
    }

    /** The aggregate's id. */
    public UUID originatorId() {
        return originatorId;
    }

    /** The version that was next. */
    public long expected() {
        return expected;
    }

    /** The version that came. */
    public long actual() {
        return actual;
    }
}
