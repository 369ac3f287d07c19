package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.MigrationPlan;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL that an administrator runs does what migrate does, and migrate knows it afterwards. */
@ParameterizedClass
@EnumSource
class MigrationScriptTest {
    private static final List<StoredEvent> EVENTS =
            List.of(new StoredEvent(new UUID(0, 1), 1, "Dog.Registered", new byte[] {1}));

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

    private EventStoreSchema schema(String name) {
        EventStoreSchema schema = EventStoreSchema.over(database.dataSource());
        return name.isEmpty() ? schema : schema.inSchema(name);
    }

    private String script(int above, String... settings) {
        Map<String, String> given = settings.length == 0 ? Map.of() : Map.of(settings[0], settings[1]);
        return Migrations.script(id(), above, Settings.of(given));
    }

    private String id() {
        return kind == DatabaseKind.H2 ? "h2" : "postgresql";
    }

    private FluentConfiguration flyway(String name) {
        FluentConfiguration flyway = Flyway.configure()
                .dataSource(database.dataSource())
                .locations("classpath:dev/eventsourcing/persistence/mybatis/migrations/" + id())
                .table("eventsourcing_schema_history")
                .baselineVersion("0")
                .placeholderReplacement(false);
        return name.isEmpty() ? flyway : flyway.schemas(name).defaultSchema(name);
    }

    /** As an administrator does: on a connection of its own. */
    private void run(String script) {
        try (Connection connection = DriverManager.getConnection(database.url());
                Statement statement = connection.createStatement()) {
            statement.execute(script);
        } catch (SQLException e) {
            throw new IllegalStateException(script, e);
        }
    }

    private static void use(MyBatisRecorders recorders) {
        ProcessRecorder recorder = recorders.processRecorder("Dogs");
        recorder.insertEvents(EVENTS);
        assertThat(recorder.selectEvents(new UUID(0, 1), VersionRange.all())).isEqualTo(EVENTS);
    }

    private static final String COLUMNS = "SELECT concat_ws(' ', table_name, column_name, ordinal_position, data_type,"
            + " character_maximum_length, is_nullable, column_default) FROM information_schema.columns"
            + " WHERE table_schema = '%s' ORDER BY 1";
    private static final String KEYS = "SELECT concat_ws(' ', table_name, constraint_name, constraint_type)"
            + " FROM information_schema.table_constraints WHERE table_schema = '%s'"
            + " AND constraint_name NOT LIKE '%%not_null' AND constraint_name NOT LIKE 'CONSTRAINT%%' ORDER BY 1";
    private static final String HISTORY = "SELECT concat_ws(' ', \"installed_rank\", \"version\", \"description\","
            + " \"type\", \"script\", \"checksum\", \"installed_by\", \"success\") FROM \"%s\".\"eventsourcing_schema_history\""
            + " WHERE \"version\" IS NOT NULL ORDER BY \"installed_rank\"";

    /** How tables look, without the name of their schema. */
    private List<String> shape(String query, String schema) {
        return database.column(query.formatted(schema)).stream()
                .map(row -> row.replace('"' + schema + "\".", "").replace(schema + ".", ""))
                .toList();
    }

