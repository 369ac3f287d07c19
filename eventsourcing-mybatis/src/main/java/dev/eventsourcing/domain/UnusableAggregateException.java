package dev.eventsourcing.domain;

import java.util.UUID;

/**
 * An aggregate object was used after its {@code apply} threw, or after its save failed; or again after it was found, when saved
 * once more, that the transaction of its last save had been rolled back. What it holds
 * is then not what is recorded; get the aggregate from its repository again.
 */
public final class UnusableAggregateException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final UUID originatorId;

    UnusableAggregateException(UUID originatorId, String why, Throwable cause) {
        super("Aggregate " + originatorId + " is unusable, for " + why + ". Get it from its repository again.", cause);
        this.originatorId = originatorId;
    }

    /** The aggregate's id. */
    public UUID originatorId() {
        return originatorId;
    }
}
