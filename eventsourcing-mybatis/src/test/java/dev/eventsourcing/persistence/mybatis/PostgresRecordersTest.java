package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.contract.AggregateRecorderContract;
import dev.eventsourcing.persistence.contract.ApplicationRecorderContract;
import dev.eventsourcing.persistence.contract.ConcurrencyContract;
import dev.eventsourcing.persistence.contract.ProcessRecorderContract;
import dev.eventsourcing.persistence.contract.Store;
import dev.eventsourcing.testsupport.PostgresDatabase;
import org.junit.jupiter.api.Nested;

class PostgresRecordersTest {
    @Nested
    class Snapshots extends AggregateRecorderContract {
        @Override
        protected Store newStore() {
            return Store.in(PostgresDatabase.migrated());
        }

        @Override
        protected AggregateRecorder recorder(RecorderFactory recorders, String application) {
            return recorders.snapshotRecorder(application);
        }
    }

    @Nested
    class Applications extends ApplicationRecorderContract {
        @Override
        protected Store newStore() {
            return Store.in(PostgresDatabase.migrated());
        }

        @Override
        protected ApplicationRecorder recorder(RecorderFactory recorders, String application) {
            return recorders.applicationRecorder(application);
        }
    }

    @Nested
    class Processes extends ProcessRecorderContract {
        @Override
        protected Store newStore() {
            return Store.in(PostgresDatabase.migrated());
        }

        @Override
        protected ProcessRecorder recorder(RecorderFactory recorders, String application) {
            return recorders.processRecorder(application);
        }
    }

    @Nested
    class Concurrency extends ConcurrencyContract {
        @Override
        protected Store newStore() {
            return Store.in(PostgresDatabase.migrated());
        }
    }
}
