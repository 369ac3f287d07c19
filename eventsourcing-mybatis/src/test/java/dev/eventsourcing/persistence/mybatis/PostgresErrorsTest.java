package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Errors that only PostgreSQL raises. */
class PostgresErrorsTest {
    private final TestDatabase database = PostgresDatabase.migrated();

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private static List<StoredEvent> event(String topic) {
        return List.of(new StoredEvent(new UUID(0, 1), 1, topic, new byte[] {1}));
    }

    private ProcessRecorder recorder() {
        return MyBatisRecorders.over(database.dataSource()).processRecorder("Dogs");
    }

    private static PersistenceException failureOf(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            return (PersistenceException) DatabaseErrors.translate("Reading", e);
        }
        throw new AssertionError("No error: " + sql);
    }

    /** A trigger of the user's that has our constraint's name in its message. */
    @Test
    void doesNotTakeAUsersTriggerForAConflict() {
        database.execute("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              RAISE unique_violation USING MESSAGE = 'unique constraint "stored_events_version_key"';
            END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON stored_events FOR EACH ROW EXECUTE FUNCTION refuse();
            """);

        PersistenceException refused = catchThrowableOfType(
                PersistenceException.class, () -> recorder().insertEvents(event("Dog")));

        assertThat(refused).isExactlyInstanceOf(PersistenceException.class).hasMessageContaining("23505");
        assertThat(refused.isTransient()).isFalse();
    }

    /** The same tables in another schema, which a trigger of the user's copies events to. */
    @Test
    void doesNotTakeAConflictInAnotherSchemaForOneOfItsOwn() {
        MyBatisRecorders app = MyBatisRecorders.over(database.dataSource()).inSchema("app");
        app.schema().migrate();
        MyBatisRecorders.over(database.dataSource()).inSchema("copies").schema().migrate();
        database.execute("""
            CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO copies.stored_events (application_name, originator_id, originator_version, topic, state)
              VALUES (NEW.application_name, NEW.originator_id, 1, NEW.topic, NEW.state);
              RETURN NEW;
            END $$;
            CREATE TRIGGER copy BEFORE INSERT ON app.stored_events FOR EACH ROW EXECUTE FUNCTION copy();
            """);
        ProcessRecorder recorder = app.processRecorder("Dogs");
        recorder.insertEvents(event("Dog"));

        assertThatThrownBy(
                        () -> recorder.insertEvents(List.of(new StoredEvent(new UUID(0, 1), 2, "Dog", new byte[] {1}))))
                .isExactlyInstanceOf(PersistenceException.class)
                .hasMessageContaining("23505");
        database.execute("DROP TRIGGER copy ON app.stored_events");
        assertThatThrownBy(() -> recorder.insertEvents(event("Dog"))).isInstanceOf(RecordConflictException.class);
    }

    /** Where the driver was told not to pass on what the server says of the row. */
    @Test
    void knowsAConflictWithoutTheServersDetails() {
        ProcessRecorder recorder = MyBatisRecorders.over(
                        PostgresDatabase.dataSource(database.url() + "&logServerErrorDetail=false"))
                .processRecorder("Dogs");
        recorder.insertEvents(event("Dog"));

        assertThatThrownBy(() -> recorder.insertEvents(event("Dog"))).isInstanceOf(RecordConflictException.class);
    }

    @Test
    void namesATextThatPostgresCannotKeep() {
        PersistenceException refused = catchThrowableOfType(
                PersistenceException.class, () -> recorder().insertEvents(event("Dog\0")));

        assertThat(refused)
                .isExactlyInstanceOf(PersistenceException.class)
                .hasMessageContainingAll("22021", "0x00", "change the value");
        assertThat(refused.isTransient()).isFalse();
    }

    @Test
    void namesALimitOfTheServer() throws SQLException {
        try (Connection connection = PostgresDatabase.dataSource(database.url()).getConnection()) {
            PersistenceException full = failureOf(
                    connection,
                    "SET temp_file_limit = 0; SET work_mem = '64kB';"
                            + " SELECT g FROM generate_series(1, 100000) g ORDER BY g DESC");

            assertThat(full)
                    .isExactlyInstanceOf(PersistenceException.class)
                    .hasMessageContainingAll("53400", "temp_file_limit", "The server has no room");
            assertThat(full.isTransient()).isFalse();
        }
    }

    /** The server ends it after a while; what is done then says why. */
    @Test
    void namesATransactionThatTheServerHasEndedAsNothingWasDoneInIt() throws SQLException {
        try (Connection connection = PostgresDatabase.dataSource(database.url()).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET application_name = 'idler'; SET idle_in_transaction_session_timeout = 20");
            connection.setAutoCommit(false);
            statement.execute("SELECT 1");
            while (database.count("pg_stat_activity WHERE application_name = 'idler'") > 0) {
                Thread.onSpinWait();
            }

            assertThat(failureOf(connection, "SELECT 1"))
                    .isInstanceOf(TransactionLostException.class)
                    .hasMessageContainingAll("25P03", "try the whole of it again")
                    .matches(lost -> lost.isTransient());
        }
    }

    @Test
    void saysThatTheErrorIsAnEarlierOne() throws SQLException {
        try (Connection connection = PostgresDatabase.dataSource(database.url()).getConnection()) {
            connection.setAutoCommit(false);
            failureOf(connection, "SELECT 1 / 0");

            assertThat(failureOf(connection, "SELECT 1"))
                    .isInstanceOf(TransactionLostException.class)
                    .hasMessageContainingAll(
                            "25P02", "The first error in the transaction was: ERROR: division by zero (SQLSTATE 22012)")
                    .matches(lost -> !lost.isTransient());
            assertThat(failureOf(connection, "SELECT 2"))
                    .as("the first, and not the one before")
                    .hasMessageContaining("division by zero");
        }
    }

    /** A lock that was not free in time is tried again, whoever swallows that. */
    @Test
    void anErrorAfterOneThatMayPassMayPass() throws SQLException {
        database.execute("CREATE TABLE locked (n INT)");
        try (Connection holder = PostgresDatabase.dataSource(database.url()).getConnection();
                Connection connection =
                        PostgresDatabase.dataSource(database.url()).getConnection();
                Statement locking = holder.createStatement();
                Statement statement = connection.createStatement()) {
            holder.setAutoCommit(false);
            locking.execute("LOCK TABLE locked");
            statement.execute("SET lock_timeout = 20");
            connection.setAutoCommit(false);
            failureOf(connection, "SELECT * FROM locked");

            assertThat(failureOf(connection, "SELECT 1"))
                    .hasMessageContainingAll("25P02", "SQLSTATE 55P03")
                    .matches(lost -> lost.isTransient());
        }
    }
}
