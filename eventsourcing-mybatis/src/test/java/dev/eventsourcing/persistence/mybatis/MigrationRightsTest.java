package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationException.Reason;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Roles that lack a right: what they are told is what helps. */
class MigrationRightsTest {
    private static final Pattern GRANT = Pattern.compile("(?:GRANT|CREATE SCHEMA) [^;]*;");

    private final PostgresDatabase database = PostgresDatabase.empty();
    private final String role = "app-" + UUID.randomUUID();

    @BeforeEach
    void makeRole() {
        database.execute("CREATE ROLE \"" + role + "\"");
        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    }

    @AfterEach
    void dropRole() {
        database.execute("DROP OWNED BY \"" + role + "\"; DROP ROLE \"" + role + "\"");
        database.close();
    }

    private UnpooledDataSource asRole() {
        return new UnpooledDataSource("org.postgresql.Driver", database.url() + "&options=-c%20role=" + role, null);
    }

    private EventStoreSchema schema() {
        return EventStoreSchema.over(asRole());
    }

    private MigrationException refused(Runnable work) {
        MigrationException refused = refusedSoon(work);
        assertThat(refused.reason()).isEqualTo(Reason.MISSING_RIGHT);
        assertThat(refused).hasMessageContaining("role " + role);
        return refused;
    }

    /** Flyway tries ten times, with a second between. */
    private static MigrationException refusedSoon(Runnable work) {
        return assertTimeout(Duration.ofSeconds(8), () -> catchThrowableOfType(MigrationException.class, work::run));
    }

    /** Runs what the message says an administrator should. */
    private void grant(MigrationException refused, String... beginnings) {
        List<String> statements = GRANT.matcher(refused.getMessage())
                .results()
                .map(MatchResult::group)
                .filter(statement -> List.of(beginnings).stream().anyMatch(statement::startsWith))
                .toList();
        assertThat(statements).hasSameSizeAs(beginnings);
        statements.forEach(database::execute);
    }

    @Test
    void tellsWhoMayNotMakeTablesWhichGrantHelps() {
        MigrationException refused = refused(() -> schema().migrate());

        assertThat(refused).hasMessageContainingAll("may not make tables in schema public", "eventsourcing:script");
        assertThat(refused.schema()).isEqualTo("public");
        grant(refused, "GRANT USAGE, CREATE ON SCHEMA");
        assertThat(schema().migrate().applied()).hasSize(6);
    }

    @Test
    void tellsWhoMayNotUseTheSchemaWhichGrantHelps() {
        database.execute("CREATE SCHEMA \"Events\"");
        EventStoreSchema events = schema().inSchema("Events");

        MigrationException refused = refused(events::migrate);

        assertThat(refused.schema()).isEqualTo("Events");
        grant(refused, "GRANT USAGE, CREATE ON SCHEMA");
        assertThat(events.migrate().applied()).hasSize(6);
    }

    @Test
    void tellsWhoMayNotMakeTheSchemaWhichGrantHelps() {
        EventStoreSchema events = schema().inSchema("Events");
        MigrationException refused = refused(events::migrate);

        assertThat(refused).hasMessageContainingAll("may not create schema Events", "eventsourcing:script");
        grant(refused, "GRANT CREATE ON DATABASE");
        assertThat(events.migrate().applied()).hasSize(6);
        MigrationException other = refused(() -> {
            database.execute("REVOKE CREATE ON DATABASE "
                    + database.column("SELECT current_database()").get(0) + " FROM \"" + role + "\"");
            schema().inSchema("Other").migrate();
        });
        grant(other, "CREATE SCHEMA");
        assertThat(schema().inSchema("Other").migrate().applied()).hasSize(6);
    }

    @Test
    void tellsWhoMayNotSeeAnotherRolesTablesHowToAsk() {
        EventStoreSchema.over(database.dataSource()).inSchema("Events").migrate();
        EventStoreSchema events = schema().inSchema("Events");

        MigrationException refused = refused(events::pending);

        assertThat(refused).hasMessageContainingAll("does not own the tables", "Connect as role postgres");
        grant(refused, "GRANT USAGE ON SCHEMA", "GRANT SELECT ON");
        assertThat(events.pending()).isEmpty();
        assertThat(events.migrate().applied()).isEmpty();
    }

    @Test
    void tellsWhoStandsInNoSchema() {
        database.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC");

        MigrationException refused = catchThrowableOfType(MigrationException.class, () -> schema().plan());

        assertThat(refused).hasMessageContainingAll("stand in no schema", "eventsourcing.schema");
        database.execute("GRANT USAGE ON SCHEMA public TO PUBLIC");
    }

    /** What the script is for: the role of the programs owns nothing, and may create nothing. */
    @Test
    void aRoleWithoutRightsToCreateUsesWhatAnAdministratorHasMadeWithTheScript() {
        String script = Migrations.script("postgresql", 0, Settings.of(Map.of("eventsourcing.schema", "Events")));
        String grants = script.substring(script.indexOf("-- For the role of the programs"))
                .replaceFirst(".*\n", "")
                .replace("-- ", "")
                .replace(" TO app;", " TO \"" + role + "\";");

        database.execute(script);
        database.execute(grants);

        MyBatisRecorders recorders = MyBatisRecorders.over(asRole()).inSchema("Events");
        assertThat(recorders.schema().pending()).isEmpty();
        assertThat(recorders.schema().migrate().applied()).isEmpty();
        ProcessRecorder recorder = recorders.processRecorder("Dogs");
        List<StoredEvent> events = List.of(new StoredEvent(new UUID(0, 1), 1, "Dog.Registered", new byte[] {1}));
        recorder.insertEvents(events, Tracking.first("TrainingSchool", 1));
        recorders.snapshotRecorder("Dogs").insertEvents(events);
        assertThat(recorder.selectNotifications(NotificationSelection.after(0))).hasSize(1);
    }

    @Test
    void tellsAUserOfH2WhichGrantHelps() {
        try (H2Database h2 = H2Database.empty()) {
            h2.execute("CREATE USER lowly PASSWORD 'geheim'");
            EventStoreSchema schema = EventStoreSchema.over(new UnpooledDataSource(
                    "org.h2.Driver", h2.url().replace(";DB_CLOSE_DELAY=-1", "") + ";USER=LOWLY;PASSWORD=geheim", null));

            MigrationException refused = refusedSoon(schema::migrate);

            assertThat(refused.reason()).isEqualTo(Reason.MISSING_RIGHT);
            assertThat(refused).hasMessageContaining("user LOWLY").hasMessageNotContaining("geheim");
            h2.execute("GRANT ALTER ANY SCHEMA TO \"LOWLY\"");
            assertThat(schema.migrate().applied()).hasSize(6);
        }
    }
}
