package dev.eventsourcing.system;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A thread that makes the passes of one or more followers, in their order, whenever one is due. */
final class Worker {
    private final List<FollowerRun> runs;
    private final BooleanSupplier stopping;
    private final Runnable progressed;
    private final Thread thread;
    private boolean woken;

    /**
     * Makes a worker, which is not started yet.
     *
     * @param progressed is called after each round
     */
    Worker(String name, List<FollowerRun> runs, BooleanSupplier stopping, Runnable progressed) {
        this.runs = runs;
        this.stopping = stopping;
        this.progressed = progressed;
        this.thread = new Thread(this::work, name);
        this.thread.setDaemon(true);
        runs.forEach(run -> run.wakeWith(this::wake));
    }

    List<FollowerRun> runs() {
        return runs;
    }

    Thread thread() {
        return thread;
    }

    void start() {
        thread.start();
    }

    /** Has the followers looked at. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /** Waits for the end of the thread; whether it has ended. */
    boolean join(Duration atMost) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, atMost.toNanos()));
        return !thread.isAlive();
    }

    private void work() {
        try {
            while (!stopping.getAsBoolean()) {
                for (FollowerRun run : runs) {
                    step(run);
                    progressed.run();
                }
                forgetInterruption();
                awaitDue();
            }
        } finally {
            progressed.run();
        }
    }

    /** What gets here, as an OutOfMemoryError may, stops the follower and not the thread of others. */
    private static void step(FollowerRun run) {
        try {
            run.step();
        } catch (RuntimeException | Error e) {
            run.broken(e);
        }
    }

    /**
     * Has this thread go on as if nobody had interrupted it. Nobody of ours does; policies do, with what they call. A follower whose
     * thread had ended would stand still, with its lease, and nobody would know.
     */
    static void forgetInterruption() {
        Thread.interrupted();
    }

    private synchronized void awaitDue() {
        while (!woken && !stopping.getAsBoolean()) {
            long pause = runs.stream().mapToLong(FollowerRun::dueIn).min().orElse(Long.MAX_VALUE);
            if (pause <= 0) {
                break;
            }
            // In milliseconds, rounded up: a wait of 0 has no end.
            try {
                wait(pause == Long.MAX_VALUE ? 0 : pause / 1_000_000 + 1);
            } catch (InterruptedException e) {
                // As above.
                woken = true;
            }
        }
        woken = false;
    }
}
