package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.contract.DatabaseRecorders;
import dev.eventsourcing.persistence.contract.RecorderPromises;
import dev.eventsourcing.testing.RecorderContract;
import dev.eventsourcing.testsupport.PostgresDatabase;

class PostgresRecordersTest extends RecorderPromises {
    @Override
    protected RecorderContract<?> contract() {
        return DatabaseRecorders.contract(() -> PostgresDatabase.migrated(OrderingStrategy.READERS_BARRIER));
    }
}
