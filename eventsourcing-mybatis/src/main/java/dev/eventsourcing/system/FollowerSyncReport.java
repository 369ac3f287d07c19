package dev.eventsourcing.system;

import java.time.Duration;
import java.util.List;

/**
 * What a synchronisation did.
 *
 * @param mode what was done with the events
 * @param results a result for each selected follower, in the order in which they had their turn
 * @param time what all of it took
 */
public record FollowerSyncReport(SyncMode mode, List<FollowerResult> results, Duration time) {
    /** Copies the list. */
    public FollowerSyncReport {
        results = List.copyOf(results);
    }

    /** The results of the followers that failed. */
    public List<FollowerResult> failures() {
        return results.stream().filter(result -> result.failure().isPresent()).toList();
    }

    /** Whether it was told to stop, and something is left for that. */
    public boolean isStopped() {
        return results.stream()
                .flatMap(result -> result.leaders().stream())
                .anyMatch(leader -> leader.ended() == SyncEnd.STOPPED);
    }
}
