package dev.eventsourcing.tool;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.system.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The databases that a run is about: the one that a URL names, else those that the runner records in, each once by its data
 * source and schema, else the default.
 */
final class Databases {
    private final ToolOptions options;
    private final Console console;
    private final ClassLoader loader;
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private final ConnectPatience patience;
    private int count;

    Databases(ToolOptions options, Console console, ClassLoader loader) {
        this.options = options;
        this.console = console;
        this.loader = loader;
        this.patience = new ConnectPatience(options, console);
    }

    /** Does work with each. What fails with one does not keep it from the others, and makes the outcome. */
    Outcome each(Consumer<Migrations> work) {
        RunnerSource source = new RunnerSource(options, loader, BuildWait.telling(console));
        Optional<Runner> runner = options.text(ToolOptions.URL).isPresent() ? Optional.empty() : source.findIfAny();
        if (runner.isPresent()) {
            try (OpenRunner open = new OpenRunner(runner.get(), console)) {
                eachOf(open.runner(), source.nameOf(runner.get()), work);
            }
        } else if (options.flag(ToolOptions.RUNNER_OPTIONAL)
                && options.text(ToolOptions.URL).isEmpty()) {
            console.info("Skipped: this module has no runner.");
            return Outcome.SKIPPED;
        } else {
            bySettings(work);
        }
        return outcome();
    }

    private void eachOf(Runner runner, String name, Consumer<Migrations> work) {
        new Credentials(options, console).tell(runner);
        RunnerDatabases databases = new RunnerDatabases(runner, name, options, false);
        if (databases.stores().isEmpty()) {
            console.warn(
                    "The applications of the runner keep their events in no database: there are no tables to make.");
        }
        databases.requireSettingsTaken();
        databases.requireUrlTaken();
        count = databases.stores().size();
        databases.stores().forEach((store, applications) -> tryOne(store, applications, work));
    }

    private void tryOne(Migrations store, List<Application> applications, Consumer<Migrations> work) {
        if (count == 1) {
            reached(store, work);
            return;
        }
        String of = "The database of " + RunnerDatabases.names(applications);
        console.info(of + ":");
        try {
            reached(store, work);
        } catch (Throwable e) {
            failures.add(e);
            messages.add(of + ": " + Thrown.message(e));
            console.error(Thrown.message(e));
            console.debug(Thrown.trace(e));
        }
    }

    /** Does work once the database can be reached, and says which it is. What else fails when it is asked, the work says better. */
    private void reached(Migrations store, Consumer<Migrations> work) {
        patience.until(() -> {
            try {
                console.info("Database " + store.place());
            } catch (CannotConnectException e) {
                throw e;
            } catch (EventSourcingException e) {
                console.debug(String.valueOf(e.getMessage()));
            }
        });
        work.accept(store);
    }

    private Outcome outcome() {
        if (failures.isEmpty()) {
            return Outcome.FINE;
        }
        String message = messages.stream().collect(Collectors.joining(System.lineSeparator()));
        if (failures.size() < count) {
            return new Outcome(ExitCode.PARTIAL, message);
        }
        boolean allOffline = failures.stream().allMatch(CannotConnectException.class::isInstance);
        return new Outcome(allOffline ? ExitCode.CANNOT_CONNECT : ExitCode.FINDINGS, message);
    }

    private void bySettings(Consumer<Migrations> work) {
        try (RecorderFactory recorders = RecorderFactory.fromSettings(Settings.of(options.connection()))) {
            recorders
                    .migrations()
                    .ifPresentOrElse(
                            store -> {
                                new Credentials(options, console).tell(store);
                                reached(store, work);
                            },
                            () -> console.warn(
                                    "The recorders that the settings choose keep events in no database: there are no"
                                            + " tables to make."));
        }
    }
}
