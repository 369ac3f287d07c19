package dev.eventsourcing.system;

import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.FollowedLog;
import dev.eventsourcing.persistence.SharedStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the followers of a program with what their stores have recorded of them, and warns of two changes that nothing else shows:
 * a follower that was renamed processes everything again, and a type that was added to {@link Follower#follows} does not bring its past
 * events. One query for each store. Safe for use by several threads.
 */
final class FollowedLogs {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedLogs.class);

    /** The most positions that a warning names. */
    private static final int MOST_NAMED = 5;

    /** For stores that could not be asked: nothing is warned of, and nothing recorded. */
    static final FollowedLogs UNKNOWN = new FollowedLogs();

    private final Map<Follower, Set<String>> unrecorded = new HashMap<>();

    private FollowedLogs() {}

    /**
     * Reads what is recorded, and warns.
     *
     * @param followers those that process
     * @param names the names of all applications of the system
     * @throws dev.eventsourcing.persistence.PersistenceException if a store cannot be read
     */
    static FollowedLogs compared(Collection<Follower> followers, Set<String> names) {
        FollowedLogs logs = new FollowedLogs();
        Map<SharedStore, Set<String>> leaders = new LinkedHashMap<>();
        for (Follower follower : followers) {
            leaders.computeIfAbsent(follower.sharedStore(), store -> new LinkedHashSet<>())
                    .addAll(follower.leaders());
        }
        leaders.forEach((store, of) -> {
            List<FollowedLog> recorded = store.followedLogs(of);
            followers.stream()
                    .filter(follower -> follower.sharedStore().equals(store))
                    .forEach(follower -> logs.compare(follower, recorded, names));
        });
        return logs;
    }

    private synchronized void compare(Follower follower, List<FollowedLog> recorded, Set<String> names) {
        for (String leader : follower.leaders()) {
            List<FollowedLog> ofLeader =
                    recorded.stream().filter(log -> log.leader().equals(leader)).toList();
            Optional<FollowedLog> own = ofLeader.stream()
                    .filter(log -> log.follower().equals(follower.name()))
                    .findAny();
            Set<String> topics = topics(follower, leader);
            if (own.isEmpty()) {
                warnOfOrphans(follower, leader, ofLeader, names);
            } else {
                own.get().topics().ifPresent(before -> warnOfAdded(follower, own.get(), before));
            }
            if (own.flatMap(FollowedLog::topics).filter(topics::equals).isEmpty()) {
                unrecorded
                        .computeIfAbsent(follower, absent -> new LinkedHashSet<>())
                        .add(leader);
            }
        }
    }

    private static void warnOfOrphans(Follower follower, String leader, List<FollowedLog> ofLeader, Set<String> names) {
        List<FollowedLog> orphans =
                ofLeader.stream().filter(log -> !names.contains(log.follower())).toList();
        if (!orphans.isEmpty()) {
            String named = orphans.stream()
                    .limit(MOST_NAMED)
                    .map(log -> log.follower() + " at " + log.position())
                    .collect(Collectors.joining(", "));
            LOG.warn(
                    "Follower {} has no position in the log of {} and processes it from its first event. No follower of this system"
                            + " uses these positions there: {}{}. If {} is one of them under a new name, stop this program and give"
                            + " the follower its former name in its constructor, super(\"..\", recorders).",
                    follower.name(),
                    leader,
                    named,
                    orphans.size() > MOST_NAMED ? " and " + (orphans.size() - MOST_NAMED) + " more" : "",
                    follower.name());
        }
    }

    private static void warnOfAdded(Follower follower, FollowedLog own, Set<String> before) {
        Topics declared = follower.upstream(own.leader()).declared();
        if (before.isEmpty()) {
            return;
        }
        Set<String> added = new TreeSet<>();
        if (declared == null) {
            added.add("all types");
        } else {
            for (String name : declared.names()) {
                declared.typeOf(name)
                        .filter(type -> names(declared, type).stream().noneMatch(before::contains))
                        .ifPresent(type -> added.add(declared.topicOf(type)));
            }
        }
        if (!added.isEmpty()) {
            LOG.warn(
                    "Follower {} now follows {} of {} too, and sees them from id {} on. Those before were passed by and are not"
                            + " processed. To have them processed, rebuild what the follower keeps: give it a new name and empty"
                            + " tables, and it begins at the first event.",
                    follower.name(),
                    String.join(", ", added),
                    own.leader(),
                    own.position() + 1);
        }
    }

    /** The topic of a type and its former ones. */
    private static Set<String> names(Topics topics, Class<?> type) {
        return topics.names().stream()
                .filter(name -> topics.typeOf(name).filter(type::equals).isPresent())
                .collect(Collectors.toSet());
    }

    private static Set<String> topics(Follower follower, String leader) {
        Topics declared = follower.upstream(leader).declared();
        return declared == null ? Set.of() : declared.names();
    }

    /**
     * Records the topics that a follower processes of a leader, if they are not recorded and the follower has a position.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if a store cannot be written
     */
    void record(Follower follower, String leader) {
        if (isUnrecorded(follower, leader)
                && Place.reached(follower.recorder().position(leader).orElse(null)) > 0) {
            follower.sharedStore().recordTopics(follower.name(), leader, topics(follower, leader));
            isRecorded(follower, leader);
        }
    }

    synchronized boolean isUnrecorded(Follower follower, String leader) {
        return unrecorded.getOrDefault(follower, Set.of()).contains(leader);
    }

    private synchronized void isRecorded(Follower follower, String leader) {
        unrecorded.getOrDefault(follower, Set.of()).remove(leader);
    }
}
