package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors as the servers raise them. */
@ParameterizedClass
@EnumSource
class DatabaseErrorsTest {
    private static final List<StoredEvent> EVENTS =
            List.of(new StoredEvent(new UUID(0, 1), 1, "Dog.Registered", new byte[] {1}));

    @Parameter
    DatabaseKind kind;

    private TestDatabase database;

    @BeforeEach
    void openDatabase() {
        database = kind.migrated();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private SQLException errorOf(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            return e;
        }
        throw new AssertionError("No error: " + sql);
    }

    private static String insert(String table, String columns, String values) {
        return "INSERT INTO " + table + " (application_name, " + columns + ") VALUES ('Dogs', " + values + ")";
    }

    @Test
    void knowsAViolatedConstraintByItsName() throws SQLException {
        String event = insert(
                "stored_events",
                "id, originator_id, originator_version, topic, state",
                (kind == DatabaseKind.H2 ? "7" : "DEFAULT") + ", '00000000-0000-0000-0000-000000000001', 1, 'T', "
                        + (kind == DatabaseKind.H2 ? "X''" : "''"));
        String tracking = insert("notification_tracking", "leader_name, notification_id, epoch", "'Cats', 1, 0");
        database.execute(event);
        database.execute(tracking);

        try (Connection connection = database.dataSource().getConnection()) {
            SQLException version = errorOf(connection, event.replace("'Dogs', 7", "'Dogs', 8"));
            SQLException position = errorOf(connection, tracking);

            Statements statements = new Statements(Database.of(connection), Schema.OF_CONNECTION);
            assertThat(statements.violates(version, Key.EVENT)).isTrue();
            assertThat(statements.violates(version, Key.POSITION)).isFalse();
            assertThat(statements.violates(position, Key.POSITION)).isTrue();
            assertThat(statements.violates(position, Key.EVENT)).isFalse();
            assertThat(statements.violates(new IllegalStateException(new RuntimeException(version)), Key.EVENT))
                    .isTrue();
            assertThat(DatabaseErrors.loseTransaction(version)).isFalse();
        }
    }

    @Test
    void doesNotTakeAUsersOwnConstraintForAConflict() {
        database.execute("CREATE UNIQUE INDEX users_own ON stored_events (topic)");
        ProcessRecorder recorder = MyBatisRecorders.over(database.dataSource()).processRecorder("Dogs");
        recorder.insertEvents(EVENTS);

        assertThatThrownBy(() -> recorder.insertEvents(
                        List.of(new StoredEvent(new UUID(0, 2), 1, "Dog.Registered", new byte[0]))))
                .isInstanceOf(PersistenceException.class)
                .isNotInstanceOf(RecordConflictException.class)
                .hasMessageContaining("23505");
    }

    @Test
    void namesWhatToDoAfterALockTimeout() throws SQLException {
        String lock = kind == DatabaseKind.H2
                ? "UPDATE notification_counter SET last_id = last_id"
                : "LOCK TABLE stored_events IN EXCLUSIVE MODE";
        try (HikariDataSource impatient = TestDatabase.pool(database.urlWithLockTimeout(50));
                Connection holding = database.dataSource().getConnection()) {
            holding.setAutoCommit(false);
            try (Statement statement = holding.createStatement()) {
                statement.execute(lock);
            }
            ProcessRecorder recorder = MyBatisRecorders.over(impatient).processRecorder("Dogs");

            assertThatThrownBy(() -> recorder.insertEvents(EVENTS))
                    .isExactlyInstanceOf(PersistenceException.class)
                    .hasMessageContainingAll(
                            kind == DatabaseKind.H2 ? "HYT00" : "55P03",
                            kind == DatabaseKind.H2 ? "LOCK_TIMEOUT" : "lock_timeout",
                            "Another transaction")
                    .hasStackTraceContaining("SQL");
            holding.rollback();
            assertThat(recorder.insertEvents(EVENTS)).hasSize(1);
        }
    }

