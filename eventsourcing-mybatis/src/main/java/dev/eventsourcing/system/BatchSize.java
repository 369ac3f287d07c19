package dev.eventsourcing.system;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.NotificationSelection;

/**
 * How many events a follower processes in one transaction. Immutable.
 *
 * @param events at most so many
 */
record BatchSize(int events) {
    /** What is taken where nothing else is said. */
    static final BatchSize DEFAULT = new BatchSize(NotificationSelection.DEFAULT_LIMIT);

    private static final int HIGHEST = NotificationLog.MAX_LIMIT;

    /**
     * Checks the number.
     *
     * @throws ConfigurationException if it is not from 1 to 10,000
     */
    BatchSize {
        if (events < 1 || events > HIGHEST) {
            throw new ConfigurationException(
                    "A batch size of " + events + " events cannot be used. Give one from 1 to " + HIGHEST + ".");
        }
    }

    /** How many events are read at a time: several small batches, so that the log is not asked for each, or one large. */
    int page() {
        return Math.max(events, NotificationSelection.DEFAULT_LIMIT);
    }
}
