package dev.eventsourcing.domain;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that this library throws on its own account. The message says what is wrong, with which
 * value, and what to do next; subclasses carry the facts as fields.
 */
public class EventSourcingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception that has no other behind it. */
    public EventSourcingException(String message) {
        super(message);
    }

    /** Makes an exception that another one caused; the cause may be null. */
    public EventSourcingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
