package dev.eventsourcing.persistence;

import java.util.List;

/**
 * Makes recorders from settings, under a name that the setting {@code persistence} chooses. Found with {@link
 * java.util.ServiceLoader}, so that a deployment changes where events are kept and the code knows no adapter.
 */
public interface RecorderProvider {
    /** What the setting {@code persistence} calls these recorders. */
    String name();

    /** The settings that these recorders have beside those of every application. */
    default List<Setting> settings() {
        return List.of();
    }

    /**
     * Opens recorders, and asks nothing of what they record in. An application that the settings have something of its own for
     * gets its recorders through {@link RecorderFactory#forApplication}.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if a setting cannot be used
     */
    RecorderFactory open(Settings settings);
}
