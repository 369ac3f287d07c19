package dev.eventsourcing.persistence.contract;

import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.persistence.mybatis.OrderingStrategy;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;

/** What a contract runs against. */
public interface Store extends AutoCloseable {
    RecorderFactory recorders();

    /** Whether a thread that uses the recorders waits for another. */
    boolean isWaiting(Thread thread);

    /** Whether the ids of one insert lie together, and not between those of others. */
    default boolean keepsInsertsApart() {
        return true;
    }

    @Override
    void close();

    static Store inMemory() {
        InMemoryRecorders recorders = new InMemoryRecorders();
        return new Store() {
            @Override
            public RecorderFactory recorders() {
                return recorders;
            }

            @Override
            public boolean isWaiting(Thread thread) {
                return thread.getState() == Thread.State.WAITING;
            }

            @Override
            public void close() {}
        };
    }

    /** A PostgreSQL database whose log is ordered by a strategy. */
    static Store on(OrderingStrategy strategy) {
        return in(PostgresDatabase.migrated(strategy), strategy != OrderingStrategy.READERS_BARRIER);
    }

    static Store in(TestDatabase database) {
        return in(database, true);
    }

    private static Store in(TestDatabase database, boolean keepsInsertsApart) {
        MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
        return new Store() {
            @Override
            public RecorderFactory recorders() {
                return recorders;
            }

            @Override
            public boolean isWaiting(Thread thread) {
                return database.somebodyWaits();
            }

            @Override
            public boolean keepsInsertsApart() {
                return keepsInsertsApart;
            }

            @Override
            public void close() {
                recorders.close();
                database.close();
            }
        };
    }
}
