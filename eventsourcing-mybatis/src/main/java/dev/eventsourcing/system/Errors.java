package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import org.jspecify.annotations.Nullable;

/** Errors of several things that are ended one after another: the first is thrown, the others are suppressed exceptions of it. */
final class Errors {
    private @Nullable EventSourcingException first;
    private boolean interrupted;

    void add(EventSourcingException error) {
        if (first == null) {
            first = error;
        } else if (first != error) {
            first.addSuppressed(error);
        }
    }

    /** Closes something. */
    void closing(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Throwable e) {
            interrupted |= Thrown.isInterruption(e);
            add(new EventSourcingException(
                    "Closing " + Thrown.text(resource) + " failed: " + Thrown.message(e), Thrown.readable(e)));
        }
    }

    /** Throws the first error; and now that all is ended, the thread is interrupted if one of them tells of that. */
    void throwIfAny() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (first != null) {
            throw first;
        }
    }
}
