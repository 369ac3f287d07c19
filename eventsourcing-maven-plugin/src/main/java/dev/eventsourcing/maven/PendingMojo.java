package dev.eventsourcing.maven;

import java.util.Map;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Fails the build if the tables of events, snapshots and positions are not up to date in one of the databases that
 * <code>migrate</code> would migrate, and says what is pending. Changes nothing.
 *
 * @since 0.1.0
 */
@Mojo(name = "pending", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
@Execute(phase = LifecyclePhase.PROCESS_CLASSES)
public final class PendingMojo extends AbstractEventSourcingMojo {
    /**
     * How the log is to be ordered, see <code>migrate</code>; another ordering is pending too. Without it, the environment variable
     * <code>EVENTSOURCING_ORDERING</code> is taken, else any will do.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.ordering")
    private @Nullable String ordering;

    /** For Maven. */
    public PendingMojo() {}

    @Override
    String goal() {
        return "pending";
    }

    @Override
    void addOptions(Map<String, String> options) {
        CommandLine commandLine = new CommandLine(session.getUserProperties());
        commandLine.refuse("dry-run", "eventsourcing:pending");
        commandLine.refuse("batch-size", "eventsourcing:pending");
        put(options, "eventsourcing.ordering", commandLine.value("eventsourcing.ordering", ordering));
    }
}
