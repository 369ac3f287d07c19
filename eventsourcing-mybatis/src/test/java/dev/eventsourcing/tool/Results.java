package dev.eventsourcing.tool;

import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.persistence.RowChanges.Counted;
import dev.eventsourcing.persistence.RowChanges.Rows;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.LeaderResult;
import dev.eventsourcing.system.SyncEnd;
import dev.eventsourcing.system.SyncMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Results as a synchronisation may give them. */
final class Results {
    static final OpenAppend OPEN =
            new OpenAppend(OptionalInt.of(4711), Optional.of(Duration.ofSeconds(65)), "psql, idle in transaction");

    static final OpenAppend PREPARED = new OpenAppend(OptionalInt.empty(), Optional.empty(), "batch-7");

    private Results() {}

    static LeaderResult leader(Map<String, Long> topics, long parked, long left, SyncEnd ended) {
        return new LeaderResult(
                "School",
                topics,
                parked,
                3,
                12,
                left,
                ended,
                ended == SyncEnd.OPEN_APPEND ? List.of(OPEN, PREPARED) : List.of());
    }

    static FollowerResult ok(String name) {
        return of(
                name,
                SyncMode.PROCESS,
                leader(Map.of("Dog.TrickAdded", 6L, "Dog.Registered", 3L), 0, 0, SyncEnd.COMPLETE));
    }

    static FollowerResult of(String name, SyncMode mode, LeaderResult leader) {
        return new FollowerResult(
                name, mode, List.of(leader), Map.of(), List.of(), RowChanges.UNKNOWN, Duration.ofMillis(1500), null);
    }

    static FollowerResult unfinished(String name, SyncEnd ended) {
        return of(name, SyncMode.PROCESS, leader(Map.of("Dog.TrickAdded", 4L), 0, 1200, ended));
    }

    static FollowerResult parking(String name, SyncMode mode) {
        IllegalStateException cause = at(new IllegalStateException("not again"), "shop.Board");
        return new FollowerResult(
                name,
                mode,
                List.of(leader(Map.of("Dog.TrickAdded", 4L), 2, 0, SyncEnd.COMPLETE)),
                Map.of(),
                List.of(new FollowerResult.Failure(
                        "School", 11, "Dog.TrickAdded", name + " failed to process notification 11", cause)),
                new RowChanges(Counted.TABLE, Map.of()),
                Duration.ofMillis(1500),
                null);
    }

    static FollowerResult rehearsed(String name, Map<String, Long> appended, Counted counted, Map<String, Rows> rows) {
        return new FollowerResult(
                name,
                SyncMode.DRY_RUN,
                List.of(leader(Map.of("Dog.TrickAdded", 6L), 0, 0, SyncEnd.COMPLETE)),
                appended,
                List.of(),
                new RowChanges(counted, rows),
                Duration.ofMillis(40),
                null);
    }

    static FollowerResult failed(String name, String message, Throwable cause) {
        return new FollowerResult(
                name,
                SyncMode.PROCESS,
                List.of(leader(Map.of("Dog.TrickAdded", 1L), 0, 0, SyncEnd.FAILED)),
                Map.of(),
                List.of(),
                RowChanges.UNKNOWN,
                Duration.ofMillis(7),
                new FollowerResult.Failure("School", 13, "Dog.TrickAdded", message, cause));
    }

    /** An exception as if it came from a place. */
    static <T extends Throwable> T at(T thrown, String... classes) {
        StackTraceElement[] trace = new StackTraceElement[classes.length];
        for (int i = 0; i < classes.length; i++) {
            String simple = classes[i].substring(classes[i].lastIndexOf('.') + 1);
            trace[i] = new StackTraceElement(classes[i], "policy", simple + ".java", 29);
        }
        thrown.setStackTrace(trace);
        return thrown;
    }
}
