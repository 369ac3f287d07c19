package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How many connections the followers of a runner use at once; who comes first is served first. Safe for use by several threads. */
final class Budget {
    /** For those who come after all were let go. */
    private static final int MORE = 100_000;

    private final Semaphore permits;

    Budget(int connections) {
        this.permits = new Semaphore(connections, true);
    }

    /**
     * Does work once a connection may be used.
     *
     * @param goesOn whether it is still to be done
     * @throws GivenUp if it is not to be done any more
     */
    <T> T with(BooleanSupplier goesOn, Supplier<T> work) {
        acquire(goesOn);
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }

    private void acquire(BooleanSupplier goesOn) {
        try {
            // Not tried again and again: who does that stands in line anew each time.
            if (!permits.tryAcquire(0, TimeUnit.SECONDS)) {
                permits.acquire();
                if (!goesOn.getAsBoolean()) {
                    permits.release();
                    throw new GivenUp();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GivenUp();
        }
    }

    /** Has nobody wait any more: those who do are asked whether their work is still to be done. */
    void letAllGo() {
        permits.release(permits.getQueueLength() + MORE);
    }

    /** A pass ends before it has begun its next work. */
    static final class GivenUp extends EventSourcingException {
        private static final long serialVersionUID = 1L;

        GivenUp() {
            super("The runner is stopping. Nothing was done.");
        }
    }
}
