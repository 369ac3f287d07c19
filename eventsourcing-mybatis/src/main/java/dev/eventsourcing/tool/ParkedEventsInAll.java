package dev.eventsourcing.tool;

import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.system.EventProcessingException;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.LeaderResult;
import dev.eventsourcing.system.Runner;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts the events that followers have put aside and that still are, in this run and before; as far as the database answers. */
final class ParkedEventsInAll {
    private final Map<String, Follower> followers = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> known = new LinkedHashMap<>();

    ParkedEventsInAll(Runner runner) {
        runner.system().applications().forEach(type -> {
            if (runner.get(type) instanceof Follower follower) {
                followers.put(follower.name(), follower);
            }
        });
    }

    /** Those of one follower, by leader. */
    Map<String, Long> of(FollowerResult result) {
        Follower follower = followers.get(result.follower());
        boolean answers =
                result.failure().isEmpty() || result.failure().get().cause() instanceof EventProcessingException;
        if (follower == null || !answers) {
            return Map.of();
        }
        Map<String, Long> byLeader = new LinkedHashMap<>();
        try {
            for (LeaderResult leader : result.leaders()) {
                byLeader.put(leader.leader(), follower.parking().count(leader.leader()));
            }
        } catch (PersistenceException e) {
            // The synchronisation is done, and is not to fail for a number beside it: it is left out.
            return Map.of();
        }
        known.put(result.follower(), byLeader);
        return byLeader;
    }

    /** What is known up to now, by follower and leader. */
    Map<String, Map<String, Long>> known() {
        return known;
    }
}
