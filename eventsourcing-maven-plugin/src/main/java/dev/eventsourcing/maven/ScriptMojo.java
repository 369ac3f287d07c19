package dev.eventsourcing.maven;

import java.util.Map;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Prints the SQL that makes or upgrades the tables, for an administrator who runs it by hand; no database is needed. Afterwards
 * <code>migrate</code> and <code>pending</code> know what was applied. With <code>-q</code>, nothing but the SQL is printed.
 *
 * @since 0.1.0
 */
@Mojo(name = "script", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
@Execute(phase = LifecyclePhase.PROCESS_CLASSES)
public final class ScriptMojo extends AbstractEventSourcingMojo {
    /**
     * The database that the SQL is for: <code>postgresql</code>, which it is if nothing is said, or <code>h2</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "database")
    private @Nullable String database;

    /**
     * The version that the tables have already; only the migrations above it are printed. Without it, all.
     *
     * @since 0.1.0
     */
    @Parameter(property = "from")
    private @Nullable String from;

    /**
     * File to write the SQL to, relative to the module. Without it, it is printed.
     *
     * @since 0.1.0
     */
    @Parameter(property = "output")
    private @Nullable String output;

    /**
     * How the log is ordered, see <code>migrate</code>; for new tables only. Without it, the environment variable
     * <code>EVENTSOURCING_ORDERING</code> is taken, else the default of the database.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.ordering")
    private @Nullable String ordering;

    /** For Maven. */
    public ScriptMojo() {}

    @Override
    String goal() {
        return "script";
    }

    @Override
    void addOptions(Map<String, String> options) {
        CommandLine commandLine = new CommandLine(session.getUserProperties());
        commandLine.refuse("dry-run", "eventsourcing:script");
        commandLine.refuse("batch-size", "eventsourcing:script");
        put(options, "database", commandLine.value("database", database));
        put(options, "from", commandLine.value("from", from));
        put(options, "output", commandLine.value("output", output));
        put(options, "eventsourcing.ordering", commandLine.value("eventsourcing.ordering", ordering));
    }
}
