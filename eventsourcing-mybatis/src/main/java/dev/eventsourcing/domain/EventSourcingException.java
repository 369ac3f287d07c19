package dev.eventsourcing.domain;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that this library throws on its own account. The message says what is wrong, with which
 * value, and what to do next; subclasses carry the facts as fields.
 *
 * <p>Other exceptions come from elsewhere: what the user's own code throws, in an aggregate, a policy, a mapper or the work of a
 * transaction, reaches the caller as it is; null for what is not {@code @Nullable} is a {@link NullPointerException}, as
 * everywhere in the language; an iterator beyond its end throws a {@link java.util.NoSuchElementException}. An {@link
 * AssertionError} is an error in this library.
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
