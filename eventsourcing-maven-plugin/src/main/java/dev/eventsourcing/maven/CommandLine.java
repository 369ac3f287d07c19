package dev.eventsourcing.maven;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was said with {@code -D}. It goes before the POM, which Maven itself sees the other way round for values that stand
 * in the plugin's configuration.
 */
final class CommandLine {
    /** Flags of which others are often written; taken for nothing, such a slip would let a dry run write, or a limit be none. */
    private static final List<String> FLAGS = List.of(
            "runner",
            "followers",
            "dry-run",
            "batch-size",
            "downstream",
            "max-events",
            "time-budget",
            "patience",
            "connect-patience",
            "yield-after",
            "verbosity",
            "format",
            "output",
            "junit-output",
            "fail-on-error");

    /** What is written, by what is meant. */
    private static final Map<String, String> SLIPS = slips();

    private final Properties properties;

    CommandLine(Properties properties) {
        this.properties = properties;
    }

    private static Map<String, String> slips() {
        Map<String, String> slips = new TreeMap<>();
        slips.put("follower", "followers");
        slips.put("eventsourcing.follower", "followers");
        for (String flag : FLAGS) {
            for (String slip : List.of(inCamelCase(flag), flag.replace("-", ""), flag.replace('-', '.'))) {
                slips.put(slip, flag);
                slips.put("eventsourcing." + slip, flag);
            }
            slips.put("eventsourcing." + flag, flag);
        }
        FLAGS.forEach(slips::remove);
        return slips;
    }

    private static String inCamelCase(String flag) {
        StringBuilder name = new StringBuilder();
        for (String word : flag.split("-")) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
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
