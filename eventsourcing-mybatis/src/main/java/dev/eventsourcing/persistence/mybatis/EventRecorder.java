package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.VersionRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sequences, their log, and the positions of a follower. */
final class EventRecorder implements ProcessRecorder {
    private final Units units;
    private final String application;

    EventRecorder(Units units, String application) {
        this.units = units;
        this.application = application;
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        Appending appending = Appending.events(application, events);
        return units.append(appending, (order, unit) -> order.append(unit, appending));
    }

    @Override
    public void beginBatch() {
        units.beginBatch();
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
        return units.writeInOrder(moving(tracking), (order, unit) -> insert(order, unit, events, tracking));
    }

    @Override
    public List<Long> insertLastEvents(List<StoredEvent> events, Tracking tracking) {
        return units.writeLast(moving(tracking), (order, unit) -> insert(order, unit, events, tracking));
    }

    private List<Long> insert(EventOrder order, Unit unit, List<StoredEvent> events, Tracking tracking) {
        if (events.isEmpty()) {
            track(unit, tracking);
            return List.of();
        }
        Appending appending = Appending.events(application, events);
        Position expected = tracking.expected();
        if (expected != null && order.movesPositions()) {
            List<Long> ids = order.appendAndMove(unit, appending, move(unit, tracking, expected));
            if (ids.isEmpty()) {
                unit.requireBegun();
                throw conflict(tracking, null);
            }
            return ids;
        }
        List<Long> ids = order.append(unit, appending);
        track(unit, tracking);
        return ids;
    }

    private String moving(Tracking tracking) {
        return "Moving the position of " + application + " in the log of " + tracking.leader() + " to "
                + tracking.notificationId();
    }

    @Override
    public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
        return SnapshotRecorder.select(units, application, "selectStoredEvents", originatorId, range);
    }

    @Override
    public boolean containsAny(List<StoredEvent> events) {
        return !events.isEmpty()
                && units.<Boolean>read(
                        "Asking whether versions are recorded in application " + application,
                        unit -> !unit.list(
                                        "containsAny",
                                        Map.of(
                                                "application",
                                                application,
                                                "events",
                                                new EventArrays.Rows<>(
                                                        lowest(events).values())))
                                .isEmpty());
    }

    private static Map<UUID, StoredEvent> lowest(List<StoredEvent> events) {
        Map<UUID, StoredEvent> lowest = new HashMap<>();
        for (StoredEvent event : events) {
            lowest.merge(
                    event.originatorId(),
                    event,
                    (one, other) -> one.originatorVersion() <= other.originatorVersion() ? one : other);
        }
        return lowest;
    }

    @Override
    public NotificationPage selectPage(NotificationSelection selection) {
        return units.readLog(
                "Reading the log of " + application + " after " + selection.after(),
                (order, unit) -> order.select(unit, application, selection));
    }

    @Override
    public OptionalLong maxNotificationId() {
        long readable = end().readable();
        return readable == 0 ? OptionalLong.empty() : OptionalLong.of(readable);
    }

    @Override
    public LogEnd end() {
        return units.readLog(
                "Reading the end of the log of " + application, (order, unit) -> order.end(unit, application));
    }

    @Override
    public List<OpenAppend> openAppends() {
        return units.readLog("Asking who is appending", (order, unit) -> order.openAppends(unit));
    }

    @Override
    public Optional<Backlog> backlog(long after) {
        return units.read(
                "Counting what " + application + " has recorded after " + after,
                unit -> unit
                        .<Backlog>list(
                                "selectBacklog",
                                Map.of("application", application, "after", after, "most", Backlog.MOST_COUNTED))
                        .stream()
                        .findAny());
    }

    @Override
    public Optional<Map<String, Long>> countByTopic(NotificationSelection selection) {
        return Optional.of(units.read(
                "Counting what " + application + " has recorded after " + selection.after(),
                unit -> unit
                        .<TopicCount>list(
                                "countByTopic",
                                Map.of(
                                        "application",
                                        application,
                                        "after",
                                        selection.after(),
                                        "upTo",
                                        selection.upTo(),
                                        "all",
                                        selection.topics().isEmpty(),
                                        "topics",
                                        new EventArrays.Rows<>(selection.topics()),
                                        "except",
                                        new EventArrays.Rows<>(selection.except())))
                        .stream()
                        .collect(Collectors.toMap(TopicCount::topic, TopicCount::events))));
    }

    @Override
    public Optional<Position> position(String leader) {
        return units.read(
                "Reading the position of " + application + " in the log of " + leader,
                unit ->
                        unit
                                .<Position>list("selectPosition", Map.of("application", application, "leader", leader))
                                .stream()
                                .findAny());
    }

    /** Moves the position by compare-and-set: no row, or a row that is there already, means that another was faster. */
    private void track(Unit unit, Tracking tracking) {
        List<Long> moved;
        try {
            if (tracking.expected() == null) {
                // Once for each leader: no statement of its own is needed in the many moves that follow.
                unit.requireBegun();
            }
            moved = tracking.expected() == null
                    ? unit.list(
                            "insertPosition",
                            Map.of(
                                    "application", application,
                                    "leader", tracking.leader(),
                                    "notificationId", tracking.notificationId(),
                                    "marks", text(tracking.marks())))
                    : unit.list("movePosition", move(unit, tracking, tracking.expected()));
        } catch (RuntimeException e) {
            if (unit.violates(e, Key.POSITION)) {
                throw conflict(tracking, e);
            }
            throw e;
        }
        if (moved.isEmpty()) {
            unit.requireBegun();
            throw conflict(tracking, null);
        }
    }

    private Map<String, Object> move(Unit unit, Tracking tracking, Position expected) {
        return Map.of(
                "application", application,
                "leader", tracking.leader(),
                "notificationId", tracking.notificationId(),
                "epoch", tracking.epoch(),
                "expectedId", expected.notificationId(),
                "expectedEpoch", expected.epoch(),
                "marks", text(tracking.marks()),
                "transaction", unit.identity());
    }

    /** As a column has them; empty if they are not known. */
    private static String text(List<LogMark> marks) {
        return marks.stream().map(LogMark::toString).collect(Collectors.joining(" "));
    }

    private TrackingConflictException conflict(Tracking tracking, @Nullable Throwable cause) {
        return new TrackingConflictException(
                "The position of " + application + " in the log of " + tracking.leader() + " is no longer "
                        + (tracking.expected() == null ? "unset" : tracking.expected())
                        + ": another process has moved it. Nothing was recorded; go on from where it is now.",
                tracking.leader(),
                tracking.notificationId(),
                cause);
    }
}
