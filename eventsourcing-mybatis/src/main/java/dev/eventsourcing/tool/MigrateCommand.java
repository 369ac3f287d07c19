package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.MigrationReport;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.system.Runner;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Brings tables up to date: of the database that a URL names, else of those that the runner records in, else of the default. */
final class MigrateCommand {
    private final ToolOptions options;
    private final Console console;
    private final ClassLoader loader;
    private final StopRequest stop;

    MigrateCommand(ToolOptions options, Console console, ClassLoader loader) {
        this(options, console, loader, new StopRequest());
    }

    MigrateCommand(ToolOptions options, Console console, ClassLoader loader, StopRequest stop) {
        this.stop = stop;
        this.options = options;
        this.console = console;
        this.loader = loader;
    }

    Outcome run() {
        options.refuse(ToolOptions.DRY_RUN, "migrate");
        options.refuse(ToolOptions.BATCH_SIZE, "migrate");
        Optional<Runner> runner = options.text(ToolOptions.URL).isPresent()
                ? Optional.empty()
                : new RunnerSource(options, loader).findIfAny();
        if (runner.isPresent()) {
            try (OpenRunner open = new OpenRunner(runner.get(), console)) {
                migrateRecordersOf(open.runner());
            }
        } else if (options.flag(ToolOptions.RUNNER_OPTIONAL)
                && options.text(ToolOptions.URL).isEmpty()) {
            console.info("Skipped: this module has no runner.");
            return Outcome.SKIPPED;
        } else {
            migrateBySettings();
        }
        return Outcome.FINE;
    }

    private void migrateRecordersOf(Runner runner) {
        new Credentials(options, console).tell(runner);
        if (options.text(ToolOptions.USER).isPresent()) {
            throw new ConfigurationException(
                    "A user was given, but no database: the runner's recorders connect on their own."
                            + " Give its URL too, with -D" + ToolOptions.URL + ".");
        }
        Set<Migrations> stores = new LinkedHashSet<>();
        runner.system()
                .applications()
                .forEach(type -> runner.get(type).migrations().ifPresent(stores::add));
        if (stores.isEmpty()) {
            console.warn(
                    "The applications of the runner keep their events in no database: there is nothing to migrate.");
        }
        stores.forEach(this::requireAsAsked);
        stores.forEach(this::migrate);
    }

    /** Throws if the runner's recorders do not take from settings what was asked for. */
    private void requireAsAsked(Migrations store) {
        options.text(ToolOptions.SCHEMA)
                .filter(schema -> !store.schema().equals(schema))
                .ifPresent(schema -> {
                    throw doesNotFit(
                            ToolOptions.SCHEMA,
                            schema,
                            "have their tables in "
                                    + (store.schema().isEmpty()
                                            ? "the schema of their connections"
                                            : "schema " + store.schema()));
                });
        options.text(ToolOptions.ORDERING)
                .filter(ordering -> !store.ordering().equals(ordering))
                .ifPresent(ordering -> {
                    throw doesNotFit(
                            ToolOptions.ORDERING,
                            ordering,
                            store.ordering().isEmpty()
                                    ? "leave the ordering to the schema"
                                    : "ask for the ordering " + store.ordering());
                });
    }

    private static ConfigurationException doesNotFit(String option, String value, String recorders) {
        return new ConfigurationException(
                "-D" + option + "=" + value + " does not fit: the runner's recorders " + recorders
                        + ". Give the URL of the database too, or let the runner's recorders be made from settings.");
    }

    private void migrateBySettings() {
        try (RecorderFactory recorders = RecorderFactory.fromSettings(Settings.of(options.connection()))) {
            recorders
                    .migrations()
                    .ifPresentOrElse(
                            store -> {
                                new Credentials(options, console).tell(store);
                                migrate(store);
                            },
                            () -> console.warn(
                                    "The recorders that the settings choose keep events in no database: there is"
                                            + " nothing to migrate."));
        }
    }

    private void migrate(Migrations migrations) {
        stop.works();
        MigrationReport report = migrations.migrate();
        console.info("Database " + report.database() + ", schema " + report.schema());
        report.applied().forEach(migration -> console.info("  applied " + migration));
        console.info(
                report.applied().isEmpty()
                        ? "Nothing to migrate: the tables are at version " + report.version() + "."
                        : "Migrated: the tables are now at version " + report.version() + ".");
    }
}
