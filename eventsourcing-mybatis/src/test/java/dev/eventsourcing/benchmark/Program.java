package dev.eventsourcing.benchmark;

/** One of two programs that do the same work. */
@FunctionalInterface
interface Program {
    /** Called by each thread before the clock starts: takes what it keeps meanwhile, such as a connection. */
    Turn begin() throws Exception;

    /** What a thread repeats while its turn lasts. */
    @FunctionalInterface
    interface Turn extends AutoCloseable {
        /** Does a piece of the work and returns how many operations that were; 0 if nothing is left to do. */
        long run() throws Exception;

        @Override
        default void close() throws Exception {}
    }

    /** Something done before each turn, and not counted. */
    @FunctionalInterface
    interface Preparation {
        void run() throws Exception;
    }
}
