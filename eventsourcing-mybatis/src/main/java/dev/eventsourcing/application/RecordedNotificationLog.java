package dev.eventsourcing.application;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import java.util.List;
import java.util.OptionalLong;

/**
 * The log of an application in this process.
 *
 * @param recorder what reads it
 */
record RecordedNotificationLog(ApplicationRecorder recorder) implements NotificationLog {
    @Override
    public List<Notification> select(NotificationSelection selection) {
        return recorder.selectNotifications(selection);
    }

    @Override
    public OptionalLong maxNotificationId() {
        return recorder.maxNotificationId();
    }
}
