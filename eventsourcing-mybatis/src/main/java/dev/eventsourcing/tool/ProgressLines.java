package dev.eventsourcing.tool;

import dev.eventsourcing.system.FollowerProgress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells from time to time how far a follower is, in whole lines, which read well in a log. Rate and time left are those of its turn
 * in one log, as what was done before tells nothing of what is left.
 */
final class ProgressLines {
    /** How long nothing is said. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final double NANOS = 1e9;

    private final LongSupplier clock;
    private final Consumer<String> line;
    private final Map<String, FollowerProgress> last = new HashMap<>();
    private @Nullable FollowerProgress begun;
    private long beginning;
    private long heard;
    private long told;

    /** Makes one with a clock in nanoseconds, as {@link System#nanoTime}, and what prints a line. */
    ProgressLines(LongSupplier clock, Consumer<String> line) {
        this.clock = clock;
        this.line = line;
    }

    /** A follower has its turn. */
    void begins() {
        begun = null;
        heard = clock.getAsLong();
        told = heard;
    }

    /** A batch is done. */
    void progressed(FollowerProgress progress) {
        long now = clock.getAsLong();
        FollowerProgress base = begun;
        if (base == null || !base.leader().equals(progress.leader())) {
            base = last.getOrDefault(key(progress), beginningOf(progress));
            begun = base;
            beginning = heard;
        }
        if (now - told >= INTERVAL.toNanos()) {
            line.accept(text(progress, base, (now - beginning) / NANOS));
            told = now;
        }
        last.put(key(progress), progress);
        heard = now;
    }

    private static String text(FollowerProgress progress, FollowerProgress base, double seconds) {
        long way = progress.target() - base.reached();
        double done = way <= 0 ? 1 : Math.min(1, (progress.reached() - base.reached()) / (double) way);
        String text = progress.follower() + ": " + Amounts.count(progress.events(), "event") + " of "
                + progress.leader() + ", " + (int) (progress.share() * 100) + " %, "
                + Amounts.rate((progress.events() - base.events()) / seconds);
        return done <= 0 || done >= 1
                ? text
                : text + ", about " + Amounts.time(Duration.ofSeconds(Math.round(seconds * (1 - done) / done)))
                        + " left";
    }

    private static FollowerProgress beginningOf(FollowerProgress progress) {
        return new FollowerProgress(
                progress.follower(), progress.leader(), 0, progress.from(), progress.from(), progress.target());
    }

    private static String key(FollowerProgress progress) {
        return progress.follower() + " " + progress.leader();
    }
}
