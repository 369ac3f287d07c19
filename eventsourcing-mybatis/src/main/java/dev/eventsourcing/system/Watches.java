package dev.eventsourcing.system;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.persistence.SharedStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Makes the watches of a runner: one for each store that leaders or followers are in, and one for each log of another program. */
final class Watches {
    private final List<FollowerRun> runs;
    private final RunnerSettings settings;
    private final BooleanSupplier stopping;
    private final String holder = holder();
    private final Map<SharedStore, Set<String>> leaders = new LinkedHashMap<>();
    private final List<Watch> made = new ArrayList<>();

    private Watches(List<FollowerRun> runs, RunnerSettings settings, BooleanSupplier stopping) {
        this.runs = runs;
        this.settings = settings;
        this.stopping = stopping;
    }

    static List<Watch> of(List<FollowerRun> runs, RunnerSettings settings, BooleanSupplier stopping) {
        Watches watches = new Watches(runs, settings, stopping);
        watches.ofLogs();
        watches.leaders.forEach(watches::ofStore);
        return watches.made;
    }

    private void ofLogs() {
        for (FollowerRun run : runs) {
            leaders.computeIfAbsent(run.follower().sharedStore(), store -> new LinkedHashSet<>());
            for (String leader : run.follower().leaders()) {
                NotificationLog log = run.follower().upstream(leader).log();
                log.store()
                        .ifPresentOrElse(
                                store -> leaders.computeIfAbsent(store, absent -> new LinkedHashSet<>())
                                        .add(leader),
                                () -> ofAnotherProgram(run, leader, log));
            }
        }
    }

    private void ofAnotherProgram(FollowerRun run, String leader, NotificationLog log) {
        made.add(new Watch(
                "the log of " + leader,
                Set.of(leader),
                () -> Map.of(leader, log.end().recorded()),
                List.of(run),
                null,
                List.of(),
                holder,
                settings,
                stopping));
    }

    private void ofStore(SharedStore store, Set<String> names) {
        made.add(new Watch(
                names.isEmpty() ? "the store of followers" : "the store of " + String.join(", ", names),
                names,
                () -> names.isEmpty() ? Map.of() : store.heads(names),
                runs.stream()
                        .filter(run -> run.follower().leaders().stream().anyMatch(names::contains))
                        .toList(),
                store,
                runs.stream()
                        .filter(run -> run.follower().sharedStore().equals(store))
                        .toList(),
                holder,
                settings,
                stopping));
    }

    /** How this runner names itself as a holder of leases: for people, and like no other. */
    private static String holder() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown host";
        }
        return "process " + ProcessHandle.current().pid() + " on " + host + " ("
                + UUID.randomUUID().toString().substring(0, 8) + ")";
    }
}
