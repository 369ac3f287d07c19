package dev.eventsourcing.tool;

import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.LeaderResult;
import dev.eventsourcing.system.SyncEnd;
import dev.eventsourcing.system.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said of the result for one follower: all that one needs to go on, and more for those who ask for more. */
final class ResultLines {
    /** The verbosity that shows topics. */
    static final int TOPICS = 2;

    /** The verbosity that shows timings and stack traces. */
    static final int TIMINGS = 3;

    private final FollowerResult result;
    private final int verbosity;
    private final List<Line> lines = new ArrayList<>();

    private ResultLines(FollowerResult result, int verbosity) {
        this.result = result;
        this.verbosity = verbosity;
    }

    /**
     * The lines of a result.
     *
     * @param name the follower's name, as it is to stand there
     * @param parked how many events are parked in all, by leader, as far as is known
     */
    static List<Line> of(FollowerResult result, String name, Map<String, Long> parked, int verbosity) {
        ResultLines lines = new ResultLines(result, verbosity);
        lines.addHead(name);
        result.failure().ifPresent(lines::addFailure);
        lines.addChange();
        result.leaders().forEach(lines::addWhatIsLeft);
        lines.addParked(parked);
        lines.addTimings();
        return lines.lines;
    }

    private void addHead(String name) {
        String mode = result.mode() == SyncMode.PROCESS ? "" : " (" + SyncAccount.word(result.mode()) + ")";
        String head = name + SyncAccount.word(result).toUpperCase(Locale.ROOT) + mode + "  "
                + result.leaders().stream().map(this::counts).collect(Collectors.joining(", "))
                + (result.failure().isPresent() ? " before it failed" : "");
        boolean needsALook = SyncAccount.parked(result) > 0
                || result.leaders().stream()
                        .anyMatch(leader -> leader.ended() == SyncEnd.OPEN_APPEND || leader.ended() == SyncEnd.STOPPED);
        if (result.failure().isPresent()) {
            lines.add(Line.error(head));
        } else {
            lines.add(needsALook ? Line.warn(head) : Line.info(head));
        }
    }

    private String counts(LeaderResult leader) {
        return Amounts.count(leader.events(), "event") + " from " + leader.leader()
                + (leader.parked() == 0 ? "" : ", " + Amounts.number(leader.parked()) + " parked")
                + (leader.left() == 0 ? "" : ", " + Amounts.number(leader.left()) + " left");
    }

    private void addFailure(FollowerResult.Failure failure) {
        FailureText text = new FailureText(failure.cause());
        lines.add(Line.error("  " + failure.message()));
        text.cause(failure.message()).ifPresent(cause -> lines.add(Line.error("  caused by " + cause)));
        text.place().ifPresent(place -> lines.add(Line.error("  at " + place)));
        lines.add(verbosity >= TIMINGS ? Line.error(text.trace()) : Line.debug(text.trace()));
    }

    private void addChange() {
        boolean rehearsed = result.mode() == SyncMode.DRY_RUN;
        if (verbosity >= TOPICS || result.mode() == SyncMode.PLAN) {
            for (LeaderResult leader : result.leaders()) {
                if (!leader.topics().isEmpty()) {
                    lines.add(Line.info("  of " + leader.leader() + ": " + Amounts.byName(leader.topics())));
                }
            }
        }
        if (rehearsed || verbosity >= TOPICS && !result.appended().isEmpty()) {
            lines.add(Line.info("  " + (rehearsed ? "would append " : "appended ")
                    + (result.appended().isEmpty() ? "no events" : Amounts.byName(result.appended()))));
        }
        if (rehearsed) {
            addRows(result.rows());
        }
    }

    private void addRows(RowChanges changes) {
        String by = switch (changes.counted()) {
            case TABLE -> "by table";
            case STATEMENT -> "by mapped statement";
            case NOTHING -> "not counted";
        };
        if (changes.counted() == RowChanges.Counted.NOTHING) {
            lines.add(Line.info("  no rows of yours were counted"));
        } else if (changes.rows().isEmpty()) {
            lines.add(Line.info("  would change no rows of yours, counted " + by));
        } else {
            lines.add(Line.info("  would change rows of yours, counted " + by + ":"));
            changes.rows().forEach((name, rows) -> lines.add(Line.info("    " + name + "  " + rows(rows))));
        }
    }

    private static String rows(RowChanges.Rows rows) {
        List<String> numbers = new ArrayList<>();
        addIfAny(numbers, rows.inserted(), "inserted");
        addIfAny(numbers, rows.updated(), "updated");
        addIfAny(numbers, rows.deleted(), "deleted");
        return String.join(", ", numbers);
    }

    private static void addIfAny(List<String> numbers, long rows, String what) {
        if (rows != 0) {
            numbers.add(Amounts.number(rows) + " " + what);
        }
    }

    private void addWhatIsLeft(LeaderResult leader) {
        String left = "  " + Amounts.count(leader.left(), "event") + " of " + leader.leader() + " are left, as ";
        Optional<Line> line = switch (leader.ended()) {
            case COMPLETE, FAILED -> Optional.empty();
            case OPEN_APPEND ->
                Optional.of(Line.warn("  " + Amounts.count(leader.left(), "event") + " behind "
                        + openAppends(leader) + " in the log of " + leader.leader()
                        + ". They are left to the next run, once that has ended."));
            case MAX_EVENTS ->
                Optional.of(Line.info(left + "-Dmax-events were processed. The next run goes on there."));
            case TIME_BUDGET ->
                Optional.of(Line.info(left + "the time of -Dtime-budget is over. The next run goes on there."));
            case STOPPED -> Optional.of(Line.warn(left + "the run was stopped. The next run goes on there."));
        };
        line.ifPresent(lines::add);
    }

    private static String openAppends(LeaderResult leader) {
        return leader.openAppends().isEmpty()
                ? "a transaction that was open and has ended since"
                : leader.openAppends().stream()
                        .map(OpenAppend::toString)
                        .map(append -> append.startsWith("pid ") ? "the transaction of " + append : "the " + append)
                        .collect(Collectors.joining("; and "));
    }

    private void addParked(Map<String, Long> parkedInAll) {
        boolean processed = result.mode() == SyncMode.PROCESS;
        for (FollowerResult.Failure parking : result.parkings()) {
            lines.add(Line.warn((processed ? "  parked: " : "  would park: ") + parking.message()));
            new FailureText(parking.cause()).place().ifPresent(place -> lines.add(Line.warn("    at " + place)));
        }
        if (!processed) {
            return;
        }
        parkedInAll.forEach((leader, events) -> {
            if (events > result.parked().getOrDefault(leader, 0L)) {
                lines.add(Line.warn("  " + Amounts.count(events, "event") + " of " + leader + " are parked in all."));
            }
        });
        if (SyncAccount.parked(result) > 0 || parkedInAll.values().stream().anyMatch(events -> events > 0)) {
            lines.add(Line.warn("  Table parked_events says why, where application_name is " + result.follower()
                    + ". The follower's parking() lists them, tries them again, and drops them."));
        }
    }

    private void addTimings() {
        if (verbosity >= TIMINGS) {
            result.leaders()
                    .forEach(leader -> lines.add(Line.info("  in the log of " + leader.leader() + ": from "
                            + Amounts.number(leader.from()) + " to " + Amounts.number(leader.reached()) + ", "
                            + SyncAccount.word(leader.ended()))));
            double seconds = Math.max(1, result.time().toMillis()) / 1000.0;
            lines.add(Line.info("  took " + Amounts.time(result.time()) + ", "
                    + Amounts.rate(SyncAccount.events(result) / seconds)));
        }
    }
}
