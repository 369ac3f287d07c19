package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/**
 * What was to be recorded stands in conflict with what is recorded: another writer was faster. Nothing of the call was
 * stored. Read again, decide again, save again.
 */
public class RecordConflictException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the cause may be null. */
    public RecordConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
