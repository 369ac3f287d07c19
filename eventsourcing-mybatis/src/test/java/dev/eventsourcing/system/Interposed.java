package dev.eventsourcing.system;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.VersionRange;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Recorders in which a test has something happen once between two steps of a follower, and which count reads of what is parked. */
final class Interposed implements RecorderFactory {
    private static final Runnable NOTHING = () -> {};

    /** Happens once a position was read. */
    Runnable afterPosition = NOTHING;

    /** Happens once what is parked of an originator was read. */
    Runnable afterSelect = NOTHING;

    /** Happens in the transaction of a batch, once it knows whose events are parked. */
    Runnable afterOriginators = NOTHING;

    /** Happens once a page of a log was read, and before it is processed. */
    Runnable afterPage = NOTHING;

    int largestPage;
    private final RecorderFactory recorders;

    Interposed(RecorderFactory recorders) {
        this.recorders = recorders;
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        return new Recorder(recorders.processRecorder(applicationName));
    }

    @Override
    public ParkedEvents parkedEvents(String applicationName) {
        return new Parked(recorders.parkedEvents(applicationName));
    }

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return recorders.snapshotRecorder(applicationName);
    }

    @Override
    public ApplicationRecorder applicationRecorder(String applicationName) {
        return processRecorder(applicationName);
    }

    @Override
    public Transactions transactions() {
        return recorders.transactions();
    }

    @Override
    public void close() {
        recorders.close();
    }

    private final class Recorder implements ProcessRecorder {
        private final ProcessRecorder recorder;

        Recorder(ProcessRecorder recorder) {
            this.recorder = recorder;
        }

        @Override
        public Optional<Position> position(String leader) {
            Optional<Position> position = recorder.position(leader);
            Runnable now = afterPosition;
            afterPosition = NOTHING;
            now.run();
            return position;
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
        public List<Long> insertEvents(List<StoredEvent> events) {
            return recorder.insertEvents(events);
        }

        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return recorder.selectEvents(originatorId, range);
        }

        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            NotificationPage page = recorder.selectPage(selection);
            Runnable now = afterPage;
            afterPage = NOTHING;
            now.run();
            return page;
        }

        @Override
        public OptionalLong maxNotificationId() {
            return recorder.maxNotificationId();
        }
    }

    private final class Parked implements ParkedEvents {
        private final ParkedEvents parked;

        Parked(ParkedEvents parked) {
            this.parked = parked;
        }

        @Override
        public Set<UUID> originators(String leader, Collection<UUID> among) {
            Set<UUID> originators = parked.originators(leader, among);
            Runnable now = afterOriginators;
            afterOriginators = NOTHING;
            now.run();
            return originators;
        }

        @Override
        public List<ParkedEvent> select(String leader, UUID originatorId, long after, int limit) {
            largestPage = Math.max(largestPage, limit);
            List<ParkedEvent> page = parked.select(leader, originatorId, after, limit);
            Runnable now = afterSelect;
            afterSelect = NOTHING;
            now.run();
            return page;
        }

        @Override
        public List<ParkedEvent> select(String leader, long after, int limit) {
            largestPage = Math.max(largestPage, limit);
            return parked.select(leader, after, limit);
        }

        @Override
        public void park(Collection<ParkedEvent> events) {
            parked.park(events);
        }

        @Override
        public int remove(String leader, Collection<Long> notificationIds) {
            return parked.remove(leader, notificationIds);
        }

        @Override
        public long count(String leader) {
            return parked.count(leader);
        }
    }
}
