package dev.eventsourcing.persistence;

import java.util.Optional;
import java.util.Set;

/**
 * What a store has recorded of a follower in the log of a leader. Immutable.
 *
 * @param follower the follower's name
 * @param leader the leader's name
 * @param position the last notification that the follower has processed or passed by; from 0
 * @param topics the topics that the follower processes, former names of its types included; an empty set stands for all, and an
 *     empty {@code Optional} for none recorded, as programs of earlier versions record none
 */
public record FollowedLog(String follower, String leader, long position, Optional<Set<String>> topics) {
    /** Copies the topics. */
    public FollowedLog {
        topics = topics.map(Set::copyOf);
    }
}
