package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of one insert, and how to speak of them.
 *
 * @param application whose events they are
 * @param events at least one
 */
record Appending(String application, List<StoredEvent> events) {
    /**
     * Inserts them all with one statement.
     *
     * @param key the name of the constraint that holds versions apart
     * @param more parameters beside the application and the events
     * @return what the statement returns
     */
    List<Long> insert(Unit unit, String statement, String key, Map<String, ?> more) {
        Map<String, Object> parameters = new HashMap<>(more);
        parameters.put("application", application);
        parameters.put("events", events);
        try {
            return unit.list(statement, parameters);
        } catch (RuntimeException e) {
            if (DatabaseErrors.violates(e, key)) {
                throw new RecordConflictException(
                        "Another writer was faster: " + this + " met a version that is already recorded."
                                + " Read the aggregate again and repeat the command.",
                        e);
            }
            throw e;
        }
    }

    /** Some of the events, from an index to before another. */
    Appending part(int from, int to) {
        return new Appending(application, events.subList(from, to));
    }

    @Override
    public String toString() {
        StoredEvent first = events.get(0);
        return "recording " + first.topic() + " (version " + first.originatorVersion() + " of " + first.originatorId()
                + ")"
                + (events.size() == 1 ? "" : " and " + (events.size() - 1) + " more")
                + " in application " + application;
    }
}
