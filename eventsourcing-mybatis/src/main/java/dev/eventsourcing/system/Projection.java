package dev.eventsourcing.system;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;

/**
 * A follower that keeps a read model in tables of the user's, through the user's mappers, and records no events of its own. The
 * rows that an event changes and the position behind that event are one transaction: both are there, or neither is.
 *
 * <p>Safe for use by several threads, if the subclass is; one at a time projects, as one at a time processes for a {@link Follower}.
 */
public abstract class Projection extends Follower {
    /**
     * Makes a projection that is named as its class, without the package.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    protected Projection(RecorderFactory recorders) {
        super(recorders);
    }

    /**
     * Makes a projection with a name that stays when the class is renamed.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    protected Projection(String name, RecorderFactory recorders) {
        super(name, recorders);
    }

    /**
     * Changes rows as an event calls for. An exception undoes what was changed for it; the event is then the next one still. It may be
     * called again for an event whose transaction was rolled back, so it does nothing that a rollback does not undo.
     *
     * @param event what happened
     */
    protected abstract void project(DomainEvent<?> event);

    @Override
    protected final void policy(DomainEvent<?> event, ProcessingEvent processing) {
        project(event);
    }
}
