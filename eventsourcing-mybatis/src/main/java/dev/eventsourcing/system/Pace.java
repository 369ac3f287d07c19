package dev.eventsourcing.system;

import dev.eventsourcing.persistence.Notification;
import java.util.function.Supplier;

/** Decides between batches whether a pass continues. */
interface Pace {
    /** For a pass that continues to the end of the log. */
    Pace UNHURRIED = new Pace() {};

    /** Whether anything more may be processed; if not, the pass ends early. */
    default boolean goesOn() {
        return true;
    }

    /** Whether there is time for another batch in this pass. One that was begun is brought to its end. */
    default boolean hasTime() {
        return true;
    }

    /**
     * Whether a failure ends the pass, as somebody wants the thread to end: nothing is tried again then, and no event is parked. The
     * caller learns of the interruption.
     */
    default boolean endsOn(Throwable failed) {
        return Recovery.isInterruption(failed);
    }

    /** How many events the next batch may have, where it would have so many; at least one. */
    default int most(int events) {
        return events;
    }

    /** Does work that needs one connection, once one may be used. */
    default <T> T withConnection(Supplier<T> work) {
        return work.get();
    }

    /** Called in each transaction that processes events, before the first event. */
    default void begins() {}

    /** Called before a policy is given an event. */
    default void working(Notification notification) {}
}
