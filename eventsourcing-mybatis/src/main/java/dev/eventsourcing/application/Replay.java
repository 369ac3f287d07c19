package dev.eventsourcing.application;

import dev.eventsourcing.domain.DomainEvent;
import java.util.Optional;

/** Builds an aggregate from its events, or from a snapshot and the events after it. Used by one thread. */
interface Replay<A> {
    /**
     * Applies the next event, whose payload is of one of the aggregate's types.
     *
     * @throws dev.eventsourcing.domain.OriginatorVersionException if it is not the next
     */
    void apply(DomainEvent<?> event);

    /** What was built; empty if nothing is there. */
    Optional<A> result();
}
