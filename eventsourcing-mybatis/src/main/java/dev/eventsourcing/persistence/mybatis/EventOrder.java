package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import java.util.List;
import java.util.Map;

/**
 * How the order of a log is kept between those who append and those who read: an {@link OrderingStrategy} at work. Whatever
 * it is, a reader that was given an id is never later given one below. One object for all recorders of a factory, used by
 * several threads.
 */
interface EventOrder {
    /** Whether an append is one statement, which needs no transaction around it. */
    boolean appendsAtOnce();

    /** Inserts the events and returns their ids, in the order of the events. */
    List<Long> append(Unit unit, Appending appending);

    /** Whether {@link #appendAndMove} is there. */
    default boolean movesPositions() {
        return false;
    }

    /**
     * Inserts the events and moves a follower's position with one statement, both or neither.
     *
     * @param move the parameters of the move
     * @return the ids of the events, in their order; none if the position is not the expected one
     */
    default List<Long> appendAndMove(Unit unit, Appending appending, Map<String, ?> move) {
        throw new AssertionError("Moving a position takes a statement of its own");
    }

    /** Reads a page of what readers may be given. */
    NotificationPage select(Unit unit, String application, NotificationSelection selection);

    /** Where the log ends, for readers and at all. */
    LogEnd end(Unit unit, String application);

    /** Who keeps readers from the end of the log. */
    List<OpenAppend> openAppends(Unit unit);

    /**
     * A new object for a strategy.
     *
     * @throws ConfigurationException if the database has it not
     */
    static EventOrder of(OrderingStrategy strategy, Database database) {
        return switch (database) {
            case H2 -> {
                if (strategy != OrderingStrategy.COUNTER_ROW) {
                    throw new ConfigurationException("Ordering strategy " + strategy.settingName()
                            + " is one for PostgreSQL. On H2 use counter-row, or leave the choice to the library.");
                }
                yield new OrderedWriters(strategy, OrderedWriters::takeIdsAndInsert, false);
            }
            case POSTGRESQL ->
                switch (strategy) {
                    case READERS_BARRIER -> new ReadersBarrier();
                    case COUNTER_ROW -> new OrderedWriters(strategy, OrderedWriters::countAndInsert, true);
                    case TABLE_LOCK -> new OrderedWriters(strategy, OrderedWriters::lockAndInsert, false);
                };
        };
    }

    /** Makes orders; tests have some of their own. */
    interface Maker {
        /** As {@link EventOrder#of}. */
        EventOrder make(OrderingStrategy strategy, Database database);
    }
}
