package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Strings by key, which a deployment changes and the code does not: what the code says is the default, and a setting goes
 * before it.
 *
 * <p>A setting with key {@code url} is looked for under the name of the application first, and then for all applications; each
 * time among the values that were given, then the system properties, then the environment variables. For the application {@code
 * TrainingSchool} these are {@code eventsourcing.TrainingSchool.url} and {@code EVENTSOURCING_TRAININGSCHOOL_URL}, then {@code
 * eventsourcing.url} and {@code EVENTSOURCING_URL}. In the name of a variable, all but letters and digits is an underscore. What
 * was {@linkplain #handToProcess handed to the process} goes before its system properties.
 *
 * <p>The first that is there decides, even if it is blank: then it is as if the setting were set nowhere, and the default
 * holds. So {@code eventsourcing.TrainingSchool.schema=} takes that application back from the schema of the others. Spaces
 * around a value do not count.
 *
 * <p>Properties and variables are those of the moment when the settings were made. Immutable; a secret value is not in {@link
 * #toString}.
 */
public final class Settings {
    /** Which recorders {@link RecorderFactory#fromSettings} opens. */
    public static final Setting PERSISTENCE =
            Setting.open("persistence", "mybatis", "where events are kept: mybatis, memory, or a provider of your own");

    /** How state is compressed before it is stored. */
    public static final Setting COMPRESSOR =
            Setting.open("compressor", "as the code says, else none", "none, deflate or zstd");

    /** What state is encrypted with. */
    public static final Setting CIPHER_KEYS = Setting.secret(
            "cipher-keys",
            "as the code says, else none",
            "keys as id:base64, separated by commas; the first encrypts, all decrypt");

    /** When snapshots are taken. */
    public static final Setting SNAPSHOTS = Setting.open(
            "snapshots",
            "declared",
            "as repositories declare it (declared), off, on-request, or a number of events from one to the next");

    /** How many aggregates a repository keeps in memory. */
    public static final Setting CACHE = Setting.open(
            "cache", "as the code says, else 0", "aggregates that each repository keeps in memory; 0: none");

    private static final String CODE = "code";
    private static final String GIVEN = "given";
    private static final String PROPERTY = "system property";
    private static final String VARIABLE = "environment variable";

    private static final Set<String> YES = Set.of("y", "yes", "t", "true", "on", "1");
    private static final Set<String> NO = Set.of("n", "no", "f", "false", "off", "0");

    /**
     * What this process was handed beside its properties and variables. It is one for all, as these are: who makes the settings of a
     * program need not know who has started it.
     */
    private static volatile Handed handed = new Handed("nobody", Map.of());

    private final Map<String, String> fixed;
    private final Map<String, String> given;
    private final Handed inMemory;
    private final Map<String, String> properties;
    private final Map<String, String> variables;
    private final @Nullable String application;

    private Settings(
            Map<String, String> fixed,
            Map<String, String> given,
            Handed inMemory,
            Map<String, String> properties,
            Map<String, String> variables,
            @Nullable String application) {
        this.fixed = Map.copyOf(fixed);
        this.given = Map.copyOf(given);
        this.inMemory = inMemory;
        this.properties = Map.copyOf(properties);
        this.variables = Map.copyOf(variables);
        this.application = application;
    }

    /** The settings of this process: its system properties, then its environment variables. */
    public static Settings ofProcess() {
        return of(Map.of());
    }

    /**
     * Values that go before those of the process.
     *
     * @param given by the names of the system properties, as {@code eventsourcing.url}; others are ignored
     */
    public static Settings of(Map<String, String> given) {
        Map<String, String> properties = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            String value = System.getProperty(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
        return of(given, handed, properties, System.getenv());
    }

    /**
     * Hands values to this process, for settings that are made from then on. They stand in memory alone, and are neither system
     * properties, which tools and other code list, nor environment variables: a launcher gives a password so that it got
     * from its user. They go before both. Each call replaces what an earlier one has handed over.
     *
     * @param source where they come from, as {@link #origins} is to say it
     * @param values by the names of the system properties, as {@code eventsourcing.password}; others are ignored
     */
    public static void handToProcess(String source, Map<String, String> values) {
        handed = new Handed(source, startingWith(Setting.PREFIX, values));
    }

    /** Settings of another process, as it were. */
    static Settings of(Map<String, String> given, Map<String, String> properties, Map<String, String> variables) {
        return of(given, new Handed("nobody", Map.of()), properties, variables);
    }

    private static Settings of(
            Map<String, String> given, Handed inMemory, Map<String, String> properties, Map<String, String> variables) {
        return new Settings(
                Map.of(),
                startingWith(Setting.PREFIX, given),
                inMemory,
                startingWith(Setting.PREFIX, properties),
                startingWith(Setting.variable(Setting.PREFIX), variables),
                null);
    }

    private static Map<String, String> startingWith(String prefix, Map<String, String> all) {
        Map<String, String> ours = new HashMap<>(all);
        ours.keySet().removeIf(name -> !name.startsWith(prefix));
        return ours;
    }

    /**
     * The same settings as an application sees them, its own before those of all.
     *
     * @throws ConfigurationException if the name cannot be used
     */
    public Settings forApplication(String name) {
        return new Settings(fixed, given, inMemory, properties, variables, ApplicationName.requireValid(name));
    }

    /** The application whose settings these are; empty for those of all. */
    public Optional<String> application() {
        return Optional.ofNullable(application);
    }

    /** The same settings but for one that the code fixes for all applications: whatever else sets it does not count. */
    public Settings fixed(Setting setting, String value) {
        Map<String, String> more = new HashMap<>(fixed);
        more.put(setting.key(), value);
        return new Settings(more, given, inMemory, properties, variables, application);
    }

    /** The value as it is; empty if it is not set, or blank. */
    public Optional<String> text(Setting setting) {
        return find(setting).map(Found::value);
    }

    /**
     * A whole number; empty if it is not set.
     *
     * @throws ConfigurationException if it is no whole number, or below the least, or above the most
     */
    public OptionalLong wholeNumber(Setting setting, long least, long most) {
        Optional<String> text = text(setting);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // As one that is out of bounds.
        }
        throw unusable(setting, "is no whole number from " + least + " to " + most);
    }

    /**
     * A flag: y, yes, t, true, on, 1, or n, no, f, false, off, 0, in any letter case; empty if it is not set.
     *
     * @throws ConfigurationException if it is something else
     */
    public Optional<Boolean> flag(Setting setting) {
        return text(setting).map(text -> {
            String small = text.toLowerCase(Locale.ROOT);
            if (!YES.contains(small) && !NO.contains(small)) {
                throw unusable(setting, "is neither yes (y, yes, t, true, on, 1) nor no (n, no, f, false, off, 0)");
            }
            return YES.contains(small);
        });
    }

    /**
     * One of an enumeration, whose constants are written in small letters with hyphens; empty if it is not set.
     *
     * @throws ConfigurationException if it is none of them
     */
    public <E extends Enum<E>> Optional<E> oneOf(Setting setting, Class<E> type) {
        Map<String, E> known = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(
                        constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        constant -> constant,
                        (one, other) -> one,
                        LinkedHashMap::new));
        return text(setting).map(text -> {
            E constant = known.get(text);
            if (constant == null) {
                throw unusable(setting, "is none of " + String.join(", ", known.keySet()));
            }
            return constant;
        });
    }

    /**
     * The exception for a setting whose value cannot be used. It names the property or variable that the value came from, and the
     * value unless that is secret.
     *
     * @param rule what is wrong, to follow the value, without a full stop: {@code is no whole number from 1 to 9}
     */
    public ConfigurationException unusable(Setting setting, String rule) {
        return new ConfigurationException(sentence(setting, rule));
    }

    /** The same for an error that another one caused, which must not show a secret. */
    public ConfigurationException unusable(Setting setting, String rule, Throwable cause) {
        return new ConfigurationException(sentence(setting, rule), cause);
    }

    private String sentence(Setting setting, String rule) {
        String written = find(setting)
                .map(found -> found.name() + "=" + setting.masked(found.value()) + " (" + found.source() + ")")
                .orElseGet(setting::property);
        // Without keys or a password, more might go on than anybody wants: that is no advice.
        String cure = setting.secret()
                ? ". Correct it."
                : ". Correct it, or leave it out for the default: " + setting.defaultValue() + ".";
        return written + " " + rule + cure;
    }

    /** The effective configuration, where the code says nothing; see {@link #describe(Map)}. */
    public String describe() {
        return describe(Map.of());
    }

    /**
     * The effective configuration: a line for each setting that is in force with its value, and where that comes from: the property
     * or variable by name, else {@code code}, else {@code default}. Secrets are masked, also within URLs. Then a line for each
     * name that begins as settings do, and is none. For people; its form may change.
     *
     * @param saidInCode what holds where a setting is not set, by key; what is no key of a setting gets a line too
     * @throws ConfigurationException if a provider of recorders on the class path cannot be used
     */
    public String describe(Map<String, String> saidInCode) {
        return new ConfigurationTable(this, saidInCode).toString();
    }

    /**
     * Logs a warning for each name that begins as settings do, and is none, or would be one of this application if it were written
     * another way, with the setting that may be meant; once in a process.
     * It is no error, for other programs have environment variables too.
     *
     * @throws ConfigurationException if a provider of recorders on the class path cannot be used
     */
    public void warnOfUnknown() {
        Set<String> names = names();
        if (!names.isEmpty()) {
            KnownSettings.all().warn(names, application());
        }
    }

    /**
     * Where the values of settings come from, in words and without the values: {@code environment variables EVENTSOURCING_USER and
     * EVENTSOURCING_PASSWORD}. Empty if none of them is set.
     */
    public Optional<String> origins(Setting... settings) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (Setting setting : settings) {
            find(setting)
                    .ifPresent(found -> names.computeIfAbsent(found.source(), source -> new ArrayList<>())
                            .add(found.name()));
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(names.entrySet().stream()
                        .map(entry -> inWords(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(" and ")));
    }

    private static String inWords(String source, List<String> names) {
        String joined = String.join(" and ", names);
        return switch (source) {
            case CODE -> source;
            case GIVEN -> "given " + joined;
            case PROPERTY -> (names.size() == 1 ? "system property " : "system properties ") + joined;
            case VARIABLE -> (names.size() == 1 ? "environment variable " : "environment variables ") + joined;
            default -> source;
        };
    }

    /** All that is set, by the names that it is set by. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(variables.keySet());
        names.addAll(properties.keySet());
        names.addAll(inMemory.values().keySet());
        names.addAll(given.keySet());
        return names;
    }

    /** Where a value that is there comes from; a blank one counts as none. */
    Optional<Found> find(Setting setting) {
        List<Found> candidates = new ArrayList<>();
        add(candidates, fixed.get(setting.key()), setting.key(), CODE);
        for (String property : names(setting)) {
            String variable = Setting.variable(property);
            add(candidates, given.get(property), property, GIVEN);
            add(candidates, inMemory.values().get(property), property, inMemory.source());
            add(candidates, properties.get(property), property, PROPERTY);
            add(candidates, variables.get(variable), variable, VARIABLE);
        }
        return candidates.stream().findFirst().filter(found -> !found.value().isEmpty());
    }

    private List<String> names(Setting setting) {
        return application == null
                ? List.of(setting.property())
                : List.of(Setting.PREFIX + application + "." + setting.key(), setting.property());
    }

    private static void add(List<Found> candidates, @Nullable String value, String name, String source) {
        if (value != null) {
            candidates.add(new Found(name, value.strip(), source));
        }
    }

    /** Whether the other gives the same answers to every question. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Settings that
                && fixed.equals(that.fixed)
                && given.equals(that.given)
                && inMemory.equals(that.inMemory)
                && properties.equals(that.properties)
                && variables.equals(that.variables)
                && Objects.equals(application, that.application);
    }

    @Override
    public int hashCode() {
        return Objects.hash(fixed, given, inMemory, properties, variables, application);
    }

    /** Names and no values. */
    @Override
    public String toString() {
        return "Settings" + (application == null ? "" : " of " + application) + names();
    }

    /** What somebody has handed to the process; not shown. */
    private record Handed(String source, Map<String, String> values) {
        @Override
        public String toString() {
            return source + values.keySet();
        }
    }

    /**
     * A value and where it stands.
     *
     * @param name the property or variable, as the user wrote it
     * @param value without spaces around it
     * @param source what kind of place that is
     */
    record Found(String name, String value, String source) {
        /** Both in words. */
        String origin() {
            return source.equals(CODE) ? source : name + " (" + source + ")";
        }
    }
}
