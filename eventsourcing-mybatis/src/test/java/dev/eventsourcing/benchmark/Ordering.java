package dev.eventsourcing.benchmark;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A way to order appends. The one place to add others, which the tables of {@link Scaling} about appends then show:
 * {@code new Ordering("counter row", recorders -> recorders.ordering(OrderingStrategy.COUNTER_ROW))}.
 *
 * @param name what the tables call it
 * @param chosen chooses it for recorders
 */
record Ordering(String name, UnaryOperator<MyBatisRecorders> chosen) {
    static final Ordering DEFAULT = new Ordering("default", UnaryOperator.identity());
    static final List<Ordering> ALL = List.of(DEFAULT);
}
