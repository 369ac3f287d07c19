package dev.eventsourcing.system;

import dev.eventsourcing.persistence.OpenAppend;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a synchronisation did for one follower in the log of one leader.
 *
 * @param leader the leader's name
 * @param topics how many events were processed, by topic; counted as they were committed
 * @param parked how many events were put aside
 * @param from the follower's position before, an id in the leader's log; 0 if it had none
 * @param reached the follower's position then; in a dry run, where it would be
 * @param left how many events the leader has recorded that the follower has not come to, of those that it processes; 0 if it has
 *     come to where the log ended when it was looked at, and where it failed, as it is not counted then
 * @param ended why it went no further
 * @param openAppends the transactions that it waits for, where it ended for {@link SyncEnd#OPEN_APPEND}; oldest first
 */
public record LeaderResult(
        String leader,
        Map<String, Long> topics,
        long parked,
        long from,
        long reached,
        long left,
        SyncEnd ended,
        List<OpenAppend> openAppends) {
    /** Copies map and list; topics are in the order of their names. */
    public LeaderResult {
        topics = Collections.unmodifiableMap(new TreeMap<>(topics));
        openAppends = List.copyOf(openAppends);
    }

    /** How many events were processed. */
    public long events() {
        return topics.values().stream().mapToLong(Long::longValue).sum();
    }
}
