package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationException.Reason;
import dev.eventsourcing.persistence.MigrationReport;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps tables from being migrated, what is said then, and how to go on. */
@ParameterizedClass
@EnumSource
class MigrationTroubleTest {
    private static final String HISTORY = "\"eventsourcing_schema_history\"";
    private static final String[] ALL = {
        "V1 create event tables",
        "V2 record ordering",
        "V3 create follower tables",
        "V4 record lease times",
        "V5 mark positions",
        "V6 record followed topics"
    };

    @Parameter
    DatabaseKind kind;

    private TestDatabase database;

    @BeforeEach
    void openDatabase() {
        database = kind.empty();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private EventStoreSchema schema() {
        return EventStoreSchema.over(database.dataSource());
    }

    private MigrationException troubleOf(Runnable work) {
        return catchThrowableOfType(MigrationException.class, work::run);
    }

    private List<String> tables() {
        return database.column("SELECT lower(table_name) FROM information_schema.tables WHERE table_schema ="
                + " current_schema ORDER BY 1");
    }

    private void record() {
        MyBatisRecorders.over(database.dataSource())
                .processRecorder("Dogs")
                .insertEvents(List.of(new StoredEvent(new UUID(0, 1), 1, "Dog.Registered", new byte[] {1})));
    }

    @Test
    void refusesTablesOfANewerLibraryWhichProgramsMayStillUse() {
        schema().migrate();
        database.execute("INSERT INTO " + HISTORY + " (\"installed_rank\", \"version\", \"description\", \"type\","
                + " \"script\", \"checksum\", \"installed_by\", \"execution_time\", \"success\")"
                + " VALUES (9, '7', 'add more', 'SQL', 'V7__add_more.sql', 4, 'me', 1, TRUE)");

        for (Runnable asked :
                List.<Runnable>of(() -> schema().migrate(), () -> schema().plan(), () -> schema().pending())) {
            MigrationException refused = troubleOf(asked);

            assertThat(refused.reason()).isEqualTo(Reason.NEWER_TABLES);
            assertThat(refused.schema()).isEqualToIgnoringCase("public");
            assertThat(refused)
                    .hasMessageContainingAll("at version 7", "newer version of the library", "knows versions up to 6");
        }
        record();
    }

    @Test
    void saysWhichMigrationWasChanged() {
        schema().migrate();
        database.execute("UPDATE " + HISTORY + " SET \"checksum\" = 17 WHERE \"version\" = '2'");

        for (Runnable asked : List.<Runnable>of(() -> schema().migrate(), () -> schema().plan())) {
            MigrationException refused = troubleOf(asked);

            assertThat(refused.reason()).isEqualTo(Reason.CHANGED_HISTORY);
            assertThat(refused).hasMessageContainingAll("V2 record ordering", "checksum 17", "Nothing was changed");
        }
    }

    @Test
    void saysWhichRowOfTheHistoryIsGone() {
        schema().migrate();
        database.execute("DELETE FROM " + HISTORY + " WHERE \"version\" = '2'");

        MigrationException refused = troubleOf(() -> schema().migrate());

        assertThat(refused.reason()).isEqualTo(Reason.CHANGED_HISTORY);
        assertThat(refused).hasMessageContainingAll("no row for V2 record ordering", "one for version 6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshots", "parked_events"})
    void makesNothingWhereANameIsTaken(String name) {
        database.execute("CREATE TABLE " + name + " (photo INTEGER)");

        for (Runnable asked :
                List.<Runnable>of(() -> schema().migrate(), () -> schema().plan(), () -> schema().pending())) {
            MigrationException refused = troubleOf(asked);

            assertThat(refused.reason()).isEqualTo(Reason.NAMES_TAKEN);
            assertThat(refused).hasMessageContainingAll("[" + name + "]", "rename them");
            assertThat(tables()).containsExactly(name);
        }
        database.execute("ALTER TABLE " + name + " RENAME TO users_own");
        assertThat(schema().migrate().applied()).containsExactly(ALL);
    }

    /** The tables of the Django package, which has no table of ours beside these two. */
    @Test
    void writesNoSnapshotIntoATableOfAnother() {
        for (String name : List.of("stored_events", "snapshots")) {
            database.execute("CREATE TABLE " + name + " (id INTEGER, application_name VARCHAR(32), originator_id UUID,"
                    + " originator_version BIGINT, topic VARCHAR(200), state "
                    + (kind == DatabaseKind.POSTGRESQL ? "BYTEA)" : "BINARY VARYING)"));
        }
        AggregateRecorder snapshots =
                MyBatisRecorders.over(database.dataSource()).snapshotRecorder("School");

        assertThatExceptionOfType(NotMigratedException.class)
                .isThrownBy(
                        () -> snapshots.insertEvents(List.of(new StoredEvent(new UUID(0, 1), 1, "Dog", new byte[0]))));

        assertThat(database.count("snapshots")).isZero();
    }

    /** H2 commits each ALTER by itself: the process ended between two of them. */
    @ParameterizedTest
    @ValueSource(strings = {"followed_topics"})
    void goesOnWithAMigrationOfColumns(String missing) {
        schema().migrate();
        database.execute("ALTER TABLE notification_tracking DROP COLUMN " + missing);
        database.execute("UPDATE " + HISTORY + " SET \"success\" = FALSE WHERE \"version\" = '6'");
        if (kind == DatabaseKind.POSTGRESQL) {
            database.execute("DELETE FROM " + HISTORY + " WHERE \"version\" = '6'");
        }

        assertThat(schema().migrate().applied()).containsExactly("V6 record followed topics");

        assertThat(MyBatisRecorders.over(database.dataSource())
                        .sharedStore()
                        .takeLeases("one", List.of("Echo"), Duration.ofMinutes(1)))
                .containsExactly("Echo");
        assertThat(schema().pending()).isEmpty();
    }

    /** H2 has committed half of it; PostgreSQL nothing. */
    @Test
    void goesOnWithAMigrationThatHasFailedWhenItsCauseIsMended() {
        database.execute("CREATE TABLE kennels (place INTEGER)");
        database.execute("CREATE INDEX parked_events_originator ON kennels (place)");

        MigrationException failed = troubleOf(() -> schema().migrate());

        assertThat(failed.reason()).isEqualTo(Reason.FAILED);
        assertThat(failed)
                .hasMessageContainingAll(
                        "V3 create follower tables, line 2", "(CREATE INDEX parked_events_originator ON ");
        if (kind == DatabaseKind.H2) {
            assertThat(failed).hasMessageContaining("what was made before that statement stays");
            assertThat(tables()).contains("parked_events");
            assertThat(schema().plan().script())
                    .contains("CREATE INDEX parked_events_originator")
                    .doesNotContain("CREATE TABLE");
        } else {
            assertThat(failed).hasMessageContaining("Nothing of that migration stays");
            assertThat(tables()).contains("snapshots").doesNotContain("parked_events");
        }
        record();
        assertThat(schema().pending())
                .containsExactly(
                        "V3 create follower tables",
                        "V4 record lease times",
                        "V5 mark positions",
                        "V6 record followed topics");
        assertThatThrownBy(() -> schema().migrate()).isInstanceOf(MigrationException.class);
        database.execute("ALTER INDEX parked_events_originator RENAME TO users_own");
        assertThat(schema().migrate().applied())
                .containsExactly(
                        "V3 create follower tables",
                        "V4 record lease times",
                        "V5 mark positions",
                        "V6 record followed topics");
        assertThat(schema().pending()).isEmpty();
        assertThat(schema().migrate().applied()).isEmpty();
        assertThat(database.count("stored_events")).isEqualTo(1);
        assertThat(
                        kind == DatabaseKind.H2
                                ? database.column("SELECT index_name FROM information_schema.indexes WHERE index_name ="
                                        + " 'PARKED_EVENTS_ORIGINATOR'")
                                : database.column("SELECT indexname FROM pg_indexes WHERE indexname ="
                                        + " 'parked_events_originator'"))
                .hasSize(1);
    }

    /** The first of three fails in its middle, in a schema of a name. */
    @Test
    void goesOnWithTheFirstMigrationInANamedSchema() {
        EventStoreSchema schema = schema().inSchema("Events");
        database.execute("CREATE SCHEMA \"Events\"");
        // On H2 names of constraints are taken too, on PostgreSQL those of indexes.
        database.execute("CREATE TABLE \"Events\".dogs (id INTEGER, CONSTRAINT snapshots_pkey PRIMARY KEY (id))");

        assertThat(troubleOf(schema::migrate).reason()).isEqualTo(Reason.FAILED);

        assertThat(schema.plan().version()).isEqualTo("0");
        assertThat(schema.pending()).containsExactly(ALL);
        database.execute("ALTER TABLE \"Events\".dogs RENAME CONSTRAINT snapshots_pkey TO dogs_pkey");
        assertThat(schema.migrate().applied()).containsExactly(ALL);
        assertThat(database.count("\"Events\".notification_counter")).isEqualTo(1);
        assertThat(schema.migrate().applied()).isEmpty();
        MyBatisRecorders.over(database.dataSource())
                .inSchema("Events")
                .processRecorder("Dogs")
                .insertEvents(List.of(new StoredEvent(new UUID(0, 1), 1, "Dog.Registered", new byte[] {1})));
    }

    @Test
    void saysWhatIsPendingWhileAnotherProcessMigrates() {
        for (int round = 0; round < 3; round++) {
            EventStoreSchema schema = schema().inSchema("round" + round);
            Running<MigrationReport> migrating = Concurrently.start(() -> schema.migrate());

            List<String> pending = List.of(ALL);
            while (!pending.isEmpty()) {
                List<String> now = schema.pending();
                assertThat(List.of(ALL)).endsWith(now.toArray(String[]::new));
                assertThat(now.size()).isLessThanOrEqualTo(pending.size());
                pending = now;
                if (migrating.result().isCompletedExceptionally()) {
                    break;
                }
            }

            assertThat(migrating.get().applied()).containsExactly(ALL);
        }
    }

    /** A connection as another server would give it. */
    private Connection of(String product, int major) throws SQLException {
        Connection real = database.dataSource().getConnection();
        DatabaseMetaData about = real.getMetaData();
        DatabaseMetaData other = (DatabaseMetaData) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getDatabaseProductName" -> product;
                    case "getDatabaseProductVersion" -> major + ".7";
                    case "getDatabaseMajorVersion" -> major;
                    default -> called(about, method, arguments);
                });
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                        method.getName().equals("getMetaData") ? other : called(real, method, arguments));
    }

    private static Object called(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private EventStoreSchema on(String product, int major) {
        return EventStoreSchema.over((javax.sql.DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {javax.sql.DataSource.class},
                (proxy, method, arguments) -> of(product, major)));
    }

    @Test
    void refusesDatabasesThatAreTooOldOrUnknown() {
        String product = kind == DatabaseKind.H2 ? "H2" : "PostgreSQL";
        int old = kind == DatabaseKind.H2 ? 1 : 12;

        for (Runnable asked : List.<Runnable>of(
                () -> on(product, old).migrate(), () -> on(product, old).plan())) {
            assertThatThrownBy(asked::run)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(product + " " + old + ".7 is not supported: use " + (old + 1) + " or newer.");
        }
        assertThatThrownBy(() -> on("MySQL", 8).migrate())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("Database MySQL 8.7 is not supported. Use H2 or PostgreSQL.");
        assertThat(tables()).isEmpty();
    }
}
