package dev.eventsourcing.persistence.mybatis;

class PostgresTableLockTest extends PostgresContracts {
    PostgresTableLockTest() {
        super(OrderingStrategy.TABLE_LOCK);
    }
}
