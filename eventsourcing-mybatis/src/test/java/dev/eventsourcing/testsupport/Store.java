package dev.eventsourcing.testsupport;

import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import java.util.function.Supplier;

/** Where events are kept. */
public enum Store {
    MEMORY,
    H2,
    POSTGRESQL;

    /** A store of one test, with nothing in it. */
    public Opened open() {
        return switch (this) {
            case MEMORY -> inMemory(new InMemoryRecorders());
            case H2 -> over(H2Database.migrated());
            case POSTGRESQL -> over(PostgresDatabase.migrated());
        };
    }

    private static Opened inMemory(InMemoryRecorders recorders) {
        return new Opened(() -> recorders, () -> {});
    }

    private static Opened over(TestDatabase database) {
        return new Opened(() -> MyBatisRecorders.over(database.dataSource()), database::close);
    }

    /** Recorders, counted, and what closes the store below them. */
    public static final class Opened implements AutoCloseable {
        public final CountingRecorders recorders;
        private final Supplier<RecorderFactory> processes;
        private final Runnable closing;

        private Opened(Supplier<RecorderFactory> processes, Runnable closing) {
            this.recorders = new CountingRecorders(processes.get());
            this.processes = processes;
            this.closing = closing;
        }

        /** Recorders over the same store as another process has them; those in memory are the same. */
        public RecorderFactory ofAnotherProcess() {
            return processes.get();
        }

        @Override
        public void close() {
            recorders.close();
            closing.run();
        }
    }
}
