package dev.eventsourcing.persistence;

import java.util.List;
import java.util.UUID;

/** Stores sequences of events, one for each originator. Safe for use by several threads. */
public interface AggregateRecorder {
    /**
     * Stores all the events or none of them, in the current transaction or in one of its own.
     *
     * @return the notification ids, ascending in the order of the events; empty from a recorder that keeps no log
     * @throws RecordConflictException if a version of an originator is stored already, or comes twice in the list
     * @throws PersistenceException if storing fails otherwise
     */
    List<Long> insertEvents(List<StoredEvent> events);

    /**
     * Reads events of one originator, in order of version; none if it is unknown.
     *
     * @throws PersistenceException if reading fails
     */
    List<StoredEvent> selectEvents(UUID originatorId, VersionRange range);
}
