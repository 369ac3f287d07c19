package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.contract.DatabaseRecorders;
import dev.eventsourcing.persistence.contract.RecorderPromises;
import dev.eventsourcing.testing.RecorderContract;
import dev.eventsourcing.testsupport.H2Database;

class H2RecordersTest extends RecorderPromises {
    @Override
    protected RecorderContract<?> contract() {
        return DatabaseRecorders.contract(H2Database::migrated).insertsLieTogether();
    }
}
