package dev.eventsourcing.benchmark;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.persistence.mybatis.OrderingStrategy;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A way to order appends.
 *
 * @param name what the tables call it
 * @param chosen chooses it for recorders
 */
record Ordering(String name, UnaryOperator<MyBatisRecorders> chosen) {
    static final Ordering DEFAULT = of(OrderingStrategy.READERS_BARRIER);

    /** What the tables of {@link Scaling} about appends show. */
    static final List<Ordering> ALL =
            Stream.of(OrderingStrategy.values()).map(Ordering::of).toList();

    private static Ordering of(OrderingStrategy strategy) {
        return new Ordering(strategy.settingName(), recorders -> recorders.ordering(strategy));
    }
}
