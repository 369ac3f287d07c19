package dev.eventsourcing.testsupport;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Threads that tests start, and what they wait for. Nothing waits for ever, and nothing waits for a time to pass. */
public final class Concurrently {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Between two checks of a condition, in ns: a thread that only spins takes a core from the threads it waits for. */
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private Concurrently() {}

    /** Work on a thread of its own. */
    public static <T> Running<T> start(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return new Running<>(thread, result);
    }

    public static Running<Void> start(Runnable work) {
        return start(() -> {
            work.run();
            return null;
        });
    }

    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void awaitUntil(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("Waited in vain");
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Work that has been started. */
    public record Running<T>(Thread thread, CompletableFuture<T> result) {
        /** Waits until the work has ended or stands still. */
        public void awaitDoneOr(Predicate<Thread> standsStill) {
            awaitUntil(() -> result.isDone() || standsStill.test(thread));
        }

        public boolean isDone() {
            return result.isDone();
        }

        /** What the work returned; throws what it threw. */
        public T get() {
            try {
                return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                throw e.getCause() instanceof RuntimeException unchecked
                        ? unchecked
                        : new IllegalStateException(e.getCause());
            } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
