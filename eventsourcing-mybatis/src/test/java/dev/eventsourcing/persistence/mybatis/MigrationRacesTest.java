package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationReport;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Several processes migrate the same tables at once: each migration is applied by one of them, and all find the tables. There are
 * several races, all at the same time.
 */
class MigrationRacesTest {
    private static final int RACES = 4;
    private static final int PROCESSES = 3;
    private static final String FLYWAY_WAITS = "Flyway tries for its lock on PostgreSQL once a second";
    private static final String[] ALL = {
        "V1 create event tables",
        "V2 record ordering",
        "V3 create follower tables",
        "V4 record lease times",
        "V5 mark positions",
        "V6 record followed topics"
    };

    private final List<TestDatabase> databases = new ArrayList<>();
    private final List<Race> races = new ArrayList<>();

    @AfterEach
    void close() {
        databases.forEach(TestDatabase::close);
    }

    @Test
    void areSafeOnH2() {
        raceForAll(DatabaseKind.H2);
        assertEachIsAppliedOnce();
    }

    @Test
    void areSafeInANamedSchemaOnH2() {
        raceForSchemas(DatabaseKind.H2);
        assertEachIsAppliedOnce();
    }

    /** H2 has committed half of that migration. */
    @Test
    void areSafeAfterAMigrationThatHasFailedOnH2() {
        raceAfterAFailure(DatabaseKind.H2);
        assertEachIsAppliedOnce();
    }

    @Slow(FLYWAY_WAITS)
    @Test
    void areSafeOnPostgres() {
        raceForAll(DatabaseKind.POSTGRESQL);
        raceForSchemas(DatabaseKind.POSTGRESQL);
        raceAfterAFailure(DatabaseKind.POSTGRESQL);
        assertEachIsAppliedOnce();
    }

    private TestDatabase empty(DatabaseKind kind) {
        TestDatabase database = kind.empty();
        databases.add(database);
        return database;
    }

    private void raceForAll(DatabaseKind kind) {
        for (int race = 0; race < RACES; race++) {
            races.add(Race.start(empty(kind), Schema.OF_CONNECTION, ALL));
        }
    }

    private void raceForSchemas(DatabaseKind kind) {
        for (int race = 0; race < RACES; race++) {
            races.add(Race.start(empty(kind), Schema.named("Events"), ALL));
        }
    }

    private void raceAfterAFailure(DatabaseKind kind) {
        TestDatabase database = empty(kind);
        database.execute("CREATE TABLE kennels (place INTEGER)");
        database.execute("CREATE INDEX parked_events_originator ON kennels (place)");
        assertThatThrownBy(() -> EventStoreSchema.over(database.dataSource()).migrate())
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        failed -> assertThat(failed.reason()).isEqualTo(MigrationException.Reason.FAILED));
        database.execute("DROP INDEX parked_events_originator");
        races.add(Race.start(
                database,
                Schema.OF_CONNECTION,
                "V3 create follower tables",
                "V4 record lease times",
                "V5 mark positions",
                "V6 record followed topics"));
    }

    private void assertEachIsAppliedOnce() {
        races.forEach(Race::assertEachIsAppliedOnce);
    }

    /** Processes that migrate the same tables at once. */
    private record Race(
            TestDatabase database, Schema schema, List<Running<MigrationReport>> processes, List<String> pending) {
        static Race start(TestDatabase database, Schema schema, String... pending) {
            CountDownLatch ready = new CountDownLatch(PROCESSES);
            return new Race(
                    database,
                    schema,
                    Stream.generate(() -> Concurrently.start(() -> migrate(database, schema, ready)))
                            .limit(PROCESSES)
                            .toList(),
                    List.of(pending));
        }

        private static MigrationReport migrate(TestDatabase database, Schema schema, CountDownLatch ready) {
            try (HikariDataSource pool = TestDatabase.pool(database.url())) {
                EventStoreSchema tables = tables(pool, schema);
                ready.countDown();
                Concurrently.await(ready);
                return tables.migrate();
            }
        }

        private static EventStoreSchema tables(HikariDataSource pool, Schema schema) {
            EventStoreSchema tables = EventStoreSchema.over(pool);
            return schema.isNamed() ? tables.inSchema(schema.name()) : tables;
        }

        void assertEachIsAppliedOnce() {
            assertThat(processes.stream().flatMap(process -> process.get().applied().stream()))
                    .containsExactlyInAnyOrderElementsOf(pending);
            assertThat(
                            database.column(
                                    "SELECT \"version\" FROM " + schema.prefix()
                                            + "\"eventsourcing_schema_history\" WHERE \"version\" IS NOT NULL ORDER BY \"installed_rank\""))
                    .containsExactly("0", "1", "2", "3", "4", "5", "6");
            assertTheyCanBeUsed();
        }

        private void assertTheyCanBeUsed() {
            MyBatisRecorders all = MyBatisRecorders.over(database.dataSource());
            ProcessRecorder recorder =
                    (schema.isNamed() ? all.inSchema(schema.name()) : all).processRecorder("Diplomas");
            recorder.insertEvents(
                    List.of(new StoredEvent(new UUID(0, 1), 1, "Dog.Registered", new byte[] {1})),
                    Tracking.first("TrainingSchool", 3));
            assertThat(recorder.selectNotifications(NotificationSelection.after(0)))
                    .hasSize(1);
        }
    }
}
