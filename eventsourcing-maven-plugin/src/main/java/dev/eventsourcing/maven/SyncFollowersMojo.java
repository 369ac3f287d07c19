package dev.eventsourcing.maven;

import java.util.Map;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Lets followers process the events of their leaders that they have not processed yet. A follower that fails does not keep the
 * others from processing, and fails the build at the end: what it had processed before stays, nothing of the failing event does.
 *
 * @since 0.1.0
 */
@Mojo(name = "sync-followers", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
@Execute(phase = LifecyclePhase.PROCESS_CLASSES)
public final class SyncFollowersMojo extends AbstractEventSourcingMojo {
    /**
     * Names of the followers to synchronize, with commas between; without it, all.
     *
     * @since 0.1.0
     */
    @Parameter(property = "followers")
    private @Nullable String followers;

    /**
     * Processes the events, then rolls all changes in the database back: true or false. What policies do outside of the
     * database is done.
     *
     * @since 0.1.0
     */
    @Parameter(property = "dry-run", alias = "dry-run")
    private @Nullable String dryRun;

    /**
     * How many events are processed in one transaction, from 1 to 10000. Without it, what each follower says, else 500.
     *
     * @since 0.1.0
     */
    @Parameter(property = "batch-size", alias = "batch-size")
    private @Nullable String batchSize;

    /** For Maven. */
    public SyncFollowersMojo() {}

    @Override
    String goal() {
        return "sync-followers";
    }

    @Override
    void addOptions(Map<String, String> options) {
        CommandLine commandLine = new CommandLine(session.getUserProperties());
        put(options, "followers", commandLine.value("followers", followers));
        put(options, "batch-size", commandLine.value("batch-size", batchSize));
        options.put("dry-run", Boolean.toString(commandLine.flag("dry-run", dryRun)));
    }
}
