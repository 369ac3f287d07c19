package dev.eventsourcing.system;

import java.time.Duration;

/**
 * Is told what followers do, to count and measure it. All methods do nothing unless they are overridden.
 *
 * <p>They are called by the threads that process and by the one that watches the logs, several at once also for one follower, and
 * so have to be safe for use by several threads. Who calls waits for them, so they must return at once: no input or output, no
 * lock that is held for long, no transaction. They must not throw; if one does, that is logged, and the follower goes on.
 */
public interface FollowerMetrics {
    /** Measures nothing. */
    FollowerMetrics NONE = new FollowerMetrics() {};

    /**
     * A batch was processed and is committed. Called behind the commit, by the thread that processed it. What was rolled back is
     * not told here.
     *
     * @param follower the follower's name
     * @param leader the name of the application whose log it is
     * @param events how many events the batch had, from 1; those that were put aside are none of them
     * @param batchTime from the start of the transaction to the end of the commit
     */
    default void processed(String follower, String leader, long events, Duration batchTime) {}

    /**
     * An attempt to process has failed and was rolled back, whether it is tried again, the follower stops, or the event is put
     * aside. Called by the thread that tried it, once for each attempt.
     *
     * @param follower the follower's name
     * @param leader the name of the application whose log it is
     */
    default void failed(String follower, String leader) {}

    /**
     * Events were put aside, to be processed when somebody has seen to them, and that is committed. Called behind the commit, by the
     * thread that put them aside.
     *
     * @param follower the follower's name
     * @param leader the name of the application whose log it is
     * @param events how many events more are aside now than before, from 1
     */
    default void parked(String follower, String leader, long events) {}

    /**
     * How far a follower is behind, looked at every 5 s. Called by the thread that watches the logs.
     *
     * @param follower the follower's name
     * @param leader the name of the application whose log it is
     * @param events how many recorded events it has not processed yet, from 0; not counted above {@value
     *     dev.eventsourcing.persistence.Backlog#MOST_COUNTED}
     * @param age how long ago the first of them was recorded, by the store's clock; zero if there is none
     */
    default void lag(String follower, String leader, long events, Duration age) {}
}
