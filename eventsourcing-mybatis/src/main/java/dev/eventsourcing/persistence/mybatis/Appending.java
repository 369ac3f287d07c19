package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecordConflictException.Candidate;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.mybatis.ErrorKind.Owner;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of one insert, and how to speak of them.
 *
 * @param application whose events they are
 * @param events at least one
 * @param key the constraint that holds versions apart
 */
record Appending(String application, List<StoredEvent> events, Key key) {
    static Appending events(String application, List<StoredEvent> events) {
        return new Appending(application, events, Key.EVENT);
    }

    static Appending snapshots(String application, List<StoredEvent> snapshots) {
        return new Appending(application, snapshots, Key.SNAPSHOT);
    }

    /**
     * Inserts them all with one statement.
     *
     * @param more parameters beside the application and the events
     * @return what the statement returns, ascending
     */
    List<Long> insert(Unit unit, String statement, Map<String, ?> more) {
        Map<String, Object> parameters = new HashMap<>(more);
        parameters.put("application", application);
        parameters.put("events", new EventArrays.Rows<>(events));
        return insert(unit, parameters, statement);
    }

    /** The same with the one event that there is, and parameters for its parts. */
    List<Long> insertOne(Unit unit, String statement, Map<String, ?> more) {
        StoredEvent event = events.get(0);
        Map<String, Object> parameters = new HashMap<>(more);
        parameters.put("application", application);
        parameters.put("originatorId", event.originatorId());
        parameters.put("originatorVersion", event.originatorVersion());
        parameters.put("topic", event.topic());
        parameters.put("state", event.state());
        return insert(unit, parameters, statement);
    }

    private List<Long> insert(Unit unit, Map<String, ?> parameters, String statement) {
        try {
            List<Long> ids = unit.list(statement, parameters);
            // They were given in the order of the events; in which order they are returned, SQL does not promise.
            Collections.sort(ids);
            return ids;
        } catch (RuntimeException e) {
            if (unit.violates(e, key)) {
                throw conflict(e);
            }
            if (DatabaseErrors.refuseIds(e)) {
                throw new ConfigurationException(
                        "Nothing was recorded, as stored_events takes its ids in another way than this program knows: the"
                                + " ordering strategy of the schema was changed. Start the program again.",
                        e);
            }
            if (unit.isAlone()) {
                throw DatabaseErrors.translateCommit(toString(), e, Owner.LIBRARY);
            }
            throw e;
        }
    }

    private RecordConflictException conflict(RuntimeException cause) {
        List<Candidate> candidates = Candidate.of(events);
        return key == Key.SNAPSHOT
                ? RecordConflictException.ofSnapshots(application, candidates, cause)
                : RecordConflictException.of(application, candidates, cause);
    }

    /** Some of the events, from an index to before another. */
    Appending part(int from, int to) {
        return new Appending(application, events.subList(from, to), key);
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
