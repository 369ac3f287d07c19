package dev.eventsourcing.tool;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.system.FollowerProgress;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.FollowerSyncListener;
import dev.eventsourcing.system.FollowerSyncReport;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SyncMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets followers process what they have not processed yet, and tells people and machines what came of it. */
final class SyncFollowersCommand {
    private final ToolOptions options;
    private final Console console;
    private final ClassLoader loader;
    private final StopRequest stop;

    /** What is known of them up to now. */
    private List<RunnerDatabases.Used> databases = List.of();

    SyncFollowersCommand(ToolOptions options, Console console, ClassLoader loader) {
        this(options, console, loader, new StopRequest());
    }

    SyncFollowersCommand(ToolOptions options, Console console, ClassLoader loader, StopRequest stop) {
        this.options = options;
        this.console = console;
        this.loader = loader;
        this.stop = stop;
    }

    Outcome run() {
        List.of(ToolOptions.DATABASE, ToolOptions.FROM).forEach(option -> options.refuse(option, "sync-followers"));
        SyncOptions asked = SyncOptions.of(options);
        SyncReports reports = new SyncReports(asked, console);
        SyncText text = new SyncText(forPeople(asked), asked, System::nanoTime);
        Instant begun = Instant.now();
        try {
            RunnerSource source = new RunnerSource(options, loader, BuildWait.telling(forPeople(asked)));
            Optional<Runner> found = source.findIfAny();
            if (found.isEmpty() && options.flag(ToolOptions.RUNNER_OPTIONAL)) {
                console.info("Skipped: this module has no runner.");
                return Outcome.SKIPPED;
            }
            reports.prepare();
            try (OpenRunner open = new OpenRunner(found.orElseThrow(source::noneFound), beside(asked))) {
                new Credentials(options, beside(asked)).tell(open.runner());
                RunnerDatabases used = new RunnerDatabases(open.runner(), source.nameOf(open.runner()), options, true);
                used.requireSettingsTaken();
                return outcome(synchronise(open, used, asked, text, begun), reports, text);
            }
        } catch (Throwable e) {
            tellOfBreakOff(e, asked, reports, begun);
            throw e;
        }
    }

    /** Nothing else goes where the report goes. */
    private Console forPeople(SyncOptions asked) {
        return asked.isPiped() ? Console.MUTE : console;
    }

    /** For what is said beside the synchronisation, none of which is an error. */
    private Console beside(SyncOptions asked) {
        return asked.verbosity() == 0 ? Console.MUTE : forPeople(asked);
    }

    private SyncAccount synchronise(
            OpenRunner open, RunnerDatabases used, SyncOptions asked, SyncText text, Instant begun) {
        Runner runner = open.runner();
        FollowerSync sync = asked.applyTo(new FollowerSync(runner)).stopWhen(stop::isMade);
        List<String> selected = sync.select(asked.followers());
        if (runner.isRunning()) {
            stopFirst(open, asked.mode() != SyncMode.PROCESS);
        }
        requireDatabase(used, new ConnectPatience(options, beside(asked)));
        databases = used.used();
        stop.works();
        text.begins(databases, selected, sync.select(List.of()).size());
        ParkedEventsInAll parked = new ParkedEventsInAll(runner);
        FollowerSyncReport report = sync.sync(asked.followers(), asked.mode(), new FollowerSyncListener() {
            @Override
            public void begins(String follower) {
                text.turns();
            }

            @Override
            public void progressed(FollowerProgress progress) {
                text.progressed(progress);
            }

            @Override
            public void ended(FollowerResult result) {
                text.ended(result, parked.of(result));
            }
        });
        SyncVerdict verdict = SyncVerdict.of(report, stop.by());
        boolean lenient = !asked.failOnError() && verdict.isOfFollowers();
        return new SyncAccount(
                begun,
                asked.mode(),
                databases,
                report.results(),
                parked.known(),
                report.time(),
                verdict,
                lenient ? ExitCode.FINE : verdict.code());
    }

    private static Outcome outcome(SyncAccount account, SyncReports reports, SyncText text) {
        text.ended(account);
        reports.write(account, text.told());
        long parked = account.results().stream().mapToLong(SyncAccount::parked).sum();
        return new Outcome(
                        account.exit(),
                        account.exit() == ExitCode.FINE ? "" : account.verdict().message())
                .parked(parked);
    }

    /** Lets who reads the reports know, too. */
    private void tellOfBreakOff(Throwable error, SyncOptions asked, SyncReports reports, Instant begun) {
        SyncVerdict verdict = SyncVerdict.of(error);
        SyncAccount account = new SyncAccount(
                begun,
                asked.mode(),
                databases,
                List.of(),
                Map.of(),
                Duration.between(begun, Instant.now()),
                verdict,
                verdict.code());
        try {
            reports.write(account, verdict.message() + "\n");
        } catch (Throwable e) {
            Thrown.suppress(error, e);
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

    /**
     * Asks each database for something before anything is done. If none answers, that is one error at once, and not one for
     * each follower after its wait; if some do, their followers have their turn. Refuses a URL of another database.
     */
    private static void requireDatabase(RunnerDatabases databases, ConnectPatience patience) {
        List<EventSourcingException> failures = new ArrayList<>();
        for (List<Application> applications : databases.stores().values()) {
            try {
                patience.until(() -> applications
                        .get(0)
                        .notificationLog()
                        .select(NotificationSelection.after(0).limit(1)));
            } catch (CannotConnectException | NotMigratedException e) {
                failures.add(e);
            }
        }
        // Tables may be missing as it is another database than the one that was asked for.
        databases.requireUrlTaken();
        if (!failures.isEmpty() && failures.size() == databases.stores().size()) {
            throw failures.get(0);
        }
    }
}
