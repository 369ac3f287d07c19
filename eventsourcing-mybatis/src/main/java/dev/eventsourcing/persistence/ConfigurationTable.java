package dev.eventsourcing.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The effective configuration as lines of text: key, value, and where the value comes from. */
final class ConfigurationTable {
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final String title;

    ConfigurationTable(Settings settings, Map<String, String> saidInCode) {
        this.title = "Configuration"
                + settings.application().map(name -> " of " + name).orElse("");
        Map<String, String> code = new TreeMap<>(saidInCode);
        for (Setting setting : applied(settings)) {
            Optional<String> said = Optional.ofNullable(code.remove(setting.key()));
            settings.find(setting)
                    .ifPresentOrElse(
                            found -> add(setting, found.value(), found.origin()),
                            () -> add(
                                    setting,
                                    said.orElse(setting.defaultValue()),
                                    said.isPresent() ? "code" : "default"));
        }
        code.forEach((key, value) -> rows.add(List.of(key, value, "code")));
        KnownSettings known = KnownSettings.all();
        settings.names().forEach(name -> known.complaintAbout(name).ifPresent(complaints::add));
        settings.application().ifPresent(name -> complaints.addAll(known.slips(settings.names(), name)));
    }

    /** The settings of every application, and of the provider in use; recorders that the code made go by none of any. */
    private static List<Setting> applied(Settings settings) {
        List<Setting> applied = new ArrayList<>(KnownSettings.OF_ALL);
        String persistence = settings.text(Settings.PERSISTENCE).orElse(Settings.PERSISTENCE.defaultValue());
        RecorderProvider provider = Providers.byName().get(persistence);
        if (provider != null) {
            applied.addAll(1, provider.settings());
        }
        return applied;
    }

    private void add(Setting setting, String value, String origin) {
        boolean nothingToHide = origin.equals("default");
        rows.add(List.of(setting.key(), nothingToHide ? value : setting.masked(value), origin));
    }

    @Override
    public String toString() {
        int keys = width(0);
        int values = width(1);
        StringBuilder text = new StringBuilder(title).append(":\n");
        for (List<String> row : rows) {
            text.append(("  %-" + keys + "s  %-" + values + "s  %s\n").formatted(row.toArray()));
        }
        complaints.forEach(complaint -> text.append(complaint).append('\n'));
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
    }
}
