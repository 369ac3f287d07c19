package dev.eventsourcing.tool;

import dev.eventsourcing.persistence.MigrationPlan;
import dev.eventsourcing.persistence.MigrationReport;
import dev.eventsourcing.persistence.Migrations;
import java.util.List;

/** Brings the tables of each database up to date, or prints the SQL that would. */
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
        List.of(ToolOptions.BATCH_SIZE, ToolOptions.DATABASE, ToolOptions.FROM, ToolOptions.OUTPUT)
                .forEach(option -> options.refuse(option, "migrate"));
        boolean dryRun = options.flag(ToolOptions.DRY_RUN);
        return new Databases(options, console, loader).each(dryRun ? this::show : this::migrate);
    }

    private void migrate(Migrations migrations) {
        stop.works();
        MigrationReport report = migrations.migrate();
        report.applied().forEach(migration -> console.info("  applied " + migration));
        console.info(
                report.applied().isEmpty()
                        ? "Nothing to migrate: the tables are at version " + report.version() + "."
                        : "Migrated: the tables are now at version " + report.version() + ".");
    }

    private void show(Migrations migrations) {
        MigrationPlan plan = migrations.plan();
        if (plan.pending().isEmpty()) {
            console.info("Nothing to migrate: the tables are at version " + plan.version() + ".");
            return;
        }
        plan.pending().forEach(migration -> console.info("  pending " + migration));
        console.info("Dry run: nothing was changed. This would be run:");
        console.info("");
        console.info(plan.script());
    }
}
