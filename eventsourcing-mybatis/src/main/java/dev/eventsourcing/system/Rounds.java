package dev.eventsourcing.system;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A thread that makes rounds, the next one when it is woken, or when the time is over that the round before has asked for. Who wakes it
 * during a round has another one made. It is a daemon, and an interruption does not end it: nobody of ours interrupts, but policies do,
 * with what they call, and a thread that had ended would leave followers standing still without anybody's knowing.
 */
final class Rounds {
    /** For a round that is not followed by another one unless somebody wakes the thread. */
    static final Duration UNTIL_WOKEN = Duration.ofDays(365);

    private final Supplier<Duration> round;
    private final BooleanSupplier stopping;
    private final Thread thread;
    private boolean woken;

    /**
     * Makes a thread, which is not started yet.
     *
     * @param round makes a round, and says how long to wait for the next one at most
     */
    Rounds(String name, Supplier<Duration> round, BooleanSupplier stopping) {
        this.round = round;
        this.stopping = stopping;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    Thread thread() {
        return thread;
    }

    void start() {
        thread.start();
    }

    /** Has a round made at once. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /** Waits for the end of the thread; whether it has ended. */
    boolean join(Duration atMost) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, atMost.toNanos()));
        return !thread.isAlive();
    }

    /** Has this thread go on as if nobody had interrupted it. */
    static void forgetInterruption() {
        Thread.interrupted();
    }

    private void run() {
        while (!stopping.getAsBoolean()) {
            Duration pause = round.get();
            forgetInterruption();
            awaitWoken(System.nanoTime() + pause.toNanos());
        }
    }

    private synchronized void awaitWoken(long until) {
        try {
            while (!woken && !stopping.getAsBoolean() && until - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
        } catch (InterruptedException e) {
            // As if it was woken; see above.
        }
        woken = false;
    }
}
