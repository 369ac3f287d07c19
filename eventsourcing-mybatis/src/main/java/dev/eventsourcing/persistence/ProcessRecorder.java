package dev.eventsourcing.persistence;

import java.util.List;
import java.util.Optional;

/** Also keeps the positions of a follower in the logs of its leaders: one for each leader. */
public interface ProcessRecorder extends ApplicationRecorder {
    /**
     * Called in the transaction of a batch, before its first event is processed: from here on the recorder notices when other code ends
     * the transaction, where its store can tell. {@link #insertLastEvents} then throws a {@link TransactionEndedException} and moves no
     * position, and so does the end of the transaction.
     *
     * @throws PersistenceException if the store fails
     */
    default void beginBatch() {}

    /**
     * Stores the events and moves a position, both or neither. The move is the last statement, so that it fails where the
     * transaction had already failed unnoticed.
     *
     * @param events what came of the processing; often empty
     * @return the notification ids of the events
     * @throws TrackingConflictException if the position is not the expected one
     * @throws RecordConflictException if a version of an originator is stored already, or comes twice in the list
     * @throws PersistenceException if storing fails otherwise
     */
    List<Long> insertEvents(List<StoredEvent> events, Tracking tracking);

    /**
     * The same as the last work of a transaction, which has to be rolled back if this fails: it is not undone by itself, which
     * spares the database what that takes.
     *
     * @throws TrackingConflictException if the position is not the expected one
     * @throws RecordConflictException if a version of an originator is stored already, or comes twice in the list
     * @throws PersistenceException if storing fails otherwise
     */
    default List<Long> insertLastEvents(List<StoredEvent> events, Tracking tracking) {
        return insertEvents(events, tracking);
    }

    /**
     * The position in a leader's log; empty if nothing of it was processed yet.
     *
     * @throws PersistenceException if reading fails
     */
    Optional<Position> position(String leader);

    /**
     * Whether the position in a leader's log is at or behind a notification, which then is processed or passed by.
     *
     * @throws PersistenceException if reading fails
     */
    default boolean hasTracked(String leader, long notificationId) {
        return position(leader)
                .map(position -> position.notificationId() >= notificationId)
                .orElse(false);
    }
}
