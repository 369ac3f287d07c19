package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.MigrationReport;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource
class EventStoreSchemaTest {
    private static final UUID DOG = new UUID(0, 1);
    private static final String[] ALL = {
        "V1 create event tables",
        "V2 record ordering",
        "V3 create follower tables",
        "V4 record lease times",
        "V5 mark positions",
        "V6 record followed topics"
    };
    private static final String LATEST = "6";

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

    private static void useAll(MyBatisRecorders recorders) {
        ProcessRecorder recorder = recorders.processRecorder("Diplomas");
        List<StoredEvent> events = List.of(new StoredEvent(DOG, 1, "Dog.Registered", new byte[] {1}));

        recorder.insertEvents(events, Tracking.first("TrainingSchool", 3));
        recorder.insertEvents(List.of(), Tracking.after("TrainingSchool", new Position(3, 0), 4));
        recorders.snapshotRecorder("Diplomas").insertEvents(events);

        assertThat(recorder.selectEvents(DOG, VersionRange.all())).isEqualTo(events);
        assertThat(recorder.selectEvents(DOG, VersionRange.all().highestFirst()))
                .isEqualTo(events);
        assertThat(recorders.snapshotRecorder("Diplomas").selectEvents(DOG, VersionRange.all()))
                .isEqualTo(events);
        assertThat(recorder.selectNotifications(NotificationSelection.after(0))).hasSize(1);
        assertThat(recorder.maxNotificationId()).hasValue(1);
        assertThat(recorder.position("TrainingSchool")).contains(new Position(4, 0));
    }

    private String currentSchema() {
        return database.column("SELECT current_schema").get(0);
    }

    private List<String> tables(String schema) {
        return database.column("SELECT lower(table_name) FROM information_schema.tables WHERE table_schema = '" + schema
                + "' ORDER BY 1");
    }

    @Test
    void makesTheTablesAndReportsIt() {
        assertThat(schema().pending()).containsExactly(ALL);

        MigrationReport report = schema().migrate();

        assertThat(report.applied()).containsExactly(ALL);
        assertThat(report.version()).isEqualTo(LATEST);
        assertThat(report.schema()).isEqualTo(currentSchema());
        assertThat(report.database()).containsIgnoringCase(kind.name()).doesNotContain("user=", "LOCK_TIMEOUT");
        assertThat(schema().pending()).isEmpty();
        useAll(MyBatisRecorders.over(database.dataSource()));
    }

    @Test
    void goesOnWhereAProcessEndedBeforeItWroteIntoTheHistory() {
        schema().migrate();
        for (String table : tables(currentSchema())) {
            if (!table.endsWith("_history")) {
                database.execute("DROP TABLE " + table);
            }
        }
        database.execute("DELETE FROM \"eventsourcing_schema_history\"");

        MigrationReport report = schema().migrate();

        assertThat(report.applied()).containsExactly(ALL);
        useAll(MyBatisRecorders.over(database.dataSource()));
    }

    @Test
    void doesNothingTheSecondTime() {
        schema().migrate();
        List<String> tables = tables(currentSchema());

        MigrationReport report = schema().migrate();

        assertThat(report.applied()).isEmpty();
        assertThat(report.version()).isEqualTo(LATEST);
        assertThat(tables(currentSchema())).isEqualTo(tables);
    }

    @Test
    void changesNothingWhenItIsAskedWhatIsPending() {
        schema().inSchema("events").pending();
        schema().pending();

        assertThat(tables(currentSchema())).isEmpty();
        assertThat(database.column("SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'events'"))
                .isEmpty();
    }

    @Test
    void livesBesideTheUsersTablesAndTheUsersOwnFlyway() {
        database.execute("CREATE TABLE dogs (name VARCHAR(40))");
        Flyway users = Flyway.configure()
                .dataSource(database.dataSource())
                .locations("classpath:users/migrations")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
        users.migrate();

        MigrationReport report = schema().migrate();

        assertThat(report.applied()).containsExactly(ALL);
        assertThat(users.migrate().migrationsExecuted).isZero();
        assertThat(users.info().pending()).isEmpty();
        users.validate();
        assertThat(schema().pending()).isEmpty();
        assertThat(tables(currentSchema()))
                .contains(
                        "dogs",
                        "users_kennels",
                        "flyway_schema_history",
                        "eventsourcing_schema_history",
                        "stored_events");
    }

