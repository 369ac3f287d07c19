package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.PolicyScope;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.VersionRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back what the policies of a batch have collected, so that all of it is inserted at the batch's end and a slow policy
 * holds no lock. Meanwhile the thread of the batch reads it as if it were stored; other threads see what is stored.
 */
final class BatchRecorder implements ProcessRecorder {
    private final ProcessRecorder recorder;
    private final ThreadLocal<@Nullable Batch> current = new ThreadLocal<>();

    BatchRecorder(ProcessRecorder recorder) {
        this.recorder = recorder;
    }

    /** Does the work of a batch; what it keeps back is forgotten at its end. */
    <T> T inBatch(Batch batch, Supplier<T> work) {
        current.set(batch);
        try {
            return PolicyScope.during(work);
        } finally {
            current.remove();
        }
    }

    /** The batch that is open on this thread. */
    Optional<Batch> batch() {
        return Optional.ofNullable(current.get());
    }

    @Override
    public void beginBatch() {
        recorder.beginBatch();
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events) {
        if (current.get() != null && !events.isEmpty()) {
            throw new EventSourcingException(
                    "A policy does not save. Hand the aggregate to processing.collect(..), which records its events"
                            + " together with the follower's position.");
        }
        return recorder.insertEvents(events);
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
        return recorder.insertEvents(events, tracking);
    }

    @Override
    public List<Long> insertLastEvents(List<StoredEvent> events, Tracking tracking) {
        return recorder.insertLastEvents(events, tracking);
    }

    @Override
    public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
        List<StoredEvent> stored = recorder.selectEvents(originatorId, range);
        Batch batch = current.get();
        List<StoredEvent> kept = batch == null ? List.of() : batch.stored(originatorId);
        if (kept.isEmpty()) {
            return stored;
        }
        List<StoredEvent> all = new ArrayList<>(stored);
        for (StoredEvent event : kept) {
            if (event.originatorVersion() > range.after() && event.originatorVersion() <= range.upTo()) {
                all.add(event);
            }
        }
        Comparator<StoredEvent> byVersion = Comparator.comparingLong(StoredEvent::originatorVersion);
        all.sort(range.descending() ? byVersion.reversed() : byVersion);
        return all.size() > range.limit() ? all.subList(0, range.limit()) : all;
    }

    @Override
    public boolean containsAny(List<StoredEvent> events) {
        return recorder.containsAny(events);
    }

    @Override
    public NotificationPage selectPage(NotificationSelection selection) {
        return recorder.selectPage(selection);
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
    public Optional<Map<String, Long>> countByTopic(NotificationSelection selection) {
        return recorder.countByTopic(selection);
    }

    @Override
    public Optional<Position> position(String leader) {
        return recorder.position(leader);
    }
}
