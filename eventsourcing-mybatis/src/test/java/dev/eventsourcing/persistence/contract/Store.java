package dev.eventsourcing.persistence.contract;

import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.TestDatabase;

/** What a contract runs against. */
public interface Store extends AutoCloseable {
    RecorderFactory recorders();

    /** Whether a thread that uses the recorders waits for another. */
    boolean isWaiting(Thread thread);

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

    static Store in(TestDatabase database) {
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
            public void close() {
                recorders.close();
                database.close();
            }
        };
    }
}
