package dev.eventsourcing.persistence.memory;

import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecordConflictException.Candidate;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.VersionRange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.UUID;

/** Sequences, their log, and the positions of a follower. */
final class EventRecorder implements ProcessRecorder {
    private final Store store;
    private final String application;

    EventRecorder(Store store, String application) {
        this.store = store;
        this.application = application;
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events) {
        return store.atomically(() -> {
            List<Long> ids = new ArrayList<>(events.size());
            for (StoredEvent event : events) {
                if (!store.events(application).add(event)) {
                    throw RecordConflictException.of(application, Candidate.of(events), null);
                }
                long id = store.nextId();
                store.put(store.log(application), id, event);
                store.put(store.recordedAt(), id, Clock.systemUTC().instant());
                ids.add(id);
            }
            return ids;
        });
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
        return store.atomically(() -> {
            List<Long> ids = insertEvents(events);
            Position current = store.positions(application).get(tracking.leader());
            if (!Objects.equals(current, tracking.expected())) {
                throw new TrackingConflictException(
                        "Position of " + application + " in the log of " + tracking.leader() + " is " + current
                                + ", not " + tracking.expected() + ": another process has moved it.",
                        tracking.leader(),
                        tracking.notificationId(),
                        null);
            }
            store.put(store.positions(application), tracking.leader(), tracking.position());
            return ids;
        });
    }

    @Override
    public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
        return store.required(
                () -> SnapshotRecorder.select(store.events(application).of(originatorId), range));
    }

    @Override
    public NotificationPage selectPage(NotificationSelection selection) {
        return store.required(() -> {
            List<Notification> notifications = notifications(selection);
            return NotificationPage.of(
                    selection, notifications, selection.marked() ? marks(selection, notifications) : List.of());
        });
    }

    private List<LogMark> marks(NotificationSelection selection, List<Notification> notifications) {
        NavigableMap<Long, StoredEvent> log = store.log(application);
        NavigableSet<Long> ids = new TreeSet<>();
        notifications.forEach(notification -> ids.add(notification.id()));
        for (long end : List.of(selection.after(), Math.max(selection.after(), selection.upTo()))) {
            Long last = log.floorKey(end);
            if (last != null) {
                ids.add(last);
            }
        }
        return ids.stream()
                .map(id -> LogMark.of(
                        new Notification(id, Objects.requireNonNull(log.get(id))),
                        Objects.requireNonNull(store.recordedAt().get(id))))
                .toList();
    }

    private List<Notification> notifications(NotificationSelection selection) {
        return store.required(() -> {
            if (selection.after() >= selection.upTo()) {
                return List.of();
            }
            NavigableMap<Long, StoredEvent> within =
                    store.log(application).subMap(selection.after(), false, selection.upTo(), true);
            return within.entrySet().stream()
                    .filter(entry -> selection.topics().isEmpty()
                            || selection.topics().contains(entry.getValue().topic()))
                    .filter(entry ->
                            !selection.except().contains(entry.getValue().topic()))
                    .limit(selection.limit())
                    .map(entry -> new Notification(entry.getKey(), entry.getValue()))
                    .toList();
        });
    }

    @Override
    public OptionalLong maxNotificationId() {
        return store.required(() -> {
            NavigableMap<Long, StoredEvent> log = store.log(application);
            return log.isEmpty() ? OptionalLong.empty() : OptionalLong.of(log.lastKey());
        });
    }

    @Override
    public Optional<Backlog> backlog(long after) {
        return Optional.of(store.required(() -> {
            NavigableMap<Long, StoredEvent> behind = store.log(application).tailMap(after, false);
            return behind.isEmpty()
                    ? Backlog.NONE
                    : new Backlog(Math.min(behind.size(), Backlog.MOST_COUNTED), age(behind.firstKey()));
        }));
    }

    private Duration age(long id) {
        Instant now = Clock.systemUTC().instant();
        Duration age = Duration.between(store.recordedAt().getOrDefault(id, now), now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    @Override
    public Optional<Position> position(String leader) {
        return store.required(
                () -> Optional.ofNullable(store.positions(application).get(leader)));
    }
}
