package dev.eventsourcing.system;

import dev.eventsourcing.persistence.RowChanges;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a synchronisation did for one follower.
 *
 * @param follower the follower's name
 * @param mode whether events were processed, or it was a dry run or a plan: numbers are then those that there would have been
 * @param leaders what was done in the log of each leader, in the system's order
 * @param appended how many events the follower recorded, by topic
 * @param parkings why events were put aside, the first {@value #MOST_PARKINGS} of them; not those that stand behind parked ones
 * @param rows what policies changed in the user's tables; of a dry run only
 * @param time what it took
 * @param error what stopped the follower; null if nothing did
 */
public record FollowerResult(
        String follower,
        SyncMode mode,
        List<LeaderResult> leaders,
        Map<String, Long> appended,
        List<Failure> parkings,
        RowChanges rows,
        Duration time,
        @Nullable Failure error) {
    /** Of how many parked events the reason is told. */
    public static final int MOST_PARKINGS = 10;

    /** Copies list and map; topics are in the order of their names. */
    public FollowerResult {
        leaders = List.copyOf(leaders);
        parkings = List.copyOf(parkings);
        appended = Collections.unmodifiableMap(new TreeMap<>(appended));
    }

    /** How many events were processed, by leader, in the system's order of leaders. */
    public Map<String, Long> events() {
        return byLeader(LeaderResult::events);
    }

    /** How many events were put aside, by leader; of those leaders only of which some were. */
    public Map<String, Long> parked() {
        Map<String, Long> parked = byLeader(LeaderResult::parked);
        parked.values().removeIf(events -> events == 0);
        return parked;
    }

    /** How many events are left, of all leaders. */
    public long left() {
        return leaders.stream().mapToLong(LeaderResult::left).sum();
    }

    /** What stopped the follower; empty if nothing did. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(error);
    }

    private Map<String, Long> byLeader(ToLongFunction<LeaderResult> number) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        leaders.forEach(leader -> numbers.put(leader.leader(), number.applyAsLong(leader)));
        return numbers;
    }

    /**
     * What stopped a follower.
     *
     * @param leader the leader whose log it was in; empty if it was in none
     * @param notificationId the event that could not be processed; 0 if it was not an event that failed
     * @param topic the topic of that event; empty if it was not an event that failed
     * @param message what is wrong
     * @param cause the exception
     */
    public record Failure(String leader, long notificationId, String topic, String message, Throwable cause) {}
}
