package dev.eventsourcing.tool;

import dev.eventsourcing.persistence.MigrationPlan;
import dev.eventsourcing.persistence.Migrations;
import java.util.ArrayList;
import java.util.List;

/** Says whether the tables of each database are up to date, and changes nothing. */
final class PendingCommand {
    private final ToolOptions options;
    private final Console console;
    private final ClassLoader loader;
    private final List<String> findings = new ArrayList<>();

    PendingCommand(ToolOptions options, Console console, ClassLoader loader) {
        this.options = options;
        this.console = console;
        this.loader = loader;
    }

    Outcome run() {
        List.of(ToolOptions.DRY_RUN, ToolOptions.BATCH_SIZE, ToolOptions.DATABASE, ToolOptions.FROM, ToolOptions.OUTPUT)
                .forEach(option -> options.refuse(option, "pending"));
        Outcome outcome = new Databases(options, console, loader).each(this::look);
        if (findings.isEmpty()) {
            return outcome;
        }
        List<String> lines = new ArrayList<>(findings);
        lines.add("Run: mvn eventsourcing:migrate (-Ddry-run shows the SQL first).");
        if (outcome.code() == ExitCode.FINE) {
            return new Outcome(ExitCode.FINDINGS, String.join(System.lineSeparator(), lines));
        }
        lines.add(outcome.message());
        return new Outcome(ExitCode.PARTIAL, String.join(System.lineSeparator(), lines));
    }

    private void look(Migrations migrations) {
        MigrationPlan plan = migrations.plan();
        if (plan.pending().isEmpty()) {
            console.info("Nothing is pending: the tables are at version " + plan.version() + ".");
            return;
        }
        plan.pending().forEach(migration -> console.warn("  pending " + migration));
        findings.add("Database " + plan.database() + ", schema " + plan.schema() + ": the tables are at version "
                + plan.version() + ", and "
                + plan.pending().size()
                + (plan.pending().size() == 1 ? " migration is" : " migrations are") + " pending: "
                + String.join(", ", plan.pending()) + ".");
    }
}
