package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/**
 * Tables that this version of the library needs are missing, or are of an earlier version. Never thrown for a statement of a user's
 * mapper.
 */
public final class NotMigratedException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null. */
    public NotMigratedException(String message, @Nullable Throwable cause) {
        super(message, cause, FailureKind.MOMENT);
    }
}
