package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.SyncMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code sync-followers} was asked for.
 *
 * @param followers their names; all if there is none
 * @param downstream whether those behind them are meant, too
 * @param batchSize how many events in a transaction; empty for what the followers say
 * @param maxEvents after how many events to end; empty for no such end
 * @param timeBudget after which time to end; empty for no such end
 * @param patience how long an open append is waited for; empty for the usual time
 * @param yieldAfter how long a dry run lets others wait; empty for the usual time
 * @param mode whether events are processed
 * @param verbosity how much is printed: 0 for errors alone, to 3
 * @param json whether the report is JSON
 * @param output the file for the report; empty for none
 * @param junitOutput the file for a report as those of JUnit; empty for none
 * @param failOnError whether the run fails if a follower failed
 */
record SyncOptions(
        List<String> followers,
        boolean downstream,
        OptionalInt batchSize,
        OptionalInt maxEvents,
        Optional<Duration> timeBudget,
        Optional<Duration> patience,
        Optional<Duration> yieldAfter,
        SyncMode mode,
        int verbosity,
        boolean json,
        Optional<Path> output,
        Optional<Path> junitOutput,
        boolean failOnError) {
    /**
     * Reads them, all before anything is done.
     *
     * @throws ConfigurationException if one cannot be used
     */
    static SyncOptions of(ToolOptions options) {
        SyncOptions read = new SyncOptions(
                options.names(ToolOptions.FOLLOWERS),
                options.flag(ToolOptions.DOWNSTREAM),
                options.number(ToolOptions.BATCH_SIZE),
                options.number(ToolOptions.MAX_EVENTS),
                options.duration(ToolOptions.TIME_BUDGET),
                options.duration(ToolOptions.PATIENCE),
                options.duration(ToolOptions.YIELD_AFTER),
                mode(options.oneOf(ToolOptions.DRY_RUN, "false", "true", "plan")),
                Integer.parseInt(options.oneOf(ToolOptions.VERBOSITY, "1", "0", "2", "3")),
                options.oneOf(ToolOptions.FORMAT, "text", "json").equals("json"),
                options.file(ToolOptions.OUTPUT),
                options.file(ToolOptions.JUNIT_OUTPUT),
                options.flag(ToolOptions.FAIL_ON_ERROR, true));
        read.requireToFit();
        return read;
    }

    private static SyncMode mode(String dryRun) {
        return switch (dryRun) {
            case "true" -> SyncMode.DRY_RUN;
            case "plan" -> SyncMode.PLAN;
            default -> SyncMode.PROCESS;
        };
    }

    private void requireToFit() {
        if (output.isPresent() && output.equals(junitOutput)) {
            throw new ConfigurationException(
                    "-Doutput and -Djunit-output name the same file, " + output.get() + ". Give each one of its own.");
        }
    }

    /** Whether standard output is for the report alone. */
    boolean isPiped() {
        return json && output.isEmpty();
    }

    /** The same synchronisation on these terms. */
    FollowerSync applyTo(FollowerSync plain) {
        FollowerSync sync = downstream ? plain.downstream() : plain;
        sync = batchSize.isPresent() ? sync.batchSize(batchSize.getAsInt()) : sync;
        sync = maxEvents.isPresent() ? sync.maxEvents(maxEvents.getAsInt()) : sync;
        sync = timeBudget.isPresent() ? sync.timeBudget(timeBudget.get()) : sync;
        sync = patience.isPresent() ? sync.patience(patience.get()) : sync;
        return yieldAfter.isPresent() ? sync.yieldsAfter(yieldAfter.get()) : sync;
    }
}
