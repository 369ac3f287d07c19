package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.FollowedLog;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.SharedStore;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the applications of one schema share. Statements are no part of the thread's transaction, but for {@link #limitIdleness} and
 * the reading of leases, so that a health check in a transaction waits for no second connection.
 *
 * @param units the transactions of the schema
 */
record SharedDatabase(Units units) implements SharedStore {
    /** How often to try on H2: who loses the race for a new row finds it there the next time. */
    private static final int TRIES = 3;

    @Override
    public Map<String, Long> heads(Collection<String> applications) {
        return applications.isEmpty()
                ? Map.of()
                : units
                        .aside(
                                "Reading the ends of the logs of " + applications,
                                unit -> unit.<NamedHead>list("selectHeads", Map.of("names", ordered(applications))))
                        .stream()
                        .collect(Collectors.toMap(NamedHead::application, NamedHead::id));
    }

    @Override
    public Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
        Map<String, ?> lease =
                Map.of("holder", holder, "names", ordered(followers), "millis", Math.max(1, time.toMillis()));
        return followers.isEmpty()
                ? Set.of()
                : units.aside("Taking the leases of " + followers, unit -> takeLeases(unit, lease));
    }

    private static Set<String> takeLeases(Unit unit, Map<String, ?> lease) {
        for (int tries = 1; tries <= TRIES; tries++) {
            try {
                return new LinkedHashSet<>(unit.<String>list("takeLeases", lease));
            } catch (RuntimeException e) {
                if (!unit.violates(e, Key.LEASE)) {
                    throw e;
                }
                // Another process was faster with the first lease of a follower; nothing was taken.
            }
        }
        return Set.of();
    }

    @Override
    public Set<String> takeOverLeases(String holder, Collection<FollowerLease> abandoned, Duration time) {
        if (abandoned.isEmpty()) {
            return Set.of();
        }
        List<FollowerLease> leases = abandoned.stream()
                .sorted(Comparator.comparing(FollowerLease::follower))
                .toList();
        Map<String, ?> seen = Map.of(
                "holder", holder,
                "millis", Math.max(1, time.toMillis()),
                "names", column(leases, FollowerLease::follower),
                "holders", column(leases, FollowerLease::holder),
                "untils", column(leases, lease -> lease.until().toString()));
        return units.aside(
                "Taking over the leases of "
                        + leases.stream().map(FollowerLease::follower).toList(),
                unit -> new LinkedHashSet<>(unit.<String>list("takeOverLeases", seen)));
    }

    private static EventArrays.Rows<String> column(List<FollowerLease> leases, Function<FollowerLease, String> value) {
        return new EventArrays.Rows<>(leases.stream().map(value).toList());
    }

    @Override
    public void releaseLeases(String holder, Collection<String> followers) {
        if (!followers.isEmpty()) {
            units.aside(
                    "Releasing the leases of " + followers,
                    unit -> unit.<String>list("releaseLeases", Map.of("holder", holder, "names", ordered(followers))));
        }
    }

    @Override
    public List<FollowerLease> leases(Collection<String> followers) {
        return followers.isEmpty()
                ? List.of()
                : units.read(
                        "Reading the leases of " + followers,
                        unit -> unit.list("selectLeases", Map.of("names", ordered(followers))));
    }

    @Override
    public List<FollowedLog> followedLogs(Collection<String> leaders) {
        return leaders.isEmpty()
                ? List.of()
                : units.aside(
                        "Reading what followers have recorded of the logs of " + leaders,
                        unit -> unit.list("selectFollowedLogs", Map.of("names", ordered(leaders))));
    }

    @Override
    public void recordTopics(String follower, String leader, Set<String> topics) {
        // Percent-encoded, as a topic may have any character and a database any encoding.
        String text = topics.stream()
                .sorted()
                .map(topic -> URLEncoder.encode(topic, StandardCharsets.UTF_8))
                .collect(Collectors.joining(" "));
        units.aside(
                "Recording the topics that " + follower + " processes of " + leader,
                unit -> unit.<String>list(
                        "recordTopics", Map.of("application", follower, "leader", leader, "topics", text)));
    }

    /** The topics that {@link #recordTopics} has written. */
    static Set<String> topics(String text) {
        return text.isEmpty()
                ? Set.of()
                : Stream.of(text.split(" "))
                        .map(topic -> URLDecoder.decode(topic, StandardCharsets.UTF_8))
                        .collect(Collectors.toSet());
    }

    @Override
    public void limitIdleness(Duration idle) {
        if (!units.active()) {
            return;
        }
        long millis = Math.max(1, Math.min(Integer.MAX_VALUE, idle.toMillis()));
        units.limitIdleness(millis);
    }

    /** Each once, and in one order for everybody: statements lock rows in the order of the names. */
    private static EventArrays.Rows<String> ordered(Collection<String> names) {
        return new EventArrays.Rows<>(new ArrayList<>(new TreeSet<>(names)));
    }
}
