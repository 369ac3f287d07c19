package dev.eventsourcing.tool;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.FollowerSyncListener;
import dev.eventsourcing.system.FollowerSyncReport;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SyncMode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets followers process what they have not processed yet, and prints a line for each. */
final class SyncFollowersCommand {
    private final ToolOptions options;
    private final Console console;
    private final ClassLoader loader;
    private final StopRequest stop;

    SyncFollowersCommand(ToolOptions options, Console console, ClassLoader loader) {
        this(options, console, loader, new StopRequest());
    }

    SyncFollowersCommand(ToolOptions options, Console console, ClassLoader loader, StopRequest stop) {
        this.stop = stop;
        this.options = options;
        this.console = console;
        this.loader = loader;
    }

    Outcome run() {
        boolean dryRun = options.flag(ToolOptions.DRY_RUN);
        List<String> names = options.names(ToolOptions.FOLLOWERS);
        OptionalInt batchSize = options.number(ToolOptions.BATCH_SIZE);
        RunnerSource source = new RunnerSource(options, loader);
        Optional<Runner> found = source.findIfAny();
        if (found.isEmpty() && options.flag(ToolOptions.RUNNER_OPTIONAL)) {
            console.info("Skipped: this module has no runner.");
            return Outcome.SKIPPED;
        }
        try (OpenRunner open = new OpenRunner(found.orElseThrow(source::noneFound), console)) {
            Runner runner = open.runner();
            FollowerSync sync = new FollowerSync(runner).stopWhen(stop::isMade);
            sync = batchSize.isPresent() ? sync.batchSize(batchSize.getAsInt()) : sync;
            List<String> selected = sync.select(names);
            new Credentials(options, console).tell(runner);
            if (runner.isRunning()) {
                stopFirst(open, dryRun);
            }
            requireDatabase(runner);
            int width = selected.stream().mapToInt(String::length).max().orElse(0);
            if (dryRun) {
                console.warn("Dry run: events are processed, then all changes in the database are rolled back.");
            }
            console.info(header(selected.size(), sync.select(List.of()).size()));
            stop.works();
            int[] place = {0};
            FollowerSyncReport report =
                    sync.sync(names, dryRun ? SyncMode.DRY_RUN : SyncMode.PROCESS, new FollowerSyncListener() {
                        @Override
                        public void ended(FollowerResult result) {
                            place[0]++;
                            print(result, "[%d/%d] %-" + Math.max(1, width) + "s  ", place[0], selected.size());
                        }
                    });
            return stopped(report)
                    .orElseGet(() -> outcome(report))
                    .parked(report.results().stream()
                            .mapToLong(SyncFollowersCommand::parked)
                            .sum());
        }
    }

    /** Sees to it that of this process nobody else processes for the followers, where the runner was started as it was made. */
    private static void stopFirst(OpenRunner open, boolean dryRun) {
        if (dryRun) {
            throw new ConfigurationException(
                    "The runner was started where it is made, so its followers have processed in earnest, and a dry run would not"
                            + " be one. Start it in the program's main method instead, or name a member with a runner that is"
                            + " not started.");
        }
        open.stop();
    }

    private static String header(int selected, int known) {
        if (known == 0) {
            return "The system has no followers: there is nothing to synchronize.";
        }
        return selected == known
                ? "All followers selected for synchronization."
                : count(selected, "follower") + " selected for synchronization.";
    }

    /**
     * Asks each database for something before anything is done. If none answers, that is one error at once, and not one for
     * each follower after its wait; if some do, their followers have their turn.
     */
    private static void requireDatabase(Runner runner) {
        Set<Migrations> asked = new HashSet<>();
        List<EventSourcingException> failures = new ArrayList<>();
        for (Class<? extends Application> type : runner.system().applications()) {
            Application application = runner.get(type);
            if (application.migrations().filter(asked::add).isPresent()) {
                try {
                    application
                            .notificationLog()
                            .select(NotificationSelection.after(0).limit(1));
                } catch (CannotConnectException | NotMigratedException e) {
                    failures.add(e);
                }
            }
        }
        if (!failures.isEmpty() && failures.size() == asked.size()) {
            throw failures.get(0);
        }
    }

    private void print(FollowerResult result, String format, int place, int places) {
        String follower = format.formatted(place, places, result.follower());
        String counts = counts(result);
        String dryRun = isDryRun(result) ? " (dry-run)" : "";
        if (result.failure().isEmpty()) {
            String line = follower + "OK" + dryRun + "  " + counts;
            if (parked(result) == 0) {
                console.info(line);
            } else {
                console.warn(line);
                warnOfParked(result);
            }
            return;
        }
        FollowerResult.Failure failure = result.failure().get();
        console.error(follower + "FAILED" + dryRun + "  " + counts + " before it failed");
        console.error("  " + failure.message());
        if (parked(result) > 0) {
            warnOfParked(result);
        }
        StringWriter trace = new StringWriter();
        failure.cause().printStackTrace(new PrintWriter(trace));
        console.debug(trace.toString());
    }

    private static String counts(FollowerResult result) {
        return result.events().entrySet().stream()
                .map(entry -> {
                    long parked = result.parked().getOrDefault(entry.getKey(), 0L);
                    return count(entry.getValue(), "event") + " from " + entry.getKey()
                            + (parked == 0 ? "" : ", " + parked + " parked");
                })
                .collect(Collectors.joining(", "));
    }

    private static long parked(FollowerResult result) {
        return result.parked().values().stream().mapToLong(Long::longValue).sum();
    }

    private void warnOfParked(FollowerResult result) {
        console.warn(
                isDryRun(result)
                        ? "  They would be parked behind events of the same originators, and not be processed."
                        : "  Table parked_events says why, where application_name is " + result.follower()
                                + ". The follower's parking() lists them, tries them again, and drops them.");
    }

    private static boolean isDryRun(FollowerResult result) {
        return result.mode() == SyncMode.DRY_RUN;
    }

    /** Says where a run stands that was stopped; empty if it was not. */
    private Optional<Outcome> stopped(FollowerSyncReport report) {
        return stop.by().map(by -> {
            String stand = Stand.of(report, by);
            console.warn(stand);
            String failures = outcome(report).message();
            return new Outcome(
                    ExitCode.PARTIAL, failures.isEmpty() ? stand : stand + System.lineSeparator() + failures);
        });
    }

    private static Outcome outcome(FollowerSyncReport report) {
        List<FollowerResult> failures = report.failures();
        if (failures.isEmpty()) {
            return Outcome.FINE;
        }
        String message = failures.stream()
                .map(failure -> "Follower " + failure.follower() + " failed: "
                        + failure.failure().map(FollowerResult.Failure::message).orElse(""))
                .collect(Collectors.joining(System.lineSeparator()));
        boolean allOffline = failures.size() == report.results().size()
                && failures.stream()
                        .flatMap(failure -> failure.failure().stream())
                        .allMatch(failure -> failure.cause() instanceof CannotConnectException);
        if (allOffline) {
            return new Outcome(ExitCode.CANNOT_CONNECT, message);
        }
        boolean nothingDone = report.results().stream()
                .allMatch(result -> isDryRun(result)
                        || (result.failure().isPresent()
                                && result.parked().isEmpty()
                                && result.events().values().stream().allMatch(events -> events == 0)));
        return new Outcome(nothingDone ? ExitCode.FINDINGS : ExitCode.PARTIAL, message);
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
