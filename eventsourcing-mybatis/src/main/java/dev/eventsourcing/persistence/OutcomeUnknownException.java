package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/**
 * The connection broke off after the database was told to record, and before it answered: all of it may have been recorded, or
 * nothing. Read the aggregate again before the command is repeated, and see whether it has happened. Nothing repeats it by itself.
 */
public final class OutcomeUnknownException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null. */
    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
