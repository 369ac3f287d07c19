package dev.eventsourcing.persistence;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many rows of the user's a rehearsed transaction has changed.
 *
 * @param counted what the numbers are by
 * @param rows the numbers, by name of the table or statement, of those only that changed something
 */
public record RowChanges(Counted counted, Map<String, Rows> rows) {
    /** Nothing is known. */
    public static final RowChanges UNKNOWN = new RowChanges(Counted.NOTHING, Map.of());

    /** Copies the map; names are in their order. */
    public RowChanges {
        rows = Collections.unmodifiableMap(new TreeMap<>(rows));
    }

    /** What rows are counted by. */
    public enum Counted {
        /** By table, as the database counts them: what triggers and cascades change is in it. */
        TABLE,
        /** By mapped statement, as MyBatis reports them: what triggers and cascades change is not in it. */
        STATEMENT,
        /** Not at all: these transactions do not tell. */
        NOTHING
    }

    /**
     * Numbers of rows.
     *
     * @param inserted how many were inserted
     * @param updated how many were updated
     * @param deleted how many were deleted
     */
    public record Rows(long inserted, long updated, long deleted) {
        /** None. */
        public static final Rows NONE = new Rows(0, 0, 0);

        /** Both together. */
        public Rows plus(Rows other) {
            return new Rows(inserted + other.inserted, updated + other.updated, deleted + other.deleted);
        }

        /** What these are more than others. */
        public Rows minus(Rows other) {
            return new Rows(inserted - other.inserted, updated - other.updated, deleted - other.deleted);
        }
    }

    /** What these are more than those of an earlier look at the same transaction. */
    public RowChanges since(RowChanges before) {
        return combined(before, -1);
    }

    /** Both together. */
    public RowChanges plus(RowChanges other) {
        return combined(other, 1);
    }

    private RowChanges combined(RowChanges other, int sign) {
        Map<String, Rows> sum = new TreeMap<>(rows);
        other.rows.forEach((name, theirs) -> {
            Rows ours = sum.getOrDefault(name, Rows.NONE);
            sum.put(name, sign < 0 ? ours.minus(theirs) : ours.plus(theirs));
        });
        sum.values().removeIf(Rows.NONE::equals);
        return new RowChanges(counted == Counted.NOTHING ? other.counted : counted, sum);
    }
}
