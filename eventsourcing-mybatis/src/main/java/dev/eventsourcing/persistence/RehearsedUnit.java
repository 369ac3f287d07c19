package dev.eventsourcing.persistence;

import java.util.function.Supplier;

/** A transaction that is rolled back at its end, in which work is rehearsed. Used by one thread. */
public interface RehearsedUnit {
    /** One that can undo nothing before its end, and counts nothing. */
    RehearsedUnit PLAIN = new RehearsedUnit() {};

    /**
     * Does work that would be a transaction of its own: if it throws, what it did is undone, and what was done before stays.
     *
     * @return what the work returns
     * @throws RehearsalLostException if the transaction has come to its end, or cannot be brought back to where the work began
     */
    default <T> T undoable(Supplier<T> work) {
        return work.get();
    }

    /** The user's rows that were changed up to now, but for what was undone. */
    default RowChanges changes() {
        return RowChanges.UNKNOWN;
    }

    /**
     * Called from time to time by work that goes on, be it in these transactions or not: the database may end one that nothing is done
     * in for long.
     *
     * @throws RehearsalLostException if the transaction has come to its end
     */
    default void goOn() {}
}