    /** Nobody reads positions and snapshots in the order of their commits, so nobody is kept waiting for them. */
    @Test
    void takesNoLockForPositionsAndSnapshots() throws SQLException {
        String lock = kind == DatabaseKind.H2
                ? "UPDATE notification_counter SET last_id = last_id"
                : "LOCK TABLE stored_events IN EXCLUSIVE MODE";
        try (HikariDataSource impatient = TestDatabase.pool(database.urlWithLockTimeout(50));
                Connection holding = database.dataSource().getConnection()) {
            holding.setAutoCommit(false);
            try (Statement statement = holding.createStatement()) {
                statement.execute(lock);
            }
            MyBatisRecorders recorders = MyBatisRecorders.over(impatient);

            recorders.processRecorder("Dogs").insertEvents(List.of(), Tracking.first("Cats", 1));
            recorders.snapshotRecorder("Dogs").insertEvents(EVENTS);
            recorders.processRecorder("Dogs").insertEvents(List.of());

            assertThat(database.count("notification_tracking")).isEqualTo(1);
            assertThat(database.count("snapshots")).isEqualTo(1);
            holding.rollback();
        }
    }

    @Test
    void knowsAMissingTableAndAMissingSchema() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            for (String sql : List.of("SELECT 1 FROM no_such_table", "SELECT 1 FROM no_such_schema.stored_events")) {
                assertThat(DatabaseErrors.translate("Reading", errorOf(connection, sql)))
                        .isInstanceOf(NotMigratedException.class)
                        .hasMessageContainingAll(
                                "Reading",
                                "mvn eventsourcing:migrate",
                                kind == DatabaseKind.H2 ? "NO_SUCH" : "no_such");
            }
        }
    }

    @Test
    void takesASerializationFailureForTheEndOfTheTransaction() throws SQLException {
        database.execute("CREATE TABLE dogs (name VARCHAR(40), age INT)");
        database.execute("INSERT INTO dogs VALUES ('Fido', 1)");
        try (Connection one = database.dataSource().getConnection();
                Connection two = database.dataSource().getConnection()) {
            for (Connection connection : List.of(one, two)) {
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                try (Statement statement = connection.createStatement()) {
                    statement.executeQuery("SELECT * FROM dogs").close();
                }
            }
            try (Statement statement = one.createStatement()) {
                statement.execute("UPDATE dogs SET age = 2");
            }
            one.commit();

            SQLException failure = errorOf(two, "UPDATE dogs SET age = 3");

            assertThat(failure.getSQLState()).isEqualTo("40001");
            assertThat(DatabaseErrors.loseTransaction(failure)).isTrue();
            assertThat(DatabaseErrors.translate("Counting", failure))
                    .isInstanceOf(TransactionLostException.class)
                    .hasMessageContainingAll("Counting", "40001", "roll it back");
            two.rollback();
        }
    }

    @Test
    void leavesExceptionsOfTheLibraryAsTheyAre() {
        PersistenceException ours = new PersistenceException("ours", null);

        assertThat(DatabaseErrors.translate("Reading", ours)).isSameAs(ours);
    }

    @Test
    void tellsWhatFailedWhereTheServerCannotBeReached() {
        String url = kind == DatabaseKind.H2
                ? "jdbc:h2:tcp://localhost:1/nowhere"
                : "jdbc:postgresql://localhost:1/nowhere?user=nobody";
        ProcessRecorder recorder = MyBatisRecorders.over(new UnpooledDataSource(
                        kind == DatabaseKind.H2 ? "org.h2.Driver" : "org.postgresql.Driver", url, null))
                .processRecorder("Dogs");

        assertThatThrownBy(() -> recorder.insertEvents(EVENTS))
                .isInstanceOf(PersistenceException.class)
                .hasRootCauseInstanceOf(IOException.class)
                .hasMessageContaining("localhost");
        assertThatThrownBy(() -> recorder.position("Cats")).isInstanceOf(PersistenceException.class);
    }
}
