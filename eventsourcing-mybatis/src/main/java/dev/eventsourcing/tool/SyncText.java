package dev.eventsourcing.tool;

import dev.eventsourcing.system.FollowerProgress;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Tells people how a synchronisation goes on, line by line; a verbosity of 0 lets only errors through. */
final class SyncText {
    private final Console console;
    private final SyncOptions options;
    private final ProgressLines progress;
    private final List<String> told = new ArrayList<>();
    private List<String> selected = List.of();
    private int place;

    /** Makes one with a clock in nanoseconds, as {@link System#nanoTime}. */
    SyncText(Console console, SyncOptions options, LongSupplier clock) {
        this.console = console;
        this.options = options;
        this.progress = new ProgressLines(clock, line -> print(Line.info(line)));
    }

    /** What was said, but for the progress meanwhile. */
    String told() {
        return told.isEmpty() ? "" : String.join("\n", told) + "\n";
    }

    /** Followers were selected, of all that there are, and the databases have answered. */
    void begins(List<RunnerDatabases.Used> databases, List<String> followers, int known) {
        selected = followers;
        databases.forEach(database -> tell(Line.info(database.toString())));
        switch (options.mode()) {
            case DRY_RUN ->
                tell(Line.warn("Dry run: events are processed, then all changes in the database are rolled back."));
            case PLAN -> tell(Line.info("Plan: events are counted. No policy runs, and nothing is changed."));
            case PROCESS -> {}
        }
        if (known == 0) {
            tell(Line.info("The system has no followers: there is nothing to synchronize."));
        } else {
            tell(Line.info(
                    followers.size() == known
                            ? "All followers selected for synchronization."
                            : Amounts.count(followers.size(), "follower") + " selected for synchronization."));
        }
    }

    /** A follower has its turn. */
    void turns() {
        progress.begins();
    }

    /** A batch is done. */
    void progressed(FollowerProgress batch) {
        progress.progressed(batch);
    }

    /** The result of a follower is there. */
    void ended(FollowerResult result, Map<String, Long> parked) {
        place++;
        int digits = Integer.toString(selected.size()).length();
        int width = selected.stream().mapToInt(String::length).max().orElse(0);
        String name = ("[%" + digits + "d/%d] %-" + Math.max(1, width) + "s  ")
                .formatted(place, selected.size(), result.follower());
        ResultLines.of(result, name, parked, options.verbosity()).forEach(this::tell);
    }

    /** All is done. */
    void ended(SyncAccount account) {
        List<FollowerResult> results = account.results();
        if (results.size() > 1) {
            tell(Line.info(""));
            SummaryTable.of(results).forEach(line -> tell(Line.info(line)));
            tell(Line.info(Amounts.count(results.size(), "follower") + " in " + Amounts.time(account.time())));
        }
        if (account.verdict().stopped()) {
            // Where it stands comes first.
            account.verdict().message().lines().findFirst().map(Line::warn).ifPresent(this::tell);
        }
        long failed =
                results.stream().filter(result -> result.failure().isPresent()).count();
        if (failed > 0) {
            tell(Line.error(failed + " of " + Amounts.count(results.size(), "follower") + " failed. "
                    + (account.mode() == SyncMode.PROCESS
                            ? "What they had processed before stays. Mend what is wrong and run again: each goes on with"
                                    + " the event that failed."
                            : "Nothing was changed.")));
        }
        if (failed > 0 && account.exit() == ExitCode.FINE) {
            tell(Line.warn("The build does not fail for it, as -Dfail-on-error=false says."));
        }
    }

    private void tell(Line line) {
        if (print(line) && line.level() != Line.Level.DEBUG) {
            told.add(JdbcUrls.masked(line.text()));
        }
    }

    private boolean print(Line line) {
        if (options.verbosity() == 0 && line.level() != Line.Level.ERROR) {
            return false;
        }
        switch (line.level()) {
            case DEBUG -> console.debug(line.text());
            case INFO -> console.info(line.text());
            case WARN -> console.warn(line.text());
            case ERROR -> console.error(line.text());
        }
        return true;
    }
}
