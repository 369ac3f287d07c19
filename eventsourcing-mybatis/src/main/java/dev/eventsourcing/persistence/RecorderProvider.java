package dev.eventsourcing.persistence;

import java.util.Map;

/** Makes recorders from settings; found with {@link java.util.ServiceLoader} by programs that know no adapter. */
public interface RecorderProvider {
    /**
     * Opens recorders.
     *
     * @param settings {@code eventsourcing.url}, {@code eventsourcing.user}, {@code eventsourcing.password} and {@code
     *     eventsourcing.schema}, each of which may be missing, and is then taken
     *     from the system property of that name or the environment variable like {@code EVENTSOURCING_URL}; others are ignored
     * @throws dev.eventsourcing.domain.ConfigurationException if a setting cannot be used
     */
    RecorderFactory open(Map<String, String> settings);
}
