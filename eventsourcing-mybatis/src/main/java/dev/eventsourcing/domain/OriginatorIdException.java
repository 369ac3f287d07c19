package dev.eventsourcing.domain;

import java.util.UUID;

/** An event was applied to an aggregate that it does not belong to. */
public final class OriginatorIdException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final UUID expected;
    private final UUID actual;

    OriginatorIdException(UUID expected, UUID actual) {
        super("Event of originator " + actual + " was applied to aggregate " + expected
                + ". Apply an aggregate's own events only.");
        this.expected = expected;
        this.actual = actual;
    }

    /** The aggregate's id. */
    public UUID expected() {
        return expected;
    }

    /** The event's originator id. */
    public UUID actual() {
        return actual;
    }
}
