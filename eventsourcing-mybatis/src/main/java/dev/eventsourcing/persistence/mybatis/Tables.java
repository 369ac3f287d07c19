package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which tables recorders work on, and what they expect of them.
 *
 * @param schema where the tables are
 * @param expected how the log has to be ordered; null for "as the schema has it recorded"
 * @param orders makes what keeps the order
 */
record Tables(Schema schema, @Nullable OrderingStrategy expected, EventOrder.Maker orders) {
    static final Tables OF_CONNECTION = new Tables(Schema.OF_CONNECTION, null, EventOrder::of);

    Tables in(Schema other) {
        return new Tables(other, expected, orders);
    }

    Tables ordered(OrderingStrategy strategy) {
        return new Tables(schema, strategy, orders);
    }

    Tables ordered(EventOrder.Maker maker) {
        return new Tables(schema, expected, maker);
    }

    /**
     * What keeps the order in these tables.
     *
     * @throws ConfigurationException if another strategy is recorded in the schema than is expected
     */
    EventOrder order(Unit unit) {
        List<String> names = unit.list("selectOrdering", Map.of());
        if (names.isEmpty()) {
            throw new ConfigurationException(
                    "The table event_ordering is empty, so nobody knows how the log is ordered. Write back what was in it:"
                            + " 'readers-barrier' unless another strategy was chosen, 'counter-row' on H2.");
        }
        H2File.warnOfLateWrites(unit);
        OrderingStrategy recorded = OrderingStrategy.named(names.get(0));
        if (expected != null && expected != recorded) {
            throw new ConfigurationException(
                    "The log of this schema is ordered with " + recorded.settingName() + ", and "
                            + expected.settingName()
                            + " was asked for; the two must not mix. Leave the choice to the schema, or"
                            + " change it there: EventStoreSchema.changeOrdering.");
        }
        return orders.make(recorded, unit.database());
    }
}
