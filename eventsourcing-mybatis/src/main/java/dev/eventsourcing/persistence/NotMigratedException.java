package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/** The database has not the tables that this version of the library works with. */
public final class NotMigratedException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null. */
    public NotMigratedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
