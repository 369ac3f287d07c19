package dev.eventsourcing.persistence.mybatis;

class PostgresCounterRowTest extends PostgresContracts {
    PostgresCounterRowTest() {
        super(OrderingStrategy.COUNTER_ROW);
    }
}
