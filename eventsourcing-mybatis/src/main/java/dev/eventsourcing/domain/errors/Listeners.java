package dev.eventsourcing.domain.errors;

import java.util.function.Consumer;

/** Calls listeners and other actions that must not disturb what has been done before them. */
public final class Listeners {
    private Listeners() {}

    /**
     * Calls all listeners in their order, whatever one of them throws. An interruption is restored once all were called: a thread
     * with its interrupt flag set would break the database connections of those that come later.
     *
     * @param call calls one
     * @param failed is given what a listener has thrown, in a form that can be logged
     */
    public static <L> void callAll(Iterable<L> listeners, Consumer<? super L> call, Consumer<Throwable> failed) {
        boolean interrupted = false;
        for (L listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable e) {
                interrupted |= Thrown.isInterruption(e);
                tell(failed, e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A log that fails must not keep the listeners that come later from being called. */
    private static void tell(Consumer<Throwable> failed, Throwable thrown) {
        try {
            failed.accept(Thrown.readable(thrown));
        } catch (Throwable unlogged) {
            Thrown.restoreInterruption(unlogged);
        }
    }
}
