package dev.eventsourcing.maven;

import java.util.Map;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Lets followers process the events of their leaders that they have not processed yet, one follower after another: who follows
 * another selected one has its turn after it, and again when that one has recorded something. A follower that fails does not keep the
 * others from processing, and fails the build at the end: what it had processed before stays, nothing of the failing event does.
 *
 * <p>The build does not fail because events are left: behind a transaction that is open, or as <code>max-events</code> or
 * <code>time-budget</code> are reached. What is left, and why, is said; the next run goes on there.
 *
 * @since 0.1.0
 */
@Mojo(name = "sync-followers", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
@Execute(phase = LifecyclePhase.PROCESS_CLASSES)
public final class SyncFollowersMojo extends AbstractEventSourcingMojo {
    /**
     * Names of the followers to synchronize, with commas between; without it, all. Only these move, nobody behind them.
     *
     * @since 0.1.0
     */
    @Parameter(property = "followers")
    private @Nullable String followers;

    /**
     * Takes those too that follow the selected ones, and those behind these, and so on: true or false.
     *
     * @since 0.1.0
     */
    @Parameter(property = "downstream")
    private @Nullable String downstream;

    /**
     * <code>true</code> runs the policies, rolls all changes in the database back, and shows what they were: events that followers
     * would record, by topic, and rows of your tables, by table (on H2 by mapped statement). What policies do outside of the
     * database is done. <code>plan</code> counts the events that wait, and runs no policy. <code>false</code> processes them.
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

    /**
     * Ends after so many events, of all followers together; at least 1. Without it, all are processed that are recorded when a
     * follower has its turn.
     *
     * @since 0.1.0
     */
    @Parameter(property = "max-events", alias = "max-events")
    private @Nullable String maxEvents;

    /**
     * Begins no batch after this time, and waits for nothing: a whole number and its unit, as <code>500ms</code>, <code>30s</code>,
     * <code>5m</code> or <code>2h</code>, or as <code>PT30S</code>. The batch in hand is brought to its end. Without it, no end.
     *
     * @since 0.1.0
     */
    @Parameter(property = "time-budget", alias = "time-budget")
    private @Nullable String timeBudget;

    /**
     * How long a follower waits, for each leader, where a transaction is open that may yet record an event below others; a time as
     * that of <code>time-budget</code>, <code>0s</code> not to wait. Then these are left to the next run, which is said, with the
     * transaction. For as long a follower is tried again that fails as the server is full, read-only or away. Without it, 10s.
     *
     * @since 0.1.0
     */
    @Parameter(property = "patience")
    private @Nullable String patience;

    /**
     * How long others may have to wait for what a dry run has locked in your tables before it gives up; a time as that of
     * <code>time-budget</code>, from <code>50ms</code>. Without it, 250ms.
     *
     * @since 0.1.0
     */
    @Parameter(property = "yield-after", alias = "yield-after")
    private @Nullable String yieldAfter;

    /**
     * How much is printed. 0: errors alone. 1: a line for each follower with its counts; what failed, with its event and its place in
     * your code; what is left, and why; of a dry run, the change. 2: topics too. 3: timings and stack traces too. Without it, 1; with
     * Maven's <code>-q</code> 0, with <code>-X</code> 3.
     *
     * @since 0.1.0
     */
    @Parameter(property = "verbosity")
    private @Nullable String verbosity;

    /**
     * <code>text</code>, or <code>json</code> for a report that programs read. JSON goes to <code>output</code>, else to standard
     * output, as it is and with no other text of the goal: <code>mvn -q eventsourcing:sync-followers -Dformat=json</code> can be
     * piped. When the build fails Maven prints there too, and the Maven of Debian and Ubuntu prints an escape sequence before and after all
     * else (<code>ESC[0m</code>), so prefer <code>output</code>. The JSON schema is in the library:
     * <code>dev/eventsourcing/tool/sync-followers-1.schema.json</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "format")
    private @Nullable String format;

    /**
     * File for the report, from the module's folder; folders above it are made. It is emptied first, so that a run that was killed
     * leaves no older report. Text is printed as well.
     *
     * @since 0.1.0
     */
    @Parameter(property = "output")
    private @Nullable String output;

    /**
     * File for a report in the form of JUnit's, from the module's folder, in which followers are test cases. What is left for a
     * reason is not a failure there either.
     *
     * @since 0.1.0
     */
    @Parameter(property = "junit-output", alias = "junit-output")
    private @Nullable String junitOutput;

    /**
     * Whether the build fails if a follower failed: true or false. A database that cannot be reached, and flags that make no sense,
     * fail it in any case. Without it, true.
     *
     * @since 0.1.0
     */
    @Parameter(property = "fail-on-error", alias = "fail-on-error")
    private @Nullable String failOnError;

    /** For Maven. */
    public SyncFollowersMojo() {}

    @Override
    String goal() {
        return "sync-followers";
    }

    @Override
    void addOptions(Map<String, String> options) {
        CommandLine commandLine = new CommandLine(session.getUserProperties());
        // Read by the tool, which knows what may be said.
        put(options, "followers", commandLine.value("followers", followers));
        put(options, "downstream", commandLine.value("downstream", downstream));
        put(options, "dry-run", commandLine.value("dry-run", dryRun));
        put(options, "batch-size", commandLine.value("batch-size", batchSize));
        put(options, "max-events", commandLine.value("max-events", maxEvents));
        put(options, "time-budget", commandLine.value("time-budget", timeBudget));
        put(options, "patience", commandLine.value("patience", patience));
        put(options, "yield-after", commandLine.value("yield-after", yieldAfter));
        put(options, "verbosity", commandLine.has("verbosity") ? commandLine.value("verbosity", null) : verbosity());
        put(options, "format", commandLine.value("format", format));
        put(options, "output", commandLine.value("output", output));
        put(options, "junit-output", commandLine.value("junit-output", junitOutput));
        put(options, "fail-on-error", commandLine.value("fail-on-error", failOnError));
    }

    /** What Maven's own flags say, else the POM. */
    private @Nullable String verbosity() {
        if (getLog().isDebugEnabled()) {
            return "3";
        }
        return getLog().isInfoEnabled() ? verbosity : "0";
    }
}
