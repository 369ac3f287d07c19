package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/**
 * The transaction in hand can no longer be committed: the database has ended it, as a deadlock or a serialization failure
 * does, or an error in it could not be undone. Roll it back; then the whole of it may be tried again.
 */
public final class TransactionLostException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null. */
    public TransactionLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
