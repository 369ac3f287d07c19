package dev.eventsourcing.system;

import java.util.function.Supplier;

/** How a pass goes on: asked between batches. */
interface Pace {
    /** For a pass that goes on to its end. */
    Pace UNHURRIED = new Pace() {};

    /** Whether the next batch may be processed; if not, the pass ends early. */
    default boolean goesOn() {
        return true;
    }

    /** The same within a batch that is processed event by event, which no pass ends for its length: it would come to no event. */
    default boolean mayWork() {
        return true;
    }

    /** Does work that needs one connection, once one may be used. */
    default <T> T withConnection(Supplier<T> work) {
        return work.get();
    }

    /** Told in each transaction that events are processed in, before the first. */
    default void begins() {}

    /** Told before each event is processed. */
    default void working() {}
}
