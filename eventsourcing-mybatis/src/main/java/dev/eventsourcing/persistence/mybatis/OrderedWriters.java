package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Writers wait for each other, from before they take ids to the end of their transactions, and so commit in the order of the
 * ids. Readers may be given all that they see.
 */
final class OrderedWriters implements EventOrder {
    /** H2 takes arrays of 65,536 elements at most. */
    private static final int H2_ARRAY = 10_000;

    private final OrderingStrategy strategy;
    private final Append append;
    private final boolean atOnce;

    OrderedWriters(OrderingStrategy strategy, Append append, boolean atOnce) {
        this.strategy = strategy;
        this.append = append;
        this.atOnce = atOnce;
    }

    /** PostgreSQL: changes the row of the counter, and holds it. */
    static List<Long> countAndInsert(Unit unit, Appending appending) {
        return appending.insert(unit, "countAndInsertStoredEvents", Map.of("count", (long)
                appending.events().size()));
    }

    /** PostgreSQL: locks the table against writers. */
    static List<Long> lockAndInsert(Unit unit, Appending appending) {
        return appending.insert(unit, "lockAndInsertStoredEvents", Map.of());
    }

    /** H2: changes the row of the counter, and holds it, then inserts. */
    static List<Long> takeIdsAndInsert(Unit unit, Appending appending) {
        long count = appending.events().size();
        long last =
                unit.<Long>list("takeNotificationIds", Map.of("count", count)).get(0);
        for (int from = 0; from < count; from += H2_ARRAY) {
            appending
                    .part(from, (int) Math.min(from + H2_ARRAY, count))
                    .insert(unit, "insertStoredEvents", Map.of("before", last - count + from));
        }
        return LongStream.rangeClosed(last - count + 1, last).boxed().toList();
    }

    @Override
    public boolean appendsAtOnce() {
        return atOnce;
    }

    @Override
    public List<Long> append(Unit unit, Appending appending) {
        return append.append(unit, appending);
    }

    @Override
    public NotificationPage select(Unit unit, String application, NotificationSelection selection) {
        requireRecorded(unit);
        return LogPage.select(unit, application, selection, "").page(selection);
    }

    @Override
    public LogEnd end(Unit unit, String application) {
        requireRecorded(unit);
        long end = LogPage.highestId(unit, application, Long.MAX_VALUE);
        return new LogEnd(end, end);
    }

    @Override
    public List<OpenAppend> openAppends(Unit unit) {
        return List.of();
    }

    /**
     * Throws if the connection leads to a schema with another strategy: one of another tenant, or where it was changed. Its writers
     * do not wait for each other, so readers would miss events.
     */
    private void requireRecorded(Unit unit) {
        List<String> recorded = unit.list("selectOrdering", Map.of());
        if (!recorded.equals(List.of(strategy.settingName()))) {
            throw new ConfigurationException(
                    "The log cannot be read: its schema is ordered with " + recorded
                            + ", and this program began with " + strategy.settingName()
                            + ". Start it again if that was changed; tenants behind one data source must all have one strategy.");
        }
    }

    /** Inserts events and returns their ids, in the order of the events. */
    interface Append {
        List<Long> append(Unit unit, Appending appending);
    }
}
