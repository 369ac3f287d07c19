package dev.eventsourcing.system;

import java.time.Duration;

/**
 * A follower's lease, as this process knows it. It counts from before it was asked for, by this machine's own clock, and so is over
 * here before it is over in the store.
 */
final class Lease {
    private volatile boolean held;
    private volatile long until;
    private volatile long lastSeen = System.nanoTime();
    private volatile String trouble = "";

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
        lastSeen = until;
        return !before;
    }

    /** Takes note that another process holds it. */
    void isElsewhere() {
        lastSeen = System.nanoTime();
    }

    /** How long no process has held it, as far as this one has seen; zero if this process holds it. */
    Duration unheldFor() {
        return isHeld() ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - lastSeen));
    }

    /** Takes note of why this process cannot ask for it; an empty text if it can. */
    void cannotBeAsked(String why) {
        trouble = why;
    }

    /** Why this process cannot ask for it; empty if it can. */
    String trouble() {
        return trouble;
    }

    /** Takes note that it is another's, or nobody's. */
    void lost() {
        if (isHeld()) {
            lastSeen = System.nanoTime();
        }
        held = false;
    }
}
