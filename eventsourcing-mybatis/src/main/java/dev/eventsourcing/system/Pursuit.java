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

    private final String leader;
    private final Recovery recovery;
    private final BackOff waits = new BackOff(Patience.SHORTEST_PAUSE, Patience.LONGEST_PAUSE);
    private boolean prompted;
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
        prompted = true;
    }

    /** The nanoseconds until it is time for a pass; 0 or less if it is, the greatest number if nothing is to be done. */
    synchronized long dueIn() {
        return prompted ? notBefore - System.nanoTime() : Long.MAX_VALUE;
    }

    /** Begins a pass: prompts from now on are for the next one. */
    synchronized void begin() {
        prompted = false;
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
