package dev.eventsourcing.system;

import java.util.List;

/**
 * What became of parked events that were to be processed again.
 *
 * @param processed how many were processed
 * @param stillParked how many of those that were asked for are parked now
 * @param failed how many originators have an event that failed again
 * @param failures why, in the order in which they failed; at most the first {@value #MOST_FAILURES}
 */
public record RetryResult(long processed, long stillParked, long failed, List<EventProcessingException> failures) {
    /** The most failures that are kept. */
    public static final int MOST_FAILURES = 100;

    /** Copies the list. */
    public RetryResult {
        failures = List.copyOf(failures);
    }
}
