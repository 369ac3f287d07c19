package dev.eventsourcing.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Work on a thread of its own. Nobody waits for it for ever. */
final class Running<T> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Between two checks of a condition, in ns: a thread that only spins takes a core from the threads it waits for. */
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Running(Callable<T> work) {
        this.thread = new Thread(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "contract");
        thread.setDaemon(true);
    }

    static <T> Running<T> start(Callable<T> work) {
        Running<T> running = new Running<>(work);
        running.thread.start();
        return running;
    }

    static Running<Boolean> start(Runnable work) {
        return start(() -> {
            work.run();
            return true;
        });
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("Another thread of the case did not come so far within " + PATIENCE + ".");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits until a condition holds. */
    static void awaitUntil(String condition, BooleanSupplier holds) {
        long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            Check.isTrue(condition + " within " + PATIENCE, System.nanoTime() - start <= PATIENCE.toNanos());
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Waits until the work has counted down; throws what it threw if it did not come so far. */
    void reach(CountDownLatch latch) {
        awaitDoneOr(() -> latch.getCount() == 0, PATIENCE);
        if (latch.getCount() != 0) {
            get();
            throw new AssertionError("A thread of the case ended too early.");
        }
    }

    Thread thread() {
        return thread;
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Waits until the work has ended or the condition holds, at most so long; false if neither came. */
    boolean awaitDoneOr(BooleanSupplier condition, Duration atMost) {
        long start = System.nanoTime();
        while (!isDone() && !condition.getAsBoolean()) {
            if (System.nanoTime() - start > atMost.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        return true;
    }

    /** What the work returned; throws what it threw. */
    T get() {
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new AssertionError("A thread of the case failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("A thread of the case did not end within " + PATIENCE + ".", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("The case was interrupted.", e);
    }
}
