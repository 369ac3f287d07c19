package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;

/**
 * Carries what the listener of a synchronisation has thrown past the processing of events, which is over by then: no event is
 * processed again, and no follower has failed. The caller of the synchronisation gets the listener's exception itself.
 */
final class ListenerFailedException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final transient Throwable thrown;

    ListenerFailedException(Throwable thrown) {
        super("The listener of the synchronisation failed: " + Thrown.message(thrown), Thrown.readable(thrown));
        this.thrown = thrown;
    }

    /** Returns what the listener has thrown. */
    Throwable thrown() {
        return thrown;
    }
}
