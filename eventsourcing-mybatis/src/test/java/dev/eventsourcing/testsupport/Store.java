package dev.eventsourcing.testsupport;

import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;

/** Where events are kept. */
public enum Store {
    MEMORY,
    H2,
    POSTGRESQL;

    /** A store of one test, with nothing in it. */
    public Opened open() {
        return switch (this) {
            case MEMORY -> new Opened(new InMemoryRecorders(), () -> {});
            case H2 -> over(H2Database.migrated());
            case POSTGRESQL -> over(PostgresDatabase.migrated());
        };
    }

    private static Opened over(TestDatabase database) {
        return new Opened(MyBatisRecorders.over(database.dataSource()), database::close);
    }

    /** Recorders, counted, and what closes the store below them. */
    public static final class Opened implements AutoCloseable {
        public final CountingRecorders recorders;
        private final Runnable closing;

        private Opened(RecorderFactory recorders, Runnable closing) {
            this.recorders = new CountingRecorders(recorders);
            this.closing = closing;
        }

        @Override
        public void close() {
            recorders.close();
            closing.run();
        }
    }
}
