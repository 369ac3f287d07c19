package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.contract.ApplicationRecorderContract;
import dev.eventsourcing.persistence.contract.ConcurrencyContract;
import dev.eventsourcing.persistence.contract.ProcessRecorderContract;
import dev.eventsourcing.persistence.contract.Store;
import org.junit.jupiter.api.Nested;

/** What recorders that keep a log promise, on PostgreSQL with one of the ordering strategies. */
abstract class PostgresContracts {
    private final OrderingStrategy strategy;

    PostgresContracts(OrderingStrategy strategy) {
        this.strategy = strategy;
    }

    @Nested
    class Applications extends ApplicationRecorderContract {
        @Override
        protected Store newStore() {
            return Store.on(strategy);
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
            return Store.on(strategy);
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
            return Store.on(strategy);
        }
    }
}