    @Test
    void knowsTheMigrationsAndTheirChecksumsAsFlywayDoes() {
        Flyway flyway = flyway("").load();

        assertThat(Arrays.stream(flyway.info().all())
                        .map(migration -> migration.getVersion() + " " + migration.getDescription() + " "
                                + migration.getScript() + " " + migration.getChecksum()))
                .isEqualTo(Migration.ALL.stream()
                        .map(migration -> migration.version() + " " + migration.description() + " " + migration.file()
                                + " " + migration.checksum(kind == DatabaseKind.H2 ? Database.H2 : Database.POSTGRESQL))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Events"})
    void makesWithoutALibraryWhatMigrateMakes(String name) {
        run(name.isEmpty() ? script(0) : script(0, "eventsourcing.schema", name));

        assertThat(schema(name).pending()).isEmpty();
        assertThat(schema(name).migrate().applied()).isEmpty();
        flyway(name).load().validate();
        assertThat(flyway(name).load().migrate().migrationsExecuted).isZero();
        assertIsAsFlywayMakesIt(schema(name).plan().schema());
        MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
        use(name.isEmpty() ? recorders : recorders.inSchema(name));
    }

    /** Flyway would make the history too, and we do it ourselves. */
    @Test
    void migrateMakesWhatFlywayWouldMakeAlone() {
        schema("Events").migrate();

        flyway("Events").load().validate();
        assertIsAsFlywayMakesIt("Events");
    }

    private void assertIsAsFlywayMakesIt(String made) {
        database.execute("CREATE SCHEMA \"by_flyway\"");
        Flyway flyway = flyway("by_flyway").load();
        flyway.baseline();
        flyway.migrate();

        assertThat(shape(COLUMNS, made)).isNotEmpty().isEqualTo(shape(COLUMNS, "by_flyway"));
        assertThat(shape(KEYS, made)).isNotEmpty().isEqualTo(shape(KEYS, "by_flyway"));
        assertThat(shape(HISTORY, made)).hasSize(7).isEqualTo(shape(HISTORY, "by_flyway"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Events"})
    void aPlanIsWhatMigrateWouldDoAndChangesNothing(String name) {
        MigrationPlan plan = schema(name).plan();

        assertThat(plan.version()).isEqualTo("0");
        assertThat(plan.pending())
                .containsExactly(
                        "V1 create event tables",
                        "V2 record ordering",
                        "V3 create follower tables",
                        "V4 record lease times",
                        "V5 mark positions",
                        "V6 record followed topics");
        assertThat(plan.script())
                .containsSubsequence(
                        name.isEmpty() ? "" : "CREATE SCHEMA IF NOT EXISTS \"Events\";",
                        "CREATE TABLE \"eventsourcing_schema_history\"",
                        "CREATE TABLE stored_events",
                        "INSERT INTO \"eventsourcing_schema_history\"",
                        "CREATE TABLE parked_events");
        assertThat(database.column("SELECT table_name FROM information_schema.tables WHERE table_schema IN"
                        + " ('public', 'PUBLIC', 'Events')"))
                .isEmpty();
        assertThat(database.column("SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'Events'"))
                .isEmpty();
        run(plan.script());
        assertThat(schema(name).plan())
                .isEqualTo(new MigrationPlan(plan.database(), plan.schema(), "6", List.of(), ""));
        flyway(name).load().validate();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Events"})
    void goesOnFromTheVersionThatTheTablesHave(String name) {
        flyway(name).target("1").load().baseline();
        flyway(name).target("1").load().migrate();

        MigrationPlan plan = schema(name).plan();

        assertThat(plan.version()).isEqualTo("1");
        assertThat(plan.pending())
                .containsExactly(
                        "V2 record ordering",
                        "V3 create follower tables",
                        "V4 record lease times",
                        "V5 mark positions",
                        "V6 record followed topics");
        assertThat(plan.script())
                .doesNotContain(
                        "CREATE TABLE stored_events", "CREATE SCHEMA", "CREATE TABLE \"eventsourcing_schema_history\"");
        String byHand = name.isEmpty() ? script(1) : script(1, "eventsourcing.schema", name);
        assertThat(byHand).contains("CREATE TABLE event_ordering").doesNotContain("CREATE TABLE stored_events");
        run(name.isEmpty() ? byHand : plan.script());
        assertThat(schema(name).pending()).isEmpty();
        flyway(name).load().validate();
        assertThat(schema(name).migrate().applied()).isEmpty();
    }

    /** A version that is left out would never be made up for. */
    @Test
    void aScriptForAnotherVersionThanTheTablesHaveFailsAndChangesNothing() {
        flyway("").target("1").load().baseline();
        flyway("").target("1").load().migrate();

        assertThatThrownBy(() -> run(script(2)))
                .hasRootCauseInstanceOf(SQLException.class)
                .rootCause()
                .hasMessageContainingAll("ivision by zero");

        assertThat(schema("").plan().version()).isEqualTo("1");
        assertThat(database.column("SELECT table_name FROM information_schema.tables WHERE lower(table_name) ="
                        + " 'parked_events'"))
                .isEmpty();
    }

    @Test
    void aScriptThatIsRunASecondTimeFailsAndChangesNothing() {
        run(script(0));
        use(MyBatisRecorders.over(database.dataSource()));

        assertThatThrownBy(() -> run(script(0))).isInstanceOf(IllegalStateException.class);

        assertThat(database.count("stored_events")).isEqualTo(1);
        assertThat(schema("").pending()).isEmpty();
        assertThat(schema("").migrate().applied()).isEmpty();
    }

    @Test
    void refusesVersionsAndDatabasesThatItDoesNotKnow() {
        assertThatThrownBy(() -> script(7))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("There is no version 7");
        assertThatThrownBy(() -> script(-1)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Migrations.script("mysql", 0, Settings.of(Map.of())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("Database 'mysql' is unknown. Known databases: h2, postgresql.");
        assertThatThrownBy(() -> Migrations.script(id(), 0, Settings.of(Map.of("eventsourcing.persistence", "memory"))))
                .isInstanceOf(ConfigurationException.class);
        assertThat(script(6)).startsWith("-- Nothing to do");
        assertThatThrownBy(() -> script(1, "eventsourcing.ordering", "counter-row"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Leave it out");
    }

    @ParameterizedTest
    @EnumSource
    void ordersTheLogAsItIsTold(OrderingStrategy strategy) {
        EventStoreSchema ordered = schema("Events").ordering(strategy);
        if (kind == DatabaseKind.H2 && strategy != OrderingStrategy.COUNTER_ROW) {
            assertThatThrownBy(() -> script(0, "eventsourcing.ordering", strategy.settingName()))
                    .isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(ordered::plan).isInstanceOf(ConfigurationException.class);
            return;
        }
        run(ordered.plan().script());

        assertThat(database.column("SELECT strategy FROM \"Events\".event_ordering"))
                .containsExactly(strategy.settingName());
        assertThat(ordered.pending()).isEmpty();
        assertThat(ordered.migrate().applied()).isEmpty();
        use(MyBatisRecorders.over(database.dataSource()).inSchema("Events").ordering(strategy));
        run(script(0, "eventsourcing.ordering", strategy.settingName()));
        assertThat(schema("").ordering(strategy).pending()).isEmpty();
    }
}
