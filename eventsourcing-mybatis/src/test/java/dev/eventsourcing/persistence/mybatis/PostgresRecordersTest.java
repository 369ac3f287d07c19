package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.contract.AggregateRecorderContract;
import dev.eventsourcing.persistence.contract.Store;
import org.junit.jupiter.api.Nested;

class PostgresRecordersTest extends PostgresContracts {
    PostgresRecordersTest() {
        super(OrderingStrategy.READERS_BARRIER);
    }

    @Nested
    class Snapshots extends AggregateRecorderContract {
        @Override
        protected Store newStore() {
            return Store.on(OrderingStrategy.READERS_BARRIER);
        }

        @Override
        protected AggregateRecorder recorder(RecorderFactory recorders, String application) {
            return recorders.snapshotRecorder(application);
        }
    }
}
