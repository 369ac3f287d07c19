package dev.eventsourcing.system;

import java.time.Duration;

/**
 * A follower's lease, as this process knows it. It counts from before it was asked for, by this machine's own clock, and so is over
 * here before it is over in the store.
 */
final class Lease {
    private volatile boolean held;
    private volatile long until;

    /** Whether this process may process for the follower. */
    boolean isHeld() {
        return held && until - System.nanoTime() > 0;
    }

    /**
     * Takes note that it was given.
     *
     * @param asked the time when it was asked for, as of {@link System#nanoTime}
     * @return whether it was not held before
     */
    boolean given(long asked, Duration time) {
        boolean before = isHeld();
        until = asked + time.toNanos();
        held = true;
        return !before;
    }

    /** Takes note that it is another's, or nobody's. */
    void lost() {
        held = false;
    }
}
