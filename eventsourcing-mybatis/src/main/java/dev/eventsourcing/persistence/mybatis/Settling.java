package dev.eventsourcing.persistence.mybatis;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one table's ids: up to which one nothing can come in any more. Everything at or below it is visible to
 * every statement that begins from now on, or dead for good.
 *
 * <p>An id that was read is a bound: its transaction has committed, so all ids below were taken before, by transactions that
 * held the table's lock then. Once all who hold it after that reading have ended, the bound is settled. With busy writers
 * somebody always holds it, so the holders are remembered, for at most two bounds: one that is waited for, and the next.
 */
final class Settling {
    private final String generation;
    private final AtomicLong highestRead = new AtomicLong();
    private final Map<String, Long> heads = new ConcurrentHashMap<>();
    private final ReentrantLock looking = new ReentrantLock();
    private volatile long looksBegun;
    private volatile long settled;
    private @Nullable Barrier waitedFor;
    private @Nullable Barrier next;

    Settling(String generation) {
        this.generation = generation;
    }

    String generation() {
        return generation;
    }

    /** The highest id that is settled; 0 if none is known to be. */
    long settled() {
        return settled;
    }

    /** The highest id of an application that was read so far; 0 if none was. */
    long head(String application) {
        return heads.getOrDefault(application, 0L);
    }

    /**
     * Settles as much as can be now.
     *
     * @param head the highest id of an application, read before
     * @param look asks the server; not called if another thread has asked since this one has read its head
     * @return the highest id that is settled
     */
    long advance(String application, long head, Looking look) {
        heads.merge(application, head, Math::max);
        highestRead.accumulateAndGet(head, Math::max);
        if (head <= settled) {
            return settled;
        }
        long begun = looksBegun;
        looking.lock();
        try {
            if (head > settled && looksBegun == begun) {
                // One thread at a time gets here.
                looksBegun = begun + 1;
                long bound = highestRead.get();
                apply(bound, look.look());
            }
            return settled;
        } finally {
            looking.unlock();
        }
    }

    private void apply(long bound, Look look) {
        Set<String> holders = look.holders();
        if (holders.isEmpty()) {
            settled = Math.max(settled, bound);
            waitedFor = null;
            next = null;
            return;
        }
        waitedFor = stillWaiting(waitedFor, look);
        next = stillWaiting(next, look);
        if (waitedFor == null) {
            waitedFor = next;
        }
        Barrier latest = new Barrier(bound, holders);
        if (waitedFor == null) {
            waitedFor = latest;
        } else {
            next = latest;
        }
    }

    private @Nullable Barrier stillWaiting(@Nullable Barrier barrier, Look look) {
        if (barrier == null) {
            return null;
        }
        barrier.holders.retainAll(look.holders());
        // A prepared transaction may be one of them under another name.
        if (!barrier.holders.isEmpty() || look.prepared()) {
            return barrier;
        }
        settled = Math.max(settled, barrier.bound);
        return null;
    }

    /** Asks the server who is open. */
    interface Looking {
        Look look();
    }

    /** Up to which id, and whose ends are awaited. */
    private static final class Barrier {
        private final long bound;
        private final Set<String> holders;

        Barrier(long bound, Set<String> holders) {
            this.bound = bound;
            this.holders = new HashSet<>(holders);
        }
    }
}
