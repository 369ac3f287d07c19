package dev.eventsourcing.system;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A thread that makes rounds, the next one when it is woken, or when the time is over that the round before has asked for. Who wakes it
 * during a round has another one made. It is a daemon. Nothing but a stop ends it: neither an interruption, as policies and what they
 * call interrupt threads, nor anything that a round throws. A thread that had ended would leave its followers idle unnoticed.
 */
final class Rounds {
    /** For a round that is not followed by another one unless somebody wakes the thread. */
    static final Duration UNTIL_WOKEN = Duration.ofDays(365);

    /** After a round that threw, so that rounds that always throw do not keep a core busy. */
    private static final Duration AFTER_A_BROKEN_ROUND = Duration.ofSeconds(1);

    private final Supplier<Duration> round;
    private final Consumer<Throwable> broken;
    private final BooleanSupplier stopping;
    private final Thread thread;
    private boolean woken;

    /**
     * Makes a thread, which is not started yet.
     *
     * @param round makes a round, and says how long to wait for the next one at most
     * @param broken is given what a round has thrown
     */
    Rounds(String name, Supplier<Duration> round, Consumer<Throwable> broken, BooleanSupplier stopping) {
        this.round = round;
        this.broken = broken;
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

    /** Clears the interrupt flag of this thread. */
    static void forgetInterruption() {
        Thread.interrupted();
    }

    private void run() {
        while (!stopping.getAsBoolean()) {
            try {
                Duration pause = makeRound();
                forgetInterruption();
                awaitWoken(System.nanoTime() + pause.toNanos());
            } catch (Throwable e) {
                // The thread must not end.
                forgetInterruption();
            }
        }
    }

    private Duration makeRound() {
        try {
            return round.get();
        } catch (Throwable e) {
            report(e);
            return AFTER_A_BROKEN_ROUND;
        }
    }

    private void report(Throwable e) {
        try {
            broken.accept(e);
        } catch (Throwable lost) {
            // Not even the report succeeds, as when there is no memory; the next round, after a pause, may be better.
            forgetInterruption();
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
