package dev.eventsourcing.application;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.SharedStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The log of an application in this process.
 *
 * @param recorder what reads it
 * @param shared where it is
 */
record RecordedNotificationLog(ApplicationRecorder recorder, SharedStore shared) implements NotificationLog {
    @Override
    public NotificationPage selectPage(NotificationSelection selection) {
        return recorder.selectPage(NotificationLog.requireLimit(selection));
    }

    @Override
    public OptionalLong maxNotificationId() {
        return recorder.maxNotificationId();
    }

    @Override
    public LogEnd end() {
        return recorder.end();
    }

    @Override
    public List<OpenAppend> openAppends() {
        return recorder.openAppends();
    }

    @Override
    public Optional<Backlog> backlog(long after) {
        return recorder.backlog(after);
    }

    @Override
    public Map<String, Long> countByTopic(NotificationSelection selection) {
        return recorder.countByTopic(selection).orElseGet(() -> NotificationLog.super.countByTopic(selection));
    }

    @Override
    public Optional<SharedStore> store() {
        return Optional.of(shared);
    }
}
