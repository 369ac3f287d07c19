package dev.eventsourcing.persistence.mybatis;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Appends to the log so that commits happen in the order of the ids: whoever appends keeps the others waiting until its
 * transaction ends. This is the one place where the order of the log is made.
 */
enum AppendOrder {
    /** The table is locked against other writers, not against readers; ids are the table's identity. */
    TABLE_LOCK {
        @Override
        List<Long> append(Unit unit, Appending appending) {
            unit.run("lockStoredEvents");
            List<Long> ids = appending.insert(unit, "insertStoredEvents", VERSION_KEY, Map.of());
            // They were given in the order of the events; in which order they are returned, SQL does not promise.
            Collections.sort(ids);
            return ids;
        }
    },

    /** Ids come from a row that the transaction has changed, and so holds. */
    COUNTER_ROW {
        @Override
        List<Long> append(Unit unit, Appending appending) {
            long count = appending.events().size();
            long last = unit.<Long>list("takeNotificationIds", Map.of("count", count))
                    .get(0);
            for (int from = 0; from < count; from += H2_ARRAY) {
                appending
                        .part(from, (int) Math.min(from + H2_ARRAY, count))
                        .insert(unit, "insertStoredEvents", VERSION_KEY, Map.of("before", last - count + from));
            }
            return LongStream.rangeClosed(last - count + 1, last).boxed().toList();
        }
    };

    /** H2 takes arrays of 65,536 elements at most. */
    private static final int H2_ARRAY = 10_000;

    private static final String VERSION_KEY = "stored_events_version_key";

    static AppendOrder of(Database database) {
        return switch (database) {
            case H2 -> COUNTER_ROW;
            case POSTGRESQL -> TABLE_LOCK;
        };
    }

    /** Inserts the events and returns their ids, in the order of the events. */
    abstract List<Long> append(Unit unit, Appending appending);
}
