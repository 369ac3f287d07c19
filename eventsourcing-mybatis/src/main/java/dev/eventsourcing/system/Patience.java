package dev.eventsourcing.system;

import java.time.Duration;
import java.util.function.BooleanSupplier;
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

    private final Place place;
    private final Duration patience;
    private final BackOff pauses = new BackOff(SHORTEST_PAUSE, LONGEST_PAUSE);
    private @Nullable Long begun;

    /** A patience of somebody who waits for what is behind a place. */
    Patience(Place place, Duration patience) {
        this.place = place;
        this.patience = patience;
    }

    /**
     * Waits until the log may be read further, as the store says; false if it has waited long enough, all in all. The store tells nobody
     * when an append ends, so it is asked, at longer and longer intervals; or at once if another thread of this process has gone on,
     * which is told by the place.
     */
    boolean until(BooleanSupplier readable) {
        if (begun == null) {
            begun = System.nanoTime();
        }
        while (System.nanoTime() - begun < patience.toNanos()) {
            long reached = place.reached();
            place.await(() -> place.reached() != reached, pauses.next(), "an open append to end");
            if (readable.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }
}
