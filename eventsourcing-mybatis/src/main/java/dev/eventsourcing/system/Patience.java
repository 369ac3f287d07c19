package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a pass waits for appends that are open and keep it from the end of a log. What it may process does not depend on it:
 * only when it asks again, and when it leaves the rest to the next pass.
 */
final class Patience {
    /** For a pass that somebody's save has prompted, and who waits for it. */
    static final Duration OF_A_PROMPT = Duration.ofSeconds(1);

    private static final long LONGEST_PAUSE_MS = 50;

    private final Duration patience;
    private long pauseMs = 1;
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
        try {
            Thread.sleep(pauseMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventSourcingException("Interrupted while waiting for an open append to end", e);
        }
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        return true;
    }
}
