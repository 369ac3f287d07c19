package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be reached, refuses the credentials, or has broken the connection off. No event was recorded; where the
 * connection broke while that was open, it is an {@link OutcomeUnknownException}.
 */
public final class CannotConnectException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception of what may pass by itself, as a server that is started again; the cause may be null. */
    public CannotConnectException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    /** Makes an exception; the cause may be null. See {@link #isTransient}: wrong credentials do not pass. */
    public CannotConnectException(String message, @Nullable Throwable cause, boolean isTransient) {
        super(message, cause, isTransient ? FailureKind.MOMENT : FailureKind.LASTING);
    }
}
