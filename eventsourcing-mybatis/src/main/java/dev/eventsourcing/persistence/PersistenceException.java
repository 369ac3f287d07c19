package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.EventSourcingException;
import org.jspecify.annotations.Nullable;

/** Storing or reading failed; the cause, where there is one, is the database's own error. */
public class PersistenceException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    /** Makes an exception of what does not pass by itself; the cause may be null. */
    public PersistenceException(String message, @Nullable Throwable cause) {
        this(message, cause, FailureKind.LASTING);
    }

    /** Makes an exception; the cause may be null. See {@link #isTransient}. */
    public PersistenceException(String message, @Nullable Throwable cause, boolean isTransient) {
        this(message, cause, isTransient ? FailureKind.PASSING : FailureKind.LASTING);
    }

    /** Makes an exception; the cause may be null. */
    public PersistenceException(String message, @Nullable Throwable cause, FailureKind kind) {
        super(message, cause);
        this.kind = kind;
    }

    /** What the failure is about. */
    public final FailureKind failureKind() {
        return kind;
    }

    /**
     * Whether the same, done again later, may succeed: every kind of failure but {@link FailureKind#LASTING}. The database was not
     * reached, has no room, is read-only for now, or has no tables of the library yet; a lock was not free in time; transactions
     * stood in each other's way. Nothing was recorded then, and what is to be done again is the whole of the transaction.
     *
     * <p>False where another value, another statement or other credentials are needed, where the caller has to read again first, as
     * for a conflict, and where it is not known what was recorded.
     */
    public final boolean isTransient() {
        return kind != FailureKind.LASTING;
    }
}
