package dev.eventsourcing.maven;

import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What was said with {@code -D}. It goes before the POM, which Maven itself sees the other way round for values that stand
 * in the plugin's configuration.
 */
final class CommandLine {
    /** Flags that look like ours and are not; taken for nothing, they would let a dry run write. */
    private static final Map<String, String> SLIPS = Map.of(
            "dryRun", "dry-run",
            "dryrun", "dry-run",
            "eventsourcing.dryRun", "dry-run",
            "eventsourcing.dry-run", "dry-run",
            "eventsourcing.batchSize", "batch-size",
            "eventsourcing.batch-size", "batch-size",
            "follower", "followers",
            "eventsourcing.followers", "followers",
            "eventsourcing.runner", "runner");

    private final Properties properties;

    CommandLine(Properties properties) {
        this.properties = properties;
    }

    /** Whether something was said with this flag, if only nothing. */
    boolean has(String name) {
        return properties.containsKey(name);
    }

    /** What was said on the command line, else in the POM; null if in neither. */
    @Nullable String value(String name, @Nullable String inPom) {
        return has(name) ? properties.getProperty(name) : inPom;
    }

    /**
     * A flag; false if nothing was said.
     *
     * @throws UsageException if it is neither true nor false
     */
    boolean flag(String name, @Nullable String inPom) {
        String value = value(name, inPom);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new UsageException(
                "-D" + name + "=" + value + " is neither true nor false. Write -D" + name + " or leave it out.");
    }

    /**
     * Refuses a flag of another goal.
     *
     * @throws UsageException if it is there
     */
    void refuse(String name, String goal) {
        if (has(name)) {
            throw new UsageException(goal + " has no flag -D" + name + ", and did nothing. Leave it out.");
        }
    }

    /**
     * Refuses flags that are misspelt.
     *
     * @throws UsageException if there is one
     */
    void refuseSlips() {
        SLIPS.forEach((slip, meant) -> {
            if (has(slip)) {
                throw new UsageException("There is no flag -D" + slip + ". Write -D" + meant + ".");
            }
        });
    }
}
