package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.Position;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of a follower's place in the log of a leader. Written under the follower's lock; {@link #reached} is read
 * by all.
 *
 * <p>Whether events are parked is asked once and remembered with the position: who parks moves the position, and who takes a
 * parked event away begins a new epoch, so what is known holds for as long as the position is the one that is known.
 */
final class Place {
    private volatile long reached;
    private volatile long turns;
    private @Nullable Position position;
    private boolean known;
    private boolean parked;
    private volatile boolean checked;
    private long highestEnd;
    private boolean unknownLog;
    private volatile long parksFrom;

    /** How far the follower has come, as far as this process knows; 0 at first. */
    long reached() {
        return reached;
    }

    /**
     * Waits until a condition holds that moves of this process bring about, or for a time, after which who waits asks the store.
     *
     * @param what what is waited for, for the error message
     * @return whether the condition holds
     * @throws EventSourcingException if the thread is interrupted, which it stays
     */
    synchronized boolean await(BooleanSupplier condition, Duration atMost, String what) {
        long until = System.nanoTime() + atMost.toNanos();
        try {
            while (!condition.getAsBoolean() && until - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventSourcingException("Interrupted while waiting for " + what, e);
        }
        return condition.getAsBoolean();
    }

    /** Takes a position that was read, and whether events are parked as of then. */
    void read(@Nullable Position now, ParkedEvents events, String leader) {
        if (!known || !Objects.equals(now, position)) {
            parked = events.count(leader) > 0;
            known = true;
        }
        moved(now);
    }

    /** Takes the position that a batch of this process has moved to. */
    void moved(@Nullable Position now) {
        position = now;
        if (reached(now) != reached) {
            reach(reached(now));
        }
    }

    /** How often this process has changed what is parked here, other than by going on. */
    long turns() {
        return turns;
    }

    /** Takes note that what is parked was changed. */
    synchronized void turned() {
        turns++;
        notifyAll();
    }

    private synchronized void reach(long id) {
        reached = id;
        notifyAll();
    }

    /** Whether the position was compared with the log since this process began, took over, or saw something fail. */
    boolean isChecked() {
        return checked;
    }

    void checked() {
        checked = true;
    }

    void doubted() {
        checked = false;
    }

    /** Takes where the log ends: if it ended higher before, its ids may be given again. */
    void sees(long end) {
        if (end < highestEnd) {
            doubted();
        }
        highestEnd = end;
    }

    /** Whether nobody has asked this before. */
    boolean isFirstOfUnknownLog() {
        boolean first = !unknownLog;
        unknownLog = true;
        return first;
    }

    /** The notification from which on failed events count for the limit of parked ones. */
    long parksFrom() {
        return parksFrom;
    }

    /** Has those not count that have failed up to now. */
    void parksAnew() {
        parksFrom = reached + 1;
    }

    boolean hasParked() {
        return parked;
    }

    void parked() {
        parked = true;
    }

    /** The id that a position stands for; 0 for none. */
    static long reached(@Nullable Position position) {
        return position == null ? 0 : position.notificationId();
    }
}
