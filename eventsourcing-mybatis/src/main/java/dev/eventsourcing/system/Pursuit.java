package dev.eventsourcing.system;

import dev.eventsourcing.domain.errors.Thrown;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A follower's pursuit of one leader, as a runner sees it: whether there may be something to process, and when to try. A prompt is
 * a wake-up and no more; however many there are, one is kept. Safe for use by several threads.
 */
final class Pursuit {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final long NOTHING_SEEN = -1;

    private final String leader;
    private final Recovery recovery;
    private final BackOff waits = new BackOff(Patience.SHORTEST_PAUSE, Patience.LONGEST_PAUSE);
    private boolean prompted;
    private long promptedAt;
    private boolean passing;
    private long seen = NOTHING_SEEN;
    private long seenSince;
    private long notBefore = System.nanoTime();
    private volatile @Nullable Throwable trouble;
    private volatile boolean waiting;

    Pursuit(Follower follower, String leader) {
        this.leader = leader;
        this.recovery = new Recovery(follower, SHORTEST_PAUSE, LONGEST_PAUSE);
    }

    String leader() {
        return leader;
    }

    /** What becomes of events that fail; for the thread that processes. */
    Recovery recovery() {
        return recovery;
    }

    /** Takes note that there may be something to process. */
    synchronized void prompt() {
        if (!prompted) {
            promptedAt = System.nanoTime();
        }
        prompted = true;
    }

    /** The nanoseconds until it is time for a pass; 0 or less if it is, the greatest number if nothing is to be done. */
    synchronized long dueIn() {
        return prompted ? notBefore - System.nanoTime() : Long.MAX_VALUE;
    }

    /** Begins a pass: prompts from now on are for the next one. */
    synchronized void begin() {
        prompted = false;
        passing = true;
    }

    /** Ends a pass, however it went. */
    synchronized void end() {
        passing = false;
    }

    /** Takes note that nothing waits that the follower may read. */
    synchronized void isCaughtUp() {
        seen = NOTHING_SEEN;
    }

    /**
     * How long a position has not moved while events wait that the follower may read: since the thread last did something, or the
     * follower was woken; in another process, since this one first saw the position.
     *
     * @param here whether this process processes for the follower
     * @param lastProgress when its thread last did something, as of {@link System#nanoTime}
     */
    synchronized Duration unmovedFor(long position, boolean here, long lastProgress) {
        long now = System.nanoTime();
        if (seen != position) {
            seen = position;
            seenSince = now;
        }
        long since = seenSince;
        if (here && passing) {
            since = lastProgress;
        } else if (here) {
            since = latest(prompted ? latest(promptedAt, notBefore) : seenSince, lastProgress);
        }
        return Duration.ofNanos(Math.max(0, now - since));
    }

    private static long latest(long one, long other) {
        return one - other > 0 ? one : other;
    }

    /** Takes note of how a pass has ended. */
    void ended(Progress progress) {
        recovery.passed();
        trouble = null;
        waiting = progress.waits();
        if (progress.waits()) {
            again(waits.next());
        } else {
            waits.reset();
            if (!progress.isComplete()) {
                again(Duration.ZERO);
            }
        }
    }

    /** Takes note of what has failed, and may pass; true if that is news, and not what failed the last time. */
    boolean failed(Throwable failure) {
        Throwable before = trouble;
        boolean news = before == null || !Thrown.message(before).equals(Thrown.message(failure));
        trouble = failure;
        again(recovery.pause());
        return news;
    }

    /** Has a pass made after a pause. */
    synchronized void again(Duration pause) {
        if (!prompted) {
            promptedAt = System.nanoTime();
        }
        prompted = true;
        notBefore = System.nanoTime() + pause.toNanos();
    }

    /** What is tried again now; null if nothing is. */
    @Nullable Throwable trouble() {
        return trouble;
    }

    /** Whether the last pass was kept from the end of the log by an open append. */
    boolean isWaiting() {
        return waiting;
    }
}
