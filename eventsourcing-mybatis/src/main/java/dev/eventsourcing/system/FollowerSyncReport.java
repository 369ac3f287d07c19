package dev.eventsourcing.system;

import java.util.List;

/**
 * What a synchronisation did.
 *
 * @param results a result for each selected follower, in the order of the selection
 */
public record FollowerSyncReport(List<FollowerResult> results) {
    /** Copies the list. */
    public FollowerSyncReport {
        results = List.copyOf(results);
    }

    /** The results of the followers that failed. */
    public List<FollowerResult> failures() {
        return results.stream().filter(result -> result.failure().isPresent()).toList();
    }
}
