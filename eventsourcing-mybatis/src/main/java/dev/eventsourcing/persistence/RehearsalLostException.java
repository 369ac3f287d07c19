package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/**
 * A rehearsal cannot go on in a database: it was given up, as others waited for what it had locked, or the database has ended its
 * transaction. What it did there is rolled back; nothing of it stays.
 */
public final class RehearsalLostException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null. */
    public RehearsalLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
