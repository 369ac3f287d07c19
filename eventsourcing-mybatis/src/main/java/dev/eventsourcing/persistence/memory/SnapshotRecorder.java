package dev.eventsourcing.persistence.memory;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecordConflictException.Candidate;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import java.util.List;
import java.util.NavigableMap;
import java.util.UUID;
import java.util.stream.Stream;

/** Sequences without a log. */
final class SnapshotRecorder implements AggregateRecorder {
    private final Store store;
    private final String application;

    SnapshotRecorder(Store store, String application) {
        this.store = store;
        this.application = application;
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events) {
        return store.atomically(() -> {
            for (StoredEvent snapshot : events) {
                if (!store.snapshots(application).add(snapshot)) {
                    throw RecordConflictException.ofSnapshots(application, Candidate.of(events), null);
                }
            }
            return List.of();
        });
    }

    @Override
    public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
        return store.required(() -> select(store.snapshots(application).of(originatorId), range));
    }

    static List<StoredEvent> select(NavigableMap<Long, StoredEvent> sequence, VersionRange range) {
        if (range.after() >= range.upTo()) {
            return List.of();
        }
        NavigableMap<Long, StoredEvent> within = sequence.subMap(range.after(), false, range.upTo(), true);
        Stream<StoredEvent> ordered = (range.descending() ? within.descendingMap() : within).values().stream();
        return ordered.limit(range.limit()).toList();
    }
}
