package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a run was asked for, by name; names are those of the Maven goals' flags. Read strictly: no slip is taken for a wish. */
final class ToolOptions {
    static final String RUNNER = "runner";
    static final String FOLLOWERS = "followers";
    static final String DRY_RUN = "dry-run";
    static final String BATCH_SIZE = "batch-size";
    static final String DOWNSTREAM = "downstream";
    static final String MAX_EVENTS = "max-events";
    static final String TIME_BUDGET = "time-budget";
    static final String PATIENCE = "patience";
    static final String YIELD_AFTER = "yield-after";
    static final String VERBOSITY = "verbosity";
    static final String FORMAT = "format";
    static final String OUTPUT = "output";
    static final String JUNIT_OUTPUT = "junit-output";
    static final String FAIL_ON_ERROR = "fail-on-error";
    /** How long databases that cannot be reached are tried again. */
    static final String CONNECT_PATIENCE = "connect-patience";

    static final String URL = "eventsourcing.url";
    static final String USER = "eventsourcing.user";
    static final String PASSWORD = "eventsourcing.password";
    /** Id of the server in Maven's settings whose user and password a launcher sends along. */
    static final String SERVER = "eventsourcing.serverId";

    static final String SCHEMA = "eventsourcing.schema";
    static final String ORDERING = "eventsourcing.ordering";

    static final String DATABASE = "database";
    static final String FROM = "from";

    /** Folders of the program's own classes, to look for a runner in; separated as on a class path. */
    static final String CLASSES = "classes";

    /** Whether it is well if there is no runner; for one module of many. */
    static final String RUNNER_OPTIONAL = "runner-optional";

    private static final Set<String> KNOWN = Set.of(
            RUNNER,
            FOLLOWERS,
            DRY_RUN,
            BATCH_SIZE,
            DOWNSTREAM,
            MAX_EVENTS,
            TIME_BUDGET,
            PATIENCE,
            CONNECT_PATIENCE,
            YIELD_AFTER,
            VERBOSITY,
            FORMAT,
            OUTPUT,
            JUNIT_OUTPUT,
            FAIL_ON_ERROR,
            DATABASE,
            FROM,
            URL,
            USER,
            PASSWORD,
            SERVER,
            SCHEMA,
            ORDERING,
            CLASSES,
            RUNNER_OPTIONAL);

    /** What names of the library's settings begin with. */
    private static final String SETTING = "eventsourcing.";

    /** Settings of connections that may be seen. */
    private static final Set<String> OPEN_SETTINGS = Set.of(URL, USER, SCHEMA, ORDERING);

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

    /** As people write it: one number, one unit. */
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private static final Duration LONGEST = Duration.ofDays(365);

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
                        + KNOWN.stream().sorted().toList() + "."
                        + (name.startsWith(SETTING)
                                ? " If it is a setting of the library, write -D" + name
                                        + "=.. before the class name, as a system property of the JVM."
                                : ""));
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

    /**
     * Takes options as {@link #parse}, for a command that no launcher has started: connection settings become system properties of
     * this process, as launchers have them, so that recorders that the program makes from settings take them.
     *
     * @throws ConfigurationException if one is not of that form, unknown, or would be of no effect
     */
    static ToolOptions ofCommandLine(String command, List<String> arguments) {
        ToolOptions options = parse(arguments);
        if (options.has(SERVER)) {
            throw new ConfigurationException(
                    "-D" + SERVER + " names a server of Maven's settings.xml, which only Maven's"
                            + " goals read. Leave it out, and put user and password into the environment variables"
                            + " EVENTSOURCING_USER and EVENTSOURCING_PASSWORD.");
        }
        if (command.equals("script")) {
            // It connects to nothing.
            options.refuse(URL, command);
            options.refuse(USER, command);
        }
        OPEN_SETTINGS.stream()
                .filter(options::has)
                .forEach(name -> System.setProperty(name, options.values.getOrDefault(name, "")));
        return options;
    }

    /** Whether an option is there, if only with nothing in it. */
    boolean has(String name) {
        return values.containsKey(name);
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
        return flag(name, false);
    }

    /**
     * A flag, and what it is if it is not there.
     *
     * @throws ConfigurationException if it is neither true nor false
     */
    boolean flag(String name, boolean otherwise) {
        String value = values.getOrDefault(name, Boolean.toString(otherwise));
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new ConfigurationException("-D" + name + "=" + value + " is neither true nor false. Write -D"
                        + name + (otherwise ? "=false" : "") + " or leave it out.");
        };
    }

    /**
     * One of some words; the first if it is not there.
     *
     * @throws ConfigurationException if it is none of them
     */
    String oneOf(String name, String... words) {
        String value = values.getOrDefault(name, words[0]);
        if (!List.of(words).contains(value)) {
            throw new ConfigurationException("-D" + name + "=" + value + " is none of " + String.join(", ", words)
                    + ". Write one of them, or leave the option out for " + words[0] + ".");
        }
        return value;
    }

    /**
     * A time; empty if it is not there.
     *
     * @throws ConfigurationException if it is there and no time that can be used
     */
    Optional<Duration> duration(String name) {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        try {
            Matcher written = DURATION.matcher(value);
            Duration duration = Duration.parse(written.matches() ? iso(written.group(1), written.group(2)) : value);
            if (duration.compareTo(LONGEST) <= 0) {
                return Optional.of(duration);
            }
        } catch (DateTimeParseException e) {
            // What it is instead is said below.
        }
        throw new ConfigurationException("-D" + name + "=" + value
                + " is no time up to a year. Write a whole number and its unit, as 500ms, 30s, 5m or 2h; or leave the"
                + " option out.");
    }

    private static String iso(String number, String unit) {
        return unit.equals("ms")
                ? Duration.ofMillis(Long.parseLong(number)).toString()
                : "PT" + number + unit.toUpperCase(Locale.ROOT);
    }

    /**
     * A file, below the folder that the program runs in unless its path is absolute; empty if it is not there.
     *
     * @throws ConfigurationException if it is there and names no file
     */
    Optional<Path> file(String name) {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        try {
            if (!value.isBlank() && !Files.isDirectory(Path.of(value))) {
                return Optional.of(Path.of(value).toAbsolutePath().normalize());
            }
        } catch (InvalidPathException e) {
            // As if it named nothing.
        }
        throw new ConfigurationException("-D" + name + "=" + value
                + " names no file. Write a path, as target/report.txt; or leave the option out.");
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
