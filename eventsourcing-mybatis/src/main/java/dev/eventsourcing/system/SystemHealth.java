package dev.eventsourcing.system;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How the followers of a system are, as one of its processes sees them.
 *
 * @param followers each follower in the log of each of its leaders, in the system's order
 */
public record SystemHealth(List<FollowerHealth> followers) {
    /** Copies the list. */
    public SystemHealth {
        followers = List.copyOf(followers);
    }

    /** Whether nothing is wrong that somebody has to look at. */
    public boolean isHealthy() {
        return followers.stream().allMatch(FollowerHealth::isHealthy);
    }

    /** A line for each follower and leader. */
    @Override
    public String toString() {
        return followers.stream().map(FollowerHealth::toString).collect(Collectors.joining("\n"));
    }
}
