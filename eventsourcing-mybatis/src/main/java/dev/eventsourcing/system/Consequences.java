package dev.eventsourcing.system;

import dev.eventsourcing.domain.errors.Thrown;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/**
 * Waits until what was recorded has been processed, and what came of that, and so on along the system. Safe for use by several
 * threads.
 */
final class Consequences {
    /** How often the position is read of a follower that another process runs. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private static final Duration LONGEST_WAIT = Duration.ofDays(365);

    private final List<FollowerRun> runs;
    private final ToLongFunction<String> lastRecorded;
    private final BooleanSupplier stopping;

    /**
     * Makes a wait for the followers of a runner.
     *
     * @param lastRecorded the last id that one of them has recorded, by its name
     */
    Consequences(List<FollowerRun> runs, ToLongFunction<String> lastRecorded, BooleanSupplier stopping) {
        this.runs = runs;
        this.lastRecorded = lastRecorded;
        this.stopping = stopping;
    }

    /**
     * Who has not come far enough.
     *
     * @param run the follower
     * @param leader in whose log
     * @param notificationId what it has not processed
     */
    record Laggard(FollowerRun run, String leader, long notificationId) {}

    /** The time when a wait is over that begins now, as of {@link System#nanoTime}; a longer one than that clock can count is cut. */
    static long within(Duration atMost) {
        return System.nanoTime() + (atMost.compareTo(LONGEST_WAIT) < 0 ? atMost : LONGEST_WAIT).toNanos();
    }

    /** Tells those who wait that a follower may have gone on. */
    synchronized void progressed() {
        notifyAll();
    }

    /**
     * Waits. Followers that have stopped are not waited for, nor is anybody once the runner stops.
     *
     * @param recorded what is to be processed: up to which id, by leader
     * @param until when to give up, as of {@link System#nanoTime}
     * @param patient whether those are waited for, too, that another process runs, or that are held up
     * @return who is behind, if the time is over or the thread was interrupted
     */
    Optional<Laggard> await(Map<String, Long> recorded, long until, boolean patient) {
        Map<String, Long> pending = new LinkedHashMap<>(recorded);
        Map<String, Long> done = new HashMap<>();
        while (!pending.isEmpty()) {
            Iterator<Map.Entry<String, Long>> first = pending.entrySet().iterator();
            Map.Entry<String, Long> next = first.next();
            String leader = next.getKey();
            long id = next.getValue();
            first.remove();
            for (FollowerRun run : runs) {
                if (run.follower().leaders().contains(leader)) {
                    if (!reaches(run, leader, id, until, patient)) {
                        return Optional.of(new Laggard(run, leader, id));
                    }
                    String name = run.follower().name();
                    long last = lastRecorded.applyAsLong(name);
                    if (last > done.getOrDefault(name, recorded.getOrDefault(name, 0L))) {
                        pending.put(name, last);
                        done.put(name, last);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Waits for one follower; false if the time is over. */
    private boolean reaches(FollowerRun run, String leader, long id, long until, boolean patient) {
        BackOff pauses = new BackOff(Duration.ofMillis(1), LONGEST_PAUSE);
        while (!hasReached(run, leader, id)) {
            boolean here = run.lease().isHeld();
            if (stopping.getAsBoolean() || run.failure() != null || (!patient && (!here || run.isHeldUp()))) {
                return true;
            }
            long left = until - System.nanoTime();
            long pause = here ? LONGEST_PAUSE.toNanos() : pauses.next().toNanos();
            if (left <= 0 || !pause(run, leader, id, Math.min(left, pause))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasReached(FollowerRun run, String leader, long id) {
        if (run.reached(leader) >= id) {
            return true;
        }
        if (run.lease().isHeld()) {
            return false;
        }
        try {
            return run.follower().recorder().hasTracked(leader, id);
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            // Whoever waits is told who is behind; the follower tells why.
            return false;
        }
    }

    /** Waits until somebody has gone on; false if this thread is not to wait. */
    private synchronized boolean pause(FollowerRun run, String leader, long id, long nanos) {
        if (run.reached(leader) >= id) {
            return true;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, nanos));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
