package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a pass waits for appends that are open and keep it from the end of a log. What it may process does not depend on it:
 * only when it asks again, and when it leaves the rest to the next pass.
 */
final class Patience {
    /** For a pass that somebody waits for. */
    static final Duration OF_A_PASS = Duration.ofSeconds(1);

    static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
    static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private final Duration patience;
    private final BackOff pauses = new BackOff(SHORTEST_PAUSE, LONGEST_PAUSE);
    private @Nullable Long begun;

    Patience(Duration patience) {
        this.patience = patience;
    }

    /** Waits a while, longer each time; false if it has waited long enough. */
    boolean pause() {
        long now = System.nanoTime();
        if (begun == null) {
            begun = now;
        }
        if (now - begun >= patience.toNanos()) {
            return false;
        }
        pause(pauses.next(), "an open append to end");
        return true;
    }

    /** Waits. */
    static void pause(Duration pause, String what) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventSourcingException("Interrupted while waiting for " + what, e);
        }
    }
}
