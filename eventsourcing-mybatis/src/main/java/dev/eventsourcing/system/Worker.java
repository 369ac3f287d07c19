package dev.eventsourcing.system;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A thread that makes the passes of one or more followers, in their order, whenever one is due. */
final class Worker {
    private final List<FollowerRun> runs;
    private final Runnable progressed;
    private final Rounds rounds;
    private volatile long lastProgress = System.nanoTime();

    /**
     * Makes a worker, which is not started yet.
     *
     * @param progressed is called after each step of a follower
     */
    Worker(String name, List<FollowerRun> runs, BooleanSupplier stopping, Runnable progressed) {
        this.runs = runs;
        this.progressed = progressed;
        this.rounds = new Rounds(name, this::round, this::broken, stopping);
        runs.forEach(run -> run.runBy(this));
    }

    List<FollowerRun> runs() {
        return runs;
    }

    Rounds rounds() {
        return rounds;
    }

    /** Takes note that the thread has begun or ended something. */
    void progresses() {
        lastProgress = System.nanoTime();
    }

    /** When the thread last began or ended something, as of {@link System#nanoTime}. */
    long lastProgress() {
        return lastProgress;
    }

    private Duration round() {
        for (FollowerRun run : runs) {
            step(run);
            progressed.run();
        }
        long pause = runs.stream().mapToLong(FollowerRun::dueIn).min().orElse(Long.MAX_VALUE);
        return pause > Rounds.UNTIL_WOKEN.toNanos() ? Rounds.UNTIL_WOKEN : Duration.ofNanos(Math.max(0, pause));
    }

    /** The last guard: a round that throws stops all followers of the worker, so that none is reported as healthy. */
    private void broken(Throwable e) {
        runs.forEach(FollowerRun::marksBroken);
        runs.forEach(run -> run.broken(e));
    }

    /** What gets here, as an OutOfMemoryError may, stops the follower and not the thread of others. */
    private static void step(FollowerRun run) {
        try {
            run.step();
        } catch (Throwable e) {
            run.broken(e);
        }
    }
}
