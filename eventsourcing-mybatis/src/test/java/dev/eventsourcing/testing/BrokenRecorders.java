package dev.eventsourcing.testing;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvent;
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
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

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

    /** Breaks what the applications share. */
    static BrokenRecorders sharing(BiFunction<SharedStore, Transactions, SharedStore> breaks) {
        return new BrokenRecorders() {
            private final SharedStore broken = breaks.apply(super.sharedStore(), transactions());

            @Override
            public SharedStore sharedStore() {
                return broken;
            }
        };
    }

    /** Breaks how events are parked. */
    static BrokenRecorders parking(UnaryOperator<ParkedEvents> breaks) {
        return new BrokenRecorders() {
            @Override
            public ParkedEvents parkedEvents(String applicationName) {
                return breaks.apply(super.parkedEvents(applicationName));
            }
        };
    }

    /** Does what a whole store does; made to be broken in one place. */
    static class StoreDelegate implements SharedStore {
        final SharedStore whole;

        StoreDelegate(SharedStore whole) {
            this.whole = whole;
        }

        @Override
        public Map<String, Long> heads(Collection<String> applications) {
            return whole.heads(applications);
        }

        @Override
        public Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
            return whole.takeLeases(holder, followers, time);
        }

        @Override
        public Set<String> takeOverLeases(String holder, Collection<FollowerLease> abandoned, Duration time) {
            return whole.takeOverLeases(holder, abandoned, time);
        }

        @Override
        public void releaseLeases(String holder, Collection<String> followers) {
            whole.releaseLeases(holder, followers);
        }

        @Override
        public List<FollowerLease> leases(Collection<String> followers) {
            return whole.leases(followers);
        }

        @Override
        public void limitIdleness(Duration idle) {
            whole.limitIdleness(idle);
        }
    }

    /** Parks as a whole recorder does; made to be broken in one place. */
    static class ParkingDelegate implements ParkedEvents {
        final ParkedEvents whole;

        ParkingDelegate(ParkedEvents whole) {
            this.whole = whole;
        }

        @Override
        public Set<UUID> originators(String leader, Collection<UUID> among) {
            return whole.originators(leader, among);
        }

        @Override
        public void park(Collection<ParkedEvent> events) {
            whole.park(events);
        }

        @Override
        public int remove(String leader, Collection<Long> notificationIds) {
            return whole.remove(leader, notificationIds);
        }

        @Override
        public List<ParkedEvent> select(String leader, long after, int limit) {
            return whole.select(leader, after, limit);
        }

        @Override
        public List<ParkedEvent> select(String leader, UUID originatorId, long after, int limit) {
            return whole.select(leader, originatorId, after, limit);
        }

        @Override
        public List<ParkedEvent> failures(String leader, long below, int limit) {
            return whole.failures(leader, below, limit);
        }

        @Override
        public long count(String leader) {
            return whole.count(leader);
        }
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
