package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.FailureKind;
import dev.eventsourcing.persistence.OutcomeUnknownException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's driver makes of its own properties, and of a session that is not the one it takes it for. */
class DriverLimitsTest {
    private static final UUID DOG = new UUID(0, 1);

    private PostgresDatabase database;

    @BeforeEach
    void openDatabase() {
        database = PostgresDatabase.migrated();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** A pool of one connection, so that each statement goes to the same session. */
    private HikariDataSource pool(String properties) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url() + "&" + properties);
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    private static List<StoredEvent> events(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(version -> new StoredEvent(DOG, version, "Dog.Registered", new byte[2000]))
                .toList();
    }

    private static List<StoredEvent> all(ProcessRecorder recorder) {
        return recorder.selectEvents(DOG, VersionRange.all());
    }

    @Test
    void namesTheResultBufferThatIsTooSmall() {
        try (HikariDataSource pool = pool("maxResultBuffer=10K")) {
            ProcessRecorder recorder = MyBatisRecorders.over(pool).processRecorder("Dogs");
            recorder.insertEvents(events(1, 20));

            Throwable error = catchThrowable(() -> all(recorder));

            assertThat(error)
                    .isExactlyInstanceOf(PersistenceException.class)
                    .isNotInstanceOf(CannotConnectException.class)
                    .hasMessageContaining("Result set exceeded maxResultBuffer limit")
                    .hasMessageContaining("10000")
                    .hasMessageContaining("raise it in the URL, or leave it out, or read less at once")
                    .hasMessageNotContaining("no connection to")
                    .satisfies(told -> assertThat(((PersistenceException) told).failureKind())
                            .isEqualTo(FailureKind.LASTING));
            assertThat(recorder.maxNotificationId()).hasValue(20);
        }
    }

    @Test
    void doesNotSayThatAnAppendWhoseAnswerIsTooLargeWasNotRecorded() {
        try (HikariDataSource pool = pool("maxResultBuffer=100")) {
            ProcessRecorder recorder = MyBatisRecorders.over(pool).processRecorder("Dogs");

            Throwable error = catchThrowable(() -> recorder.insertEvents(events(1, 200)));

            assertThat(error).isInstanceOf(OutcomeUnknownException.class).hasMessageContaining("maxResultBuffer");
        }
    }

    @Test
    void saysWhatToDoWhereAPreparedStatementIsThereAlready() throws SQLException {
        try (HikariDataSource pool = pool("prepareThreshold=1")) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                // As another client of a pooler may have done in this session.
                statement.execute("""
                        DO $$ BEGIN
                          FOR n IN 1..50 LOOP
                            IF NOT EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'S_' || n) THEN
                              EXECUTE format('PREPARE %I AS SELECT 1', 'S_' || n);
                            END IF;
                          END LOOP;
                        END $$""");
            }
            ProcessRecorder recorder = MyBatisRecorders.over(pool).processRecorder("Dogs");

            assertPrepared(catchThrowable(() -> recorder.insertEvents(events(1, 1))), "42P05", "already exists");
        }
    }

    @Test
    void saysWhatToDoWhereAPreparedStatementIsNotThere() throws SQLException {
        try (HikariDataSource pool = pool("prepareThreshold=1")) {
            MyBatisRecorders recorders = MyBatisRecorders.over(pool);
            ProcessRecorder recorder = recorders.processRecorder("Dogs");
            recorder.insertEvents(events(1, 1));
            recorder.insertEvents(events(2, 2));
            all(recorder);
            all(recorder);
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                // Where the driver does not see it.
                statement.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$");
            }

            // In a transaction, for outside of one the driver prepares it again by itself.
            assertPrepared(
                    catchThrowable(() -> recorders.transactions().required(() -> all(recorder))),
                    "26000",
                    "does not exist");
        }
    }

    private static void assertPrepared(Throwable error, String state, String words) {
        assertThat(error)
                .isInstanceOf(PersistenceException.class)
                .hasMessageContaining("prepared statement \"S_")
                .hasMessageContaining(words)
                .hasMessageContaining(state)
                .hasMessageContaining(
                        "add prepareThreshold=0 to the URL, or have PgBouncer, from 1.21, keep prepared statements"
                                + " (max_prepared_statements).")
                .satisfies(told ->
                        assertThat(((PersistenceException) told).failureKind()).isEqualTo(FailureKind.MOMENT));
    }
}
