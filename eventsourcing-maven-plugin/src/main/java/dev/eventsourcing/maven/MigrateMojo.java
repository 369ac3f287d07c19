package dev.eventsourcing.maven;

import java.util.Map;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Creates the tables of events, snapshots and positions, and brings them up to date. Does nothing if they are. The database is
 * that of <code>eventsourcing.url</code>, else those that the program's runner records in, else the default one.
 *
 * @since 0.1.0
 */
@Mojo(name = "migrate", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
@Execute(phase = LifecyclePhase.PROCESS_CLASSES)
public final class MigrateMojo extends AbstractEventSourcingMojo {
    /**
     * How the log is ordered, in a schema that has no events yet: <code>readers-barrier</code> (PostgreSQL, the default there),
     * <code>counter-row</code> (portable, the only one on H2), or <code>table-lock</code> (PostgreSQL, to share the table with
     * writers that lock it). Without it, the environment variable <code>EVENTSOURCING_ORDERING</code> is taken, else what the
     * schema has recorded stays.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.ordering")
    private @Nullable String ordering;

    /** For Maven. */
    public MigrateMojo() {}

    @Override
    String goal() {
        return "migrate";
    }

    @Override
    void addOptions(Map<String, String> options) {
        CommandLine commandLine = new CommandLine(session.getUserProperties());
        commandLine.refuse("dry-run", "eventsourcing:migrate");
        commandLine.refuse("batch-size", "eventsourcing:migrate");
        put(options, "eventsourcing.ordering", commandLine.value("eventsourcing.ordering", ordering));
    }
}
