package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/**
 * The transaction in hand can no longer be committed: the database has ended it, as a deadlock or a serialization failure
 * does, or an error in it could not be undone. Roll it back. Then the whole of it may be tried again; whether that may help,
 * {@link #isTransient} tells.
 */
public class TransactionLostException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null, and one of this library's tells whether it may pass by itself. */
    public TransactionLostException(String message, @Nullable Throwable cause) {
        this(message, cause, cause instanceof PersistenceException reason ? reason.failureKind() : FailureKind.LASTING);
    }

    /** Makes an exception; the cause may be null. See {@link #isTransient}. */
    public TransactionLostException(String message, @Nullable Throwable cause, boolean isTransient) {
        super(message, cause, isTransient);
    }

    /** Makes an exception; the cause may be null. */
    public TransactionLostException(String message, @Nullable Throwable cause, FailureKind kind) {
        super(message, cause, kind);
    }
}
