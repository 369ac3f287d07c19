package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;

/** The databases that a test runs on, one after the other. */
enum DatabaseKind {
    H2 {
        @Override
        TestDatabase empty() {
            return H2Database.empty();
        }

        @Override
        TestDatabase migrated() {
            return H2Database.migrated();
        }
    },
    POSTGRESQL {
        @Override
        TestDatabase empty() {
            return PostgresDatabase.empty();
        }

        @Override
        TestDatabase migrated() {
            return PostgresDatabase.migrated();
        }
    };

    abstract TestDatabase empty();

    abstract TestDatabase migrated();
}
