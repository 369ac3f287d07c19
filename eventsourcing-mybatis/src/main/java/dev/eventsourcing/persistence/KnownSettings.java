package dev.eventsourcing.persistence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings that somebody reads, and so those that nobody does. */
final class KnownSettings {
    /** Those of every application. */
    static final List<Setting> OF_ALL = List.of(
            Settings.PERSISTENCE, Settings.COMPRESSOR, Settings.CIPHER_KEYS, Settings.SNAPSHOTS, Settings.CACHE);

    private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

    /** Properties with the same prefix that concern the Maven goals alone. */
    private static final Set<String> OF_GOALS = Set.of("eventsourcing.skip", "eventsourcing.serverId");

    /** What was warned of in this process: once is enough, however many applications there are. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private final Map<String, Setting> byProperty;

    private KnownSettings(List<Setting> settings) {
        this.byProperty = settings.stream()
                .collect(Collectors.toMap(
                        Setting::property, setting -> setting, (one, other) -> one, LinkedHashMap::new));
    }

    /** Those of every application, and of all providers on the class path. */
    static KnownSettings all() {
        List<Setting> settings = new ArrayList<>(OF_ALL);
        Providers.byName().values().forEach(provider -> settings.addAll(provider.settings()));
        return new KnownSettings(settings);
    }

    List<Setting> list() {
        return List.copyOf(byProperty.values());
    }

    /** A sentence for a property or variable that nobody reads; empty if somebody does, be it for one application only. */
    Optional<String> complaintAbout(String name) {
        boolean variable = !name.startsWith(Setting.PREFIX);
        boolean known = OF_GOALS.contains(name)
                || byProperty.values().stream()
                        .anyMatch(setting -> variable
                                ? name.equals(setting.variable())
                                        || name.endsWith("_" + Setting.variable(setting.key()))
                                : name.equals(setting.property()) || name.endsWith("." + setting.key()));
        if (known) {
            return Optional.empty();
        }
        // What stands before the last dot may be the name of an application; in a variable, nothing tells where it
        // ends.
        String prefix = variable ? Setting.variable(Setting.PREFIX) : name.substring(0, name.lastIndexOf('.') + 1);
        String key = name.substring(prefix.length());
        String nearest = byProperty.values().stream()
                .map(setting -> variable ? Setting.variable(setting.key()) : setting.key())
                .min((one, other) -> Integer.compare(distance(key, one), distance(key, other)))
                .orElse("");
        String cure = distance(key, nearest) <= 1 + nearest.length() / 4
                ? "Is " + prefix + nearest + " meant?"
                : "Known are "
                        + byProperty.values().stream()
                                .map(Setting::key)
                                .sorted()
                                .toList() + ".";
        return Optional.of(name + " is set, but there is no such setting. " + cure);
    }

    /**
     * A sentence for each name that would be a setting of the application if it were written another way: in other letter case,
     * or with other marks between the words, as {@code EVENTSOURCING_TRAINING_SCHOOL_URL} for that of TrainingSchool.
     */
    List<String> slips(Iterable<String> names, String application) {
        List<String> slips = new ArrayList<>();
        for (Setting setting : byProperty.values()) {
            String property = Setting.PREFIX + application + "." + setting.key();
            String variable = Setting.variable(property);
            for (String name : names) {
                if (bare(name).equals(bare(property)) && !name.equals(property) && !name.equals(variable)) {
                    slips.add(name + " is set, and application " + application + " does not read it. Is "
                            + (name.startsWith(Setting.PREFIX) ? property : variable) + " meant?");
                }
            }
        }
        return slips;
    }

    private static String bare(String name) {
        return name.replaceAll("[^\\p{L}\\p{N}]", "").toUpperCase(Locale.ROOT);
    }

    void warn(Iterable<String> names, Optional<String> application) {
        application.ifPresent(
                name -> slips(names, name).stream().filter(WARNED::add).forEach(LOG::warn));
        for (String name : names) {
            complaintAbout(name).filter(WARNED::add).ifPresent(LOG::warn);
        }
    }

    /** How many characters have to be put in, taken out or changed to get from one to the other. */
    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(before[j], row[j - 1]) + 1);
            }
            before = row;
        }
        return before[other.length()];
    }
}
