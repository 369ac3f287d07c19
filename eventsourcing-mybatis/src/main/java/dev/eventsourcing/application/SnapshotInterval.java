package dev.eventsourcing.application;

import dev.eventsourcing.domain.ConfigurationException;

/** When a repository takes snapshots by itself. Immutable. */
public final class SnapshotInterval {
    private static final SnapshotInterval ON_REQUEST = new SnapshotInterval(0);

    private final long events;

    private SnapshotInterval(long events) {
        this.events = events;
    }

    /**
     * At every version that is a multiple of this, once the event of that version is committed: by the thread that committed it, or,
     * in the transactions of a container, a moment later by a background thread of the recorders, which may drop it.
     *
     * @param events from 1
     * @throws ConfigurationException if it is less
     */
    public static SnapshotInterval every(long events) {
        if (events < 1) {
            throw new ConfigurationException("Snapshots every " + events
                    + " events cannot be taken. Give an interval of 1 or more, or onRequest().");
        }
        return new SnapshotInterval(events);
    }

    /** Never by itself: only when {@link Repository#takeSnapshot} is called. */
    public static SnapshotInterval onRequest() {
        return ON_REQUEST;
    }

    /** Whether a snapshot is due at a version. */
    boolean isDue(long version) {
        return events > 0 && version % events == 0;
    }

    /** Whether any is ever due. */
    boolean isAutomatic() {
        return events > 0;
    }

    @Override
    public String toString() {
        return events == 0 ? "on request" : "every " + events;
    }
}
