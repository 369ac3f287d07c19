package dev.eventsourcing.maven;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.maven.execution.MavenSession;

/** Remembers, for one run of Maven, which goals had something to run with in some module. */
final class ReactorRuns {
    private static final Map<Object, Set<String>> RUNS = new WeakHashMap<>();

    private ReactorRuns() {}

    /** Notes whether a goal ran in a module, and returns whether it did so in any up to now. */
    static boolean note(MavenSession session, String goal, boolean ran) {
        synchronized (RUNS) {
            Set<String> goals = RUNS.computeIfAbsent(session.getRequest(), request -> new HashSet<>());
            if (ran) {
                goals.add(goal);
            }
            return goals.contains(goal);
        }
    }
}