    @Test
    void letsTheUsersOwnFlywayComeLater() {
        schema().migrate();

        Flyway users = Flyway.configure()
                .dataSource(database.dataSource())
                .locations("classpath:users/migrations")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();

        assertThat(users.migrate().migrationsExecuted).isEqualTo(1);
        useAll(MyBatisRecorders.over(database.dataSource()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "Events", "EVENTS", "Ereignisse-Ä$1"})
    void worksInANamedSchema(String name) {
        String standing = currentSchema();
        MyBatisRecorders recorders =
                MyBatisRecorders.over(database.dataSource()).inSchema(name);

        MigrationReport report = recorders.schema().migrate();

        assertThat(report.schema()).isEqualTo(name);
        assertThat(recorders.schema().pending()).isEmpty();
        assertThat(tables(name)).contains("stored_events", "eventsourcing_schema_history");
        assertThat(tables(standing)).isEmpty();
        useAll(recorders);
        assertThatThrownBy(() -> useAll(MyBatisRecorders.over(database.dataSource())))
                .isInstanceOf(NotMigratedException.class);
    }

    @Test
    void keepsTwoSchemasApartInOneSession() {
        MyBatisRecorders first = MyBatisRecorders.over(database.dataSource()).inSchema("first");
        MyBatisRecorders second = MyBatisRecorders.over(database.dataSource()).inSchema("second");
        first.schema().migrate();
        second.schema().migrate();
        Configuration users =
                new Configuration(new Environment("users", new JdbcTransactionFactory(), database.dataSource()));
        try (SqlSession session = new SqlSessionFactoryBuilder().build(users).openSession()) {
            first.within(session, () -> useAll(first));
            second.within(session, () -> useAll(second));
            session.commit();
        }
        assertThat(database.count("\"first\".stored_events")).isEqualTo(1);
        assertThat(database.count("\"second\".stored_events")).isEqualTo(1);
    }

    @Test
    void leavesTheConnectionsThatItUsedWhereTheyStood() throws SQLException {
        HikariConfig one = new HikariConfig();
        one.setJdbcUrl(database.url());
        // Flyway takes two: one for its history, one for the migrations.
        one.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(one);
                Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            String before = first.getSchema();
            first.close();
            second.close();

            EventStoreSchema.over(pool).inSchema("Events").migrate();
            useAll(MyBatisRecorders.over(pool).inSchema("Events"));

            try (Connection again = pool.getConnection();
                    Connection andAgain = pool.getConnection()) {
                for (Connection connection : List.of(again, andAgain)) {
                    assertThat(connection.getSchema()).isEqualTo(before);
                    assertThat(connection.getAutoCommit()).isTrue();
                    try (var statement = connection.createStatement();
                            var row = statement.executeQuery(
                                    kind == DatabaseKind.POSTGRESQL ? "SHOW search_path" : "SELECT current_schema")) {
                        row.next();
                        assertThat(row.getString(1)).doesNotContain("Events");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a.b", "1a", "a;b"})
    void refusesNamesThatAreNoNamesOfASchema(String name) {
        assertThatThrownBy(() -> schema().inSchema(name)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> MyBatisRecorders.over(database.dataSource()).inSchema(name))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void tellsWhoUsesADatabaseThatIsNotMigratedWhatToDo() {
        MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
        ProcessRecorder recorder = recorders.processRecorder("Diplomas");
        List<StoredEvent> events = List.of(new StoredEvent(DOG, 1, "Dog.Registered", new byte[0]));

        for (Runnable use : List.<Runnable>of(
                () -> recorder.insertEvents(events),
                () -> recorder.insertEvents(List.of(), Tracking.first("TrainingSchool", 1)),
                () -> recorder.selectEvents(DOG, VersionRange.all()),
                () -> recorder.selectNotifications(NotificationSelection.after(0)),
                recorder::maxNotificationId,
                () -> recorder.position("TrainingSchool"),
                () -> recorders.snapshotRecorder("Diplomas").insertEvents(events),
                () -> recorders.inSchema("nowhere").processRecorder("Diplomas").insertEvents(events),
                () -> recorders.transactions().required(() -> recorder.insertEvents(events)))) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(NotMigratedException.class)
                    .hasMessageContaining("mvn eventsourcing:migrate");
        }
    }

    @Test
    void keepsBytesAndIdsInColumnsOfTheirOwnTypes() {
        schema().migrate();

        String type = "SELECT data_type FROM information_schema.columns WHERE lower(table_name) = 'stored_events'"
                + " AND lower(column_name) = ";

        boolean postgres = kind == DatabaseKind.POSTGRESQL;
        assertThat(database.column(type + "'state'")).containsExactly(postgres ? "bytea" : "BINARY VARYING");
        assertThat(database.column(type + "'originator_id'")).containsExactly(postgres ? "uuid" : "UUID");
        assertThat(database.column(type + "'originator_version'")).containsExactly(postgres ? "bigint" : "BIGINT");
    }

    @Test
    void hasThePrimaryKeyAndTheUniqueKeyOfVersionsAndNoOtherIndex() {
        schema().migrate();

        assertThat(database.column("SELECT lower(c.constraint_type) || ' ' || lower(string_agg(k.column_name, ' '"
                                + " ORDER BY k.ordinal_position)) FROM information_schema.table_constraints c"
                                + " JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)"
                                + " WHERE lower(c.table_name) = 'stored_events' GROUP BY c.constraint_type ORDER BY 1")
                        .toString()
                        .replace("listagg", "string_agg"))
                .isEqualTo(
                        "[primary key application_name id, unique application_name originator_id originator_version]");
        assertThat(
                        database.column(
                                kind == DatabaseKind.POSTGRESQL
                                        ? "SELECT indexname FROM pg_indexes WHERE tablename = 'stored_events'"
                                        : "SELECT index_name FROM information_schema.indexes WHERE table_name = 'STORED_EVENTS'"))
                .hasSize(2);
    }
}
