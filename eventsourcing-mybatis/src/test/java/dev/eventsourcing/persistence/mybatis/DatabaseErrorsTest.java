package dev.eventsourcing.persistence.mybatis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    private static List<StoredEvent> event(int dog, String topic) {
        return List.of(new StoredEvent(new UUID(0, dog), 1, topic, "Geheim".getBytes(UTF_8)));
    }

    private ProcessRecorder recorder() {
        return MyBatisRecorders.over(database.dataSource()).processRecorder("Dogs");
    }

    /** Checks what every error of a database has: the kind, its SQLSTATE in the message and the cause, no secret, and the cure. */
    private static void assertTold(
            Throwable error, Class<?> type, boolean isTransient, @Nullable String state, String... parts) {
        assertThat(error)
                .isExactlyInstanceOf(type)
                .hasMessageContainingAll(parts)
                .hasMessageNotContainingAny("geheim", "Geheim", "47656865696d", "INSERT INTO stored_events (")
                .satisfies(told -> {
                    assertThat(((PersistenceException) told).isTransient()).isEqualTo(isTransient);
                    assertThat(Stream.iterate(told, Objects::nonNull, Throwable::getCause)
                                    .filter(SQLException.class::isInstance)
                                    .map(cause -> ((SQLException) cause).getSQLState()))
                            .contains(state);
                });
        if (state != null) {
            assertThat(error).hasMessageContaining(state);
        }
    }

    /** Constraints of the user's, one of which has a name that begins as ours does; on H2, another is ours in other letters. */
    @Test
    void doesNotTakeAUsersOwnConstraintForAConflict() {
        for (String constraint : List.of(
                "CREATE UNIQUE INDEX users_own ON stored_events (topic)",
                "ALTER TABLE stored_events ADD CONSTRAINT \"stored_events_version_key 2\" UNIQUE (topic)",
                "ALTER TABLE stored_events ADD CONSTRAINT stored_events_version_key_too UNIQUE (topic)",
                "ALTER TABLE stored_events ADD CONSTRAINT \"Stored_Events_Version_Key\" UNIQUE (topic)")) {
            try (TestDatabase fresh = kind.migrated()) {
                fresh.execute(constraint);
                ProcessRecorder recorder =
                        MyBatisRecorders.over(fresh.dataSource()).processRecorder("Dogs");
                recorder.insertEvents(event(1, "Dog.Registered"));

                assertTold(
                        catchThrowable(() -> recorder.insertEvents(event(2, "Dog.Registered"))),
                        PersistenceException.class,
                        false,
                        "23505",
                        "Dog.Registered (version 1",
                        "nothing to do with other writers");
            }
        }
    }

    /** Ids that are given once more are no conflict of versions: reading again would change nothing. */
    @Test
    void doesNotTakeIdsThatAreGivenAgainForAConflict() {
        ProcessRecorder recorder = recorder();
        recorder.insertEvents(event(1, "Dog.Registered"));
        database.execute(
                kind == DatabaseKind.H2
                        ? "UPDATE notification_counter SET last_id = 0"
                        : "ALTER TABLE stored_events ALTER COLUMN id RESTART");

        assertTold(
                catchThrowable(() -> recorder.insertEvents(event(2, "Dog.Registered"))),
                PersistenceException.class,
                false,
                "23505",
                "nothing to do with other writers");
    }

    @Test
    void knowsAConflictInANamedSchema() {
        MyBatisRecorders recorders =
                MyBatisRecorders.over(database.dataSource()).inSchema("Dog-House");
        recorders.schema().migrate();
        ProcessRecorder recorder = recorders.processRecorder("Dogs");
        recorder.insertEvents(EVENTS, Tracking.first("Cats", 1));
        recorders.snapshotRecorder("Dogs").insertEvents(EVENTS);

        assertThatThrownBy(() -> recorder.insertEvents(EVENTS)).isExactlyInstanceOf(RecordConflictException.class);
        assertThatThrownBy(() -> recorders.snapshotRecorder("Dogs").insertEvents(EVENTS))
                .isExactlyInstanceOf(RecordConflictException.class);
        assertThatThrownBy(() -> recorder.insertEvents(List.of(), Tracking.first("Cats", 1)))
                .isExactlyInstanceOf(TrackingConflictException.class);
    }

    @Test
    void namesWhatRefusesAValueWithoutShowingTheRow() {
        database.execute("ALTER TABLE stored_events ADD CONSTRAINT users_check CHECK (topic <> 'Cat')");
        ProcessRecorder recorder = recorder();

        assertTold(
                catchThrowable(() -> recorder.insertEvents(event(1, "Cat"))),
                PersistenceException.class,
                false,
                kind == DatabaseKind.H2 ? "23513" : "23514",
                kind == DatabaseKind.H2 ? "USERS_CHECK" : "users_check",
                "recording Cat (version 1",
                "will be refused again");
    }

    @Test
    void namesAValueThatIsTooLong() {
        database.execute("ALTER TABLE stored_events ALTER COLUMN topic SET DATA TYPE VARCHAR(5)");

        assertTold(
                catchThrowable(() -> recorder().insertEvents(EVENTS)),
                PersistenceException.class,
                false,
                "22001",
                "recording Dog.Registered",
                "(5)",
                "change the value");
    }

    @Test
    void namesARightThatIsMissing() throws SQLException {
        if (kind == DatabaseKind.H2) {
            database.execute("CREATE USER lowly PASSWORD 'geheim'");
        } else {
            database.execute("DROP ROLE IF EXISTS es_lowly; CREATE ROLE es_lowly");
        }
        String url = kind == DatabaseKind.H2
                ? database.url().replace(";DB_CLOSE_DELAY=-1", "") + ";USER=LOWLY;PASSWORD=geheim"
                : database.url() + "&options=-c%20role=es_lowly";
        ProcessRecorder recorder = over(url);

        assertTold(
                catchThrowable(() -> recorder.insertEvents(EVENTS)),
                PersistenceException.class,
                true,
                kind == DatabaseKind.H2 ? "90096" : "42501",
                "recording Dog.Registered",
                "Grant SELECT, INSERT and UPDATE");

        if (kind == DatabaseKind.POSTGRESQL) {
            database.execute("DROP ROLE es_lowly");
        }
    }

    private ProcessRecorder over(String url) {
        String driver = kind == DatabaseKind.H2 ? "org.h2.Driver" : "org.postgresql.Driver";
        return MyBatisRecorders.over(new UnpooledDataSource(driver, url, null)).processRecorder("Dogs");
    }

    @Test
    void namesAServerThatTakesNoWrites(@TempDir Path folder) {
        String url = database.url() + "&options=-c%20default_transaction_read_only=on";
        if (kind == DatabaseKind.H2) {
            try (H2Database file = H2Database.shared(folder)) {
                EventStoreSchema.over(file.dataSource()).migrate();
                url = file.url().replace(";AUTO_SERVER=TRUE", "") + ";ACCESS_MODE_DATA=r";
            }
        }
        ProcessRecorder recorder = over(url);

        assertTold(
                catchThrowable(() -> recorder.insertEvents(EVENTS)),
                PersistenceException.class,
                true,
                kind == DatabaseKind.H2 ? "90097" : "25006",
                "recording Dog.Registered",
                "the server that takes writes");
    }

    @Test
    void tellsAUserOrADatabaseThatIsRefusedFromAServerThatIsNotReached() {
        String wrongUser = kind == DatabaseKind.H2
                ? database.url().replace(";DB_CLOSE_DELAY=-1", "") + ";USER=NOBODY;PASSWORD=geheim"
                : database.url().replaceFirst("user=[^&]*", "user=es_nobody&password=geheim");
        String noDatabase = kind == DatabaseKind.H2
                ? "jdbc:h2:mem:none;IFEXISTS=TRUE;PASSWORD=geheim"
                : database.url().replaceFirst("/es_[0-9a-f]*", "/es_none") + "&password=geheim";

        assertTold(
                catchThrowable(() -> over(wrongUser).insertEvents(EVENTS)),
                CannotConnectException.class,
                false,
                "28000",
                "Connecting to the database failed: no connection",
                "Check the URL, the user and the password");
        assertTold(
                catchThrowable(() -> over(noDatabase).position("Cats")),
                CannotConnectException.class,
                false,
                kind == DatabaseKind.H2 ? "90146" : "3D000",
                "Connecting to the database failed: no connection",
                "Check the URL, the user and the password");
    }

    @Test
    void showsNoPasswordOfAUrl() {
        for (String url : List.of(
                "jdbc:none://host/db?user=a&password=geheim",
                "jdbc:none://a:geheim@host/db",
                "jdbc:none://a:x/geheim@host/db")) {
            assertTold(
                    catchThrowable(() -> over(url).insertEvents(EVENTS)),
                    CannotConnectException.class,
                    true,
                    "08001",
                    "jdbc:none://",
                    "***",
                    "host/db");
        }
    }

    @Test
    void tellsAPoolWithoutAFreeConnectionFromAServerThatIsNotReached() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource small = new HikariDataSource(config)) {
            ProcessRecorder recorder = MyBatisRecorders.over(small).processRecorder("Dogs");
            recorder.insertEvents(event(1, "Dog.Registered"));
            try (Connection held = small.getConnection()) {
                assertThat(held.isClosed()).isFalse();

                assertTold(
                        catchThrowable(() -> recorder.insertEvents(event(2, "Dog.Registered"))),
                        PersistenceException.class,
                        true,
                        null,
                        " failed: ",
                        "raise its size");
            }
        }
    }

    @Test
    void takesADeadlockForTheEndOfTheTransaction() throws SQLException {
        database.execute("CREATE TABLE dogs (name VARCHAR(40) PRIMARY KEY, age INT)");
        database.execute("INSERT INTO dogs VALUES ('Fido', 1), ('Rex', 1)");
        try (Connection one = database.dataSource().getConnection();
                Connection two = database.dataSource().getConnection()) {
            for (Connection connection : List.of(one, two)) {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.execute(
                            "UPDATE dogs SET age = 2 WHERE name = " + (connection == one ? "'Fido'" : "'Rex'"));
                }
            }
            Concurrently.Running<@Nullable SQLException> first =
                    Concurrently.start(() -> errorOrNull(one, "UPDATE dogs SET age = 3 WHERE name = 'Rex'"));
            first.awaitDoneOr(thread -> database.somebodyWaits());
            SQLException second = errorOrNull(two, "UPDATE dogs SET age = 3 WHERE name = 'Fido'");
            two.rollback();
            SQLException failure = second == null ? first.get() : second;
            first.get();
            one.rollback();

            assertTold(
                    DatabaseErrors.translate("Counting", Objects.requireNonNull(failure)),
                    TransactionLostException.class,
                    true,
                    kind == DatabaseKind.H2 ? "40001" : "40P01",
                    "Counting failed",
                    "roll it back, then try the whole of it again");
        }
    }

    private static @Nullable SQLException errorOrNull(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    @Test
    void namesAStatementThatWasCancelled() throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(kind == DatabaseKind.H2 ? "SET QUERY_TIMEOUT 20" : "SET statement_timeout = 20");

            SQLException failure = errorOf(
                    connection,
                    kind == DatabaseKind.H2
                            ? "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000000) WHERE RAND() < 0"
                            : "SELECT pg_sleep(60)");

            assertTold(
                    DatabaseErrors.translate("Reading", failure),
                    PersistenceException.class,
                    true,
                    "57014",
                    "Reading failed",
                    "was cancelled");
            assertThat(DatabaseErrors.leaveInDoubt(failure)).isFalse();
            statement.execute(kind == DatabaseKind.H2 ? "SET QUERY_TIMEOUT 0" : "RESET statement_timeout");
        }
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

            assertTold(
                    catchThrowable(() -> recorder.insertEvents(EVENTS)),
                    PersistenceException.class,
                    true,
                    kind == DatabaseKind.H2 ? "HYT00" : "55P03",
                    "recording Dog.Registered",
                    kind == DatabaseKind.H2 ? "LOCK_TIMEOUT" : "lock_timeout",
                    "Another transaction");
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
            assertTold(
                    DatabaseErrors.translate("Counting", failure),
                    TransactionLostException.class,
                    true,
                    "40001",
                    "Counting",
                    "roll it back");
            two.rollback();
        }
    }

    @Test
    void leavesExceptionsOfTheLibraryAsTheyAre() {
        PersistenceException ours = new PersistenceException("ours", null);

        assertThat(DatabaseErrors.translate("Reading", ours)).isSameAs(ours);
    }

    @Slow("H2 tries sixteen times to connect")
    @Test
    void tellsWhatFailedWhereTheServerCannotBeReached() {
        String url = kind == DatabaseKind.H2
                ? "jdbc:h2:tcp://localhost:1/nowhere"
                : "jdbc:postgresql://localhost:1/nowhere?user=nobody";
        ProcessRecorder recorder = MyBatisRecorders.over(new UnpooledDataSource(
                        kind == DatabaseKind.H2 ? "org.h2.Driver" : "org.postgresql.Driver", url, null))
                .processRecorder("Dogs");

        Throwable error = catchThrowable(() -> recorder.insertEvents(EVENTS));

        assertThat(error).hasRootCauseInstanceOf(IOException.class);
        assertTold(
                error,
                CannotConnectException.class,
                true,
                kind == DatabaseKind.H2 ? "90067" : "08001",
                "Connecting to the database failed: no connection",
                "localhost",
                "Check that it runs");
    }

    @Test
    void takesNoConstraintOfAnotherTableForOneOfItsOwn() {
        assertThat(new Violation("public", "stored_events", "stored_events_version_key")
                        .isOf(Key.EVENT, Schema.OF_CONNECTION))
                .isTrue();
        assertThat(new Violation("archive", "copies", "stored_events_version_key")
                        .isOf(Key.EVENT, Schema.OF_CONNECTION))
                .isFalse();
        assertThat(new Violation("public", "stored_events", "STORED_EVENTS_VERSION_KEY")
                        .isOf(Key.EVENT, Schema.OF_CONNECTION))
                .isFalse();
    }

    /** What was never sent has not happened; a file that could not be written may have been, before. */
    @Test
    void leavesInDoubtOnlyWhatMayHaveReachedTheDatabase() {
        assertThat(DatabaseErrors.leaveInDoubt(new SQLException("This connection has been closed.", "08003")))
                .isFalse();
        for (String state : List.of("08006", "40003", "08007", "90028", "90031", "HY000")) {
            assertThat(DatabaseErrors.leaveInDoubt(new SQLException("I/O error", state)))
                    .as(state)
                    .isTrue();
        }
    }
}
