package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.EventSourcingException;
import org.jspecify.annotations.Nullable;

/** Storing or reading failed; the cause, where there is one, is the database's own error. */
public class PersistenceException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    /** Whether what failed may pass by itself. */
    private final boolean passing;

    /** Makes an exception of what does not pass by itself; the cause may be null. */
    public PersistenceException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /** Makes an exception; the cause may be null. See {@link #isTransient}. */
    public PersistenceException(String message, @Nullable Throwable cause, boolean isTransient) {
        super(message, cause);
        this.passing = isTransient;
    }

    /**
     * Whether the same, done again a little later, may succeed although nobody has changed anything: the database was not
     * reached, a lock was not free in time, transactions stood in each other's way. Nothing was recorded then, and what is to be
     * done again is the whole of the transaction.
     *
     * <p>False where somebody has to act, or to read again first: for a conflict, and where it is not known what was recorded.
     */
    public final boolean isTransient() {
        return passing;
    }
}
