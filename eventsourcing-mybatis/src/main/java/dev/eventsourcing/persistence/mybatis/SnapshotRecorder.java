package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sequences without a log, in the table of snapshots. Takes no lock: nobody reads them in an order of commits. */
final class SnapshotRecorder implements AggregateRecorder {
    private final Units units;
    private final String application;

    SnapshotRecorder(Units units, String application) {
        this.units = units;
        this.application = application;
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events) {
        if (!events.isEmpty()) {
            Appending appending = Appending.snapshots(application, events);
            // The order is not needed; asking for it shows that the tables are ours.
            units.writeInOrder(appending, (order, unit) -> appending.insert(unit, "insertSnapshots", Map.of()));
        }
        return List.of();
    }

    @Override
    public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
        return select(units, application, "selectSnapshots", originatorId, range);
    }

    static List<StoredEvent> select(
            Units units, String application, String statement, UUID originatorId, VersionRange range) {
        return units.read(
                "Reading " + originatorId + " of application " + application,
                unit -> unit.list(
                        range.descending() ? statement + "HighestFirst" : statement,
                        Map.of(
                                "application", application,
                                "originatorId", originatorId,
                                "after", range.after(),
                                "upTo", range.upTo(),
                                "limit", range.limit())));
    }
}
