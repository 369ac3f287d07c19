package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.EventSourcingException;
import org.jspecify.annotations.Nullable;

/** Storing or reading failed; the cause, where there is one, is the database's own error. */
public class PersistenceException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null. */
    public PersistenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
