package dev.eventsourcing.system;

import dev.eventsourcing.domain.ConfigurationException;
import java.time.Duration;

/** How a runner runs. The defaults are meant to be kept. Immutable. */
public final class RunnerSettings {
    private static final RunnerSettings DEFAULTS = new RunnerSettings(
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            4,
            FollowerMetrics.NONE);

    private final Duration pollPause;
    private final Duration leaseTime;
    private final Duration idleLimit;
    private final Duration saveWait;
    private final Duration stopDeadline;
    private final Duration policyLimit;
    private final int connections;
    private final FollowerMetrics metrics;

    private RunnerSettings(
            Duration pollPause,
            Duration leaseTime,
            Duration idleLimit,
            Duration saveWait,
            Duration stopDeadline,
            Duration policyLimit,
            int connections,
            FollowerMetrics metrics) {
        this.pollPause = pollPause;
        this.leaseTime = leaseTime;
        this.idleLimit = idleLimit;
        this.saveWait = saveWait;
        this.stopDeadline = stopDeadline;
        this.policyLimit = policyLimit;
        this.connections = connections;
        this.metrics = metrics;
    }

    /** What holds where nothing else is said. */
    public static RunnerSettings defaults() {
        return DEFAULTS;
    }

    /**
     * How long a runner pauses at most before it looks again for what other processes have recorded; one small query looks for all
     * followers of a store. While they record, it pauses less. Without it, 100 ms.
     *
     * @param longest from 1 ms to 1 h
     * @throws ConfigurationException if it is another time
     */
    public RunnerSettings pollPause(Duration longest) {
        require("A poll pause", longest, Duration.ofMillis(1), Duration.ofHours(1));
        return new RunnerSettings(
                longest, leaseTime, idleLimit, saveWait, stopDeadline, policyLimit, connections, metrics);
    }

    /**
     * How long this process keeps a follower to itself without a sign of life; it gives one three times as often. If it dies or is cut
     * off, another process takes over within this time and a third of it; from what it has locked in a batch in hand, as soon as the database
     * ends its transaction ({@link #idleLimit}). If the database's clock was put back meanwhile, a process that has waited since takes over
     * after the same time by its own clock. Without it, 10 s.
     *
     * @param time from 100 ms to 1 h
     * @throws ConfigurationException if it is another time
     */
    public RunnerSettings leaseTime(Duration time) {
        require("A lease time", time, Duration.ofMillis(100), Duration.ofHours(1));
        return new RunnerSettings(
                pollPause, time, idleLimit, saveWait, stopDeadline, policyLimit, connections, metrics);
    }

    /**
     * How long a transaction of a follower may stand still before the database ends it, so that a process that was stopped or cut off
     * in the middle of a batch does not keep rows locked that its successor has to write; PostgreSQL only. A policy that does something
     * else for longer than this between two statements is cut off, too, and tried again. Without it, 30 s.
     *
     * @param time from 100 ms to 24 h
     * @throws ConfigurationException if it is another time
     */
    public RunnerSettings idleLimit(Duration time) {
        require("An idle limit", time, Duration.ofMillis(100), Duration.ofHours(24));
        return new RunnerSettings(
                pollPause, leaseTime, time, saveWait, stopDeadline, policyLimit, connections, metrics);
    }

    /**
     * How long a save outside of any transaction waits, with the {@link SingleThreadedRunner}, until what follows from it is processed.
     * Without it, 10 s.
     *
     * @param longest zero not to wait, to 24 h
     * @throws ConfigurationException if it is another time
     */
    public RunnerSettings saveWait(Duration longest) {
        require("A wait of a save", longest, Duration.ZERO, Duration.ofHours(24));
        return new RunnerSettings(
                pollPause, leaseTime, idleLimit, longest, stopDeadline, policyLimit, connections, metrics);
    }

    /**
     * How long a stop waits for the followers to finish the batches that they have in hand. Without it, 10 s.
     *
     * @param longest zero not to wait, to 24 h
     * @throws ConfigurationException if it is another time
     */
    public RunnerSettings stopDeadline(Duration longest) {
        require("A stop deadline", longest, Duration.ZERO, Duration.ofHours(24));
        return new RunnerSettings(
                pollPause, leaseTime, idleLimit, saveWait, longest, policyLimit, connections, metrics);
    }

    /**
     * How long a policy may work on one event before {@link Runner#health} reports the follower as {@link FollowerHealth.State#STUCK}. Nothing
     * is interrupted: the policy continues, and this process keeps the follower's lease. Without it, 60 s.
     *
     * @param longest from 10 ms to 24 h
     * @throws ConfigurationException if it is another time
     */
    public RunnerSettings policyLimit(Duration longest) {
        require("A policy limit", longest, Duration.ofMillis(10), Duration.ofHours(24));
        return new RunnerSettings(
                pollPause, leaseTime, idleLimit, saveWait, stopDeadline, longest, connections, metrics);
    }

    /**
     * How many connections the followers of a {@link MultiThreadedRunner} use at once, whatever their number. Beside them, the runner uses
     * one for each store. Without it, 4.
     *
     * @param most from 1 to 1,000
     * @throws ConfigurationException if it is another number
     */
    public RunnerSettings connections(int most) {
        if (most < 1 || most > 1_000) {
            throw new ConfigurationException(
                    "A budget of " + most + " connections cannot be used. Give a number from 1 to 1000.");
        }
        return new RunnerSettings(pollPause, leaseTime, idleLimit, saveWait, stopDeadline, policyLimit, most, metrics);
    }

    /** Who is told what the followers do. Without it, nobody. */
    public RunnerSettings metrics(FollowerMetrics listener) {
        return new RunnerSettings(
                pollPause, leaseTime, idleLimit, saveWait, stopDeadline, policyLimit, connections, listener);
    }

    private static void require(String what, Duration time, Duration least, Duration most) {
        if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new ConfigurationException(what + " of " + time.toMillis() + " ms cannot be used. Give one from "
                    + least.toMillis() + " to " + most.toMillis() + " ms.");
        }
    }

    Duration pollPause() {
        return pollPause;
    }

    Duration leaseTime() {
        return leaseTime;
    }

    /** The longest lease that a process with these settings, or with none, takes. */
    Duration longestLeaseTime() {
        Duration usual = DEFAULTS.leaseTime;
        return leaseTime.compareTo(usual) > 0 ? leaseTime : usual;
    }

    Duration idleLimit() {
        return idleLimit;
    }

    Duration saveWait() {
        return saveWait;
    }

    Duration stopDeadline() {
        return stopDeadline;
    }

    Duration policyLimit() {
        return policyLimit;
    }

    int connections() {
        return connections;
    }

    FollowerMetrics metrics() {
        return metrics;
    }
}
