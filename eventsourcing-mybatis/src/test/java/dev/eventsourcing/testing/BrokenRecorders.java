package dev.eventsourcing.testing;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Recorders in memory, one kind of which is replaced by a broken one. */
class BrokenRecorders implements RecorderFactory {
    private final InMemoryRecorders whole = new InMemoryRecorders();

    InMemoryRecorders whole() {
        return whole;
    }

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return whole.snapshotRecorder(applicationName);
    }

    @Override
    public final ApplicationRecorder applicationRecorder(String applicationName) {
        return processRecorder(applicationName);
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        return whole.processRecorder(applicationName);
    }

    @Override
    public SharedStore sharedStore() {
        return whole.sharedStore();
    }

    @Override
    public ParkedEvents parkedEvents(String applicationName) {
        return whole.parkedEvents(applicationName);
    }

    @Override
    public Transactions transactions() {
        return whole.transactions();
    }

    @Override
    public void close() {
        whole.close();
    }

    /** Breaks each recorder of events; one is made for each name, as it may remember something. */
    static BrokenRecorders with(Function<ProcessRecorder, ProcessRecorder> breaks) {
        Map<String, ProcessRecorder> made = new ConcurrentHashMap<>();
        return new BrokenRecorders() {
            @Override
            public ProcessRecorder processRecorder(String applicationName) {
                return made.computeIfAbsent(applicationName, name -> breaks.apply(super.processRecorder(name)));
            }
        };
    }

    /** Does what a whole recorder does; made to be broken in one place. */
    static class Delegate implements ProcessRecorder {
        final ProcessRecorder whole;

        Delegate(ProcessRecorder whole) {
            this.whole = whole;
        }

        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return whole.insertEvents(events);
        }

        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            return whole.insertEvents(events, tracking);
        }

        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return whole.selectEvents(originatorId, range);
        }

        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            return whole.selectPage(selection);
        }

        @Override
        public OptionalLong maxNotificationId() {
            return whole.maxNotificationId();
        }

        @Override
        public Optional<Backlog> backlog(long after) {
            return whole.backlog(after);
        }

        @Override
        public Optional<Position> position(String leader) {
            return whole.position(leader);
        }
    }
}
