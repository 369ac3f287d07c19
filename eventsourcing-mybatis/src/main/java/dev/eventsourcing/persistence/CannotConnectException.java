package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/** The database cannot be reached, refuses the credentials, or has broken the connection off. */
public final class CannotConnectException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null. */
    public CannotConnectException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
