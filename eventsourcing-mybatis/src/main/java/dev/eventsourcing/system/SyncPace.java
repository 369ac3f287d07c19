package dev.eventsourcing.system;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a synchronisation goes on: until it has processed enough, its time is over, or it is told to stop. */
final class SyncPace implements Pace {
    private final SyncTerms terms;
    private final long begun = System.nanoTime();
    private long left;
    private @Nullable Long troubledSince;

    SyncPace(SyncTerms terms) {
        this.terms = terms;
        this.left = terms.maxEvents();
    }

    /** Takes note that so many events were processed or put aside. */
    void done(int events) {
        left -= events;
        troubledSince = null;
    }

    /** Whether what failed for the moment is tried again: no longer than patience goes since a batch was done, all followers together. */
    boolean hasPatienceWithTheMoment() {
        if (troubledSince == null) {
            troubledSince = System.nanoTime();
        }
        return goesOn()
                && System.nanoTime() - troubledSince < atMost(terms.patience()).toNanos();
    }

    @Override
    public boolean goesOn() {
        return !terms.stop().getAsBoolean();
    }

    @Override
    public boolean hasTime() {
        return left > 0 && time().compareTo(terms.timeBudget()) < 0;
    }

    @Override
    public int most(int events) {
        return (int) Math.min(left, events);
    }

    /** The time since the beginning. */
    Duration time() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** How long to wait at most where somebody would wait for a time. */
    Duration atMost(Duration patience) {
        Duration rest = terms.timeBudget().minus(time());
        return rest.isNegative() ? Duration.ZERO : rest.compareTo(patience) < 0 ? rest : patience;
    }

    /** Why something was left that could have been read. */
    SyncEnd end() {
        if (!goesOn()) {
            return SyncEnd.STOPPED;
        }
        return left > 0 ? SyncEnd.TIME_BUDGET : SyncEnd.MAX_EVENTS;
    }
}
