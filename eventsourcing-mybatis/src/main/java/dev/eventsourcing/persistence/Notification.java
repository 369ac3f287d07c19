package dev.eventsourcing.persistence;

import java.util.UUID;

/**
 * A stored event with its place in the log of its application.
 *
 * @param id the place; from 1, ascending, with gaps
 * @param event the event
 */
public record Notification(long id, StoredEvent event) {
    /** A notification of an event with these parts. */
    public Notification(long id, UUID originatorId, long originatorVersion, String topic, byte[] state) {
        this(id, new StoredEvent(originatorId, originatorVersion, topic, state));
    }
}
