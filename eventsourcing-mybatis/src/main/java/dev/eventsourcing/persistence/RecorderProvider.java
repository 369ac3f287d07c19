package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
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
     * @throws ConfigurationException if a setting cannot be used
     */
    RecorderFactory open(Settings settings);

    /**
     * The SQL that makes or upgrades the tables of these recorders, see {@link Migrations#script}.
     *
     * @param database the name of a database
     * @param above the version that the tables have already; 0 for none
     * @throws ConfigurationException if there are no tables, or the database, the version or a setting is unknown
     */
    default String script(String database, int above, Settings settings) {
        throw new ConfigurationException("The recorders " + name() + " have no tables: there is no script for them.");
    }
}
