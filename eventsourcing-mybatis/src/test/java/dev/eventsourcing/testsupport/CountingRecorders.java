package dev.eventsourcing.testsupport;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.VersionRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Recorders that count what is asked of the store; for applications of one thread. */
public final class CountingRecorders implements RecorderFactory {
    private final RecorderFactory recorders;
    private final Map<String, Counts> counts = new HashMap<>();

    CountingRecorders(RecorderFactory recorders) {
        this.recorders = recorders;
    }

    /** The recorders that do not count; for several threads. */
    public RecorderFactory uncounted() {
        return recorders;
    }

    /** What an application has asked for. */
    public Counts of(String application) {
        return counts.computeIfAbsent(application, name -> new Counts());
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
    public ProcessRecorder processRecorder(String applicationName) {
        return new Counting(recorders.processRecorder(applicationName), of(applicationName));
    }

    @Override
    public Transactions transactions() {
        return recorders.transactions();
    }

    @Override
    public void close() {
        recorders.close();
    }

    /** What was asked for. */
    public static final class Counts {
        /** The limit of each page of the log that was read. */
        public final List<Integer> pages = new ArrayList<>();

        /** How many events came with each move of a position. */
        public final List<Integer> inserts = new ArrayList<>();

        /** Where each move of a position went. */
        public final List<Long> moves = new ArrayList<>();

        /** How many events each read of an originator has returned. */
        public final List<Integer> read = new ArrayList<>();

        /** Whose events were read, once for each time. */
        public final List<UUID> reads = new ArrayList<>();
    }

    private record Counting(ProcessRecorder recorder, Counts counts) implements ProcessRecorder {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            counts.inserts.add(events.size());
            counts.moves.add(tracking.notificationId());
            return recorder.insertEvents(events, tracking);
        }

        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return recorder.insertEvents(events);
        }

        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            counts.reads.add(originatorId);
            List<StoredEvent> events = recorder.selectEvents(originatorId, range);
            counts.read.add(events.size());
            return events;
        }

        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            counts.pages.add(selection.limit());
            return recorder.selectPage(selection);
        }

        @Override
        public OptionalLong maxNotificationId() {
            return recorder.maxNotificationId();
        }

        @Override
        public Optional<Position> position(String leader) {
            return recorder.position(leader);
        }
    }
}
