package dev.eventsourcing.system;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a synchronisation did for one follower.
 *
 * @param follower the follower's name
 * @param dryRun whether everything was rolled back
 * @param events how many events were processed, by leader, in the system's order of leaders; in a dry run, how many would
 *     have been
 * @param parked how many events were put aside, by leader; of those leaders only of which some were
 * @param error what stopped the follower; null if nothing did
 */
public record FollowerResult(
        String follower,
        boolean dryRun,
        Map<String, Long> events,
        Map<String, Long> parked,
        @Nullable Failure error) {
    /** Copies the maps. */
    public FollowerResult {
        events = Collections.unmodifiableMap(new LinkedHashMap<>(events));
        parked = Collections.unmodifiableMap(new LinkedHashMap<>(parked));
    }

    /** What stopped the follower; empty if nothing did. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(error);
    }

    /**
     * What stopped a follower.
     *
     * @param leader the leader whose log it was in
     * @param notificationId the event that could not be processed; 0 if it was not an event that failed
     * @param topic the topic of that event; empty if it was not an event that failed
     * @param message what is wrong
     * @param cause the exception
     */
    public record Failure(String leader, long notificationId, String topic, String message, Throwable cause) {}
}
