package dev.eventsourcing.system;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The followers of a system, and what names stand for. */
final class FollowerSelection {
    private final Map<String, Follower> known = new LinkedHashMap<>();

    FollowerSelection(List<Follower> followers) {
        followers.forEach(follower -> known.put(follower.name(), follower));
    }

    /** All of them, in the system's order. */
    Collection<Follower> all() {
        return known.values();
    }

    /**
     * Those that names stand for, all if there is none: who follows another one comes after it, else as in the system.
     *
     * @param downstream whether those behind them are meant, too
     * @throws ConfigurationException if a name is unknown
     */
    List<Follower> select(Collection<String> names, boolean downstream) {
        Set<String> unknown = new TreeSet<>(names);
        unknown.removeAll(known.keySet());
        if (!unknown.isEmpty()) {
            throw new ConfigurationException("Unknown followers: " + String.join(", ", unknown) + ". "
                    + (known.isEmpty()
                            ? "The system has no followers."
                            : "Known followers: " + String.join(", ", new TreeSet<>(known.keySet())) + "."));
        }
        Set<String> selected = new LinkedHashSet<>(names.isEmpty() ? known.keySet() : names);
        if (downstream) {
            addDownstream(selected);
        }
        return leadersFirst(selected);
    }

    private void addDownstream(Set<String> selected) {
        boolean grows = true;
        while (grows) {
            grows = false;
            for (Follower follower : known.values()) {
                boolean behind = follower.leaders().stream().anyMatch(selected::contains);
                grows |= behind && selected.add(follower.name());
            }
        }
    }

    private List<Follower> leadersFirst(Set<String> selected) {
        List<Follower> waiting = new ArrayList<>(known.values());
        waiting.removeIf(follower -> !selected.contains(follower.name()));
        List<Follower> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Follower next = waiting.stream()
                    .filter(follower -> isBehindNone(follower, waiting))
                    .findFirst()
                    // A loop: it is broken where the system begins.
                    .orElse(waiting.get(0));
            ordered.add(next);
            waiting.remove(next);
        }
        return ordered;
    }

    private static boolean isBehindNone(Follower follower, List<Follower> others) {
        return others.stream()
                .filter(other -> other != follower)
                .noneMatch(other -> follower.leaders().contains(other.name()));
    }
}
