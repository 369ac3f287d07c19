package dev.eventsourcing.application;

import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import java.util.List;
import java.util.OptionalLong;

/**
 * What an application recorded, in one order that never changes: ids ascend, with gaps, and nothing is added below an id
 * that was given out. Safe for use by several threads.
 */
public interface NotificationLog {
    /**
     * Reads a page of the log.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    List<Notification> select(NotificationSelection selection);

    /**
     * The highest id in the log; empty if the log is.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    OptionalLong maxNotificationId();
}
