package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** What a run was asked for, by name; names are those of the Maven goals' flags. Read strictly: no slip is taken for a wish. */
final class ToolOptions {
    static final String RUNNER = "runner";
    static final String FOLLOWERS = "followers";
    static final String DRY_RUN = "dry-run";
    static final String BATCH_SIZE = "batch-size";
    static final String URL = "eventsourcing.url";
    static final String USER = "eventsourcing.user";
    static final String PASSWORD = "eventsourcing.password";
    static final String SCHEMA = "eventsourcing.schema";
    static final String ORDERING = "eventsourcing.ordering";

    static final String DATABASE = "database";
    static final String FROM = "from";
    static final String OUTPUT = "output";

    /** Folders of the program's own classes, to look for a runner in; separated as on a class path. */
    static final String CLASSES = "classes";

    /** Whether it is well if there is no runner; for one module of many. */
    static final String RUNNER_OPTIONAL = "runner-optional";

    private static final Set<String> KNOWN = Set.of(
            RUNNER,
            FOLLOWERS,
            DRY_RUN,
            BATCH_SIZE,
            DATABASE,
            FROM,
            OUTPUT,
            URL,
            USER,
            PASSWORD,
            SCHEMA,
            ORDERING,
            CLASSES,
            RUNNER_OPTIONAL);

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

    private final Map<String, String> values;

    /**
     * Takes options by name.
     *
     * @throws ConfigurationException if one is unknown
     */
    ToolOptions(Map<String, String> values) {
        for (String name : values.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new ConfigurationException("Unknown option " + name + ". Known options: "
                        + KNOWN.stream().sorted().toList() + ".");
            }
        }
        this.values = Map.copyOf(values);
    }

    /**
     * Takes options as they stand in a command line: {@code -Dname=value}, and {@code -Dname} for true.
     *
     * @throws ConfigurationException if one is not of that form, or unknown
     */
    static ToolOptions parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        for (String argument : arguments) {
            if (!argument.startsWith("-D")) {
                throw new ConfigurationException("Argument " + argument + " is not of the form -Dname=value.");
            }
            int equals = argument.indexOf('=');
            String name = argument.substring(2, equals < 0 ? argument.length() : equals);
            if (name.equals(PASSWORD)) {
                throw new ConfigurationException("A password in a command line is seen by everybody on the machine."
                        + " Put it into the environment variable EVENTSOURCING_PASSWORD.");
            }
            values.put(name, equals < 0 ? "true" : argument.substring(equals + 1));
        }
        return new ToolOptions(values);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /**
     * A flag; false if it is not there.
     *
     * @throws ConfigurationException if it is neither true nor false
     */
    boolean flag(String name) {
        String value = values.getOrDefault(name, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new ConfigurationException("-D" + name + "=" + value + " is neither true nor false. Write -D"
                        + name + " or leave it out.");
        };
    }

    /**
     * A whole number; empty if it is not there.
     *
     * @throws ConfigurationException if it is there and no whole number
     */
    OptionalInt number(String name) {
        String value = values.get(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!NUMBER.matcher(value).matches()) {
            throw new ConfigurationException("-D" + name + "=" + value
                    + " is not a whole number of at most nine digits. Write it in digits, or leave the option out.");
        }
        return OptionalInt.of(Integer.parseInt(value));
    }

    /**
     * Refuses an option that a command does not have.
     *
     * @throws ConfigurationException if it is there
     */
    void refuse(String name, String command) {
        if (values.containsKey(name)) {
            throw new ConfigurationException(
                    "The command " + command + " has no option -D" + name + ", and did nothing. Leave it out.");
        }
    }

    /**
     * Names separated by commas; none if the option is not there.
     *
     * @throws ConfigurationException if it is there and names nothing
     */
    List<String> names(String name) {
        String value = values.get(name);
        if (value == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            if (part.isBlank()) {
                throw new ConfigurationException("-D" + name + "=" + value
                        + " has an empty name. Write names with commas between, or leave the option out for all.");
            }
            names.add(part.strip());
        }
        return names;
    }

    /** What of these names a connection, by the names of the settings. */
    Map<String, String> connection() {
        Map<String, String> connection = new HashMap<>(values);
        connection.keySet().retainAll(Set.of(URL, USER, PASSWORD, SCHEMA, ORDERING));
        return connection;
    }
}
