package dev.eventsourcing.tool;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The database that a goal was asked to work on, and the one that the program's runner has on its own. */
public class AskedDatabaseTest {
    private static final String RUNNER = Own.class.getName() + "::runner";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /** A program whose recorders are over a data source of its own. */
    public static final class Own {
        private static volatile DataSource dataSource;

        private Own() {}

        /** For the tool. */
        public static Runner runner() {
            return new SingleThreadedRunner(
                    EventDrivenSystem.of(pipe(Chat.Speaker.class, Chat.Listener.class)),
                    MyBatisRecorders.over(dataSource));
        }

        static void prepare(TestDatabase database) {
            dataSource = database.dataSource();
            try (Runner runner = runner()) {
                runner.get(Chat.Speaker.class).say("one", "two", "three");
            }
        }
    }

    enum Kind {
        H2(H2Database::migrated),
        POSTGRESQL(PostgresDatabase::migrated);

        private final Supplier<TestDatabase> migrated;

        Kind(Supplier<TestDatabase> migrated) {
            this.migrated = migrated;
        }

        TestDatabase migrated() {
            return migrated.get();
        }
    }

    @ParameterizedTest
    @CsvSource({"H2, false", "H2, true", "H2, plan", "POSTGRESQL, false", "POSTGRESQL, true", "POSTGRESQL, plan"})
    void aUrlThatTheRunnerDoesNotTakeIsRefusedBeforeAnythingIsProcessed(Kind kind, String dryRun) {
        try (TestDatabase database = kind.migrated()) {
            Own.prepare(database);

            assertThatThrownBy(() -> sync(Map.of(
                            "eventsourcing.url",
                            "jdbc:postgresql://elsewhere.invalid/school?user=app&sslpassword=s3cret",
                            "dry-run",
                            dryRun)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith(
                            "The goal was given the URL jdbc:postgresql://elsewhere.invalid/school?user=app"
                                    + "&sslpassword=*** (given eventsourcing.url), but the runner " + RUNNER
                                    + " uses its own data source on " + (kind == Kind.H2 ? "H2 " : "PostgreSQL "))
                    .hasMessageContaining(" at " + address(database) + ", schema ")
                    .hasMessageEndingWith(
                            ". Nothing was done. Leave the URL out (-Deventsourcing.url= with no value outweighs"
                                    + " the POM and the environment), or let the runner's recorders be made from settings.")
                    .hasMessageNotContaining("s3cret");

            assertThat(database.count("notification_tracking")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aUrlOfTheSameDatabaseIsTakenHoweverItIsWritten(Kind kind) {
        try (TestDatabase database = kind.migrated()) {
            Own.prepare(database);

            Outcome outcome = sync(Map.of(
                    "eventsourcing.url",
                    database.url().replace("//localhost:", "//127.0.0.1:").replaceFirst("[;?].*", "")));

            assertThat(outcome).isEqualTo(Outcome.FINE);
            assertThat(printed()).contains("OK  3 events from Speaker");
        }
    }

    @Test
    void anEmptyUrlIsNone() {
        try (TestDatabase database = H2Database.migrated()) {
            Own.prepare(database);

            assertThat(sync(Map.of("eventsourcing.url", ""))).isEqualTo(Outcome.FINE);
        }
    }

    @Test
    void aUrlForARunnerWithoutADatabaseIsRefused() {
        assertThatThrownBy(() -> sync(Map.of(
                        "runner", Chat.class.getName() + "::runner", "eventsourcing.url", "jdbc:h2:mem:elsewhere")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "but the runner " + Chat.class.getName() + "::runner keeps its events in no database. Nothing");
    }

    @Test
    void aSchemaOrUserThatTheRunnerDoesNotTakeIsRefused() {
        try (TestDatabase database = H2Database.migrated()) {
            Own.prepare(database);

            assertThatThrownBy(() -> sync(Map.of("eventsourcing.schema", "Other")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(
                            "-Deventsourcing.schema=Other does not fit: the runner's recorders have their tables in the"
                                    + " schema of their connections. Leave it out, or let the runner's recorders be made from settings.");
            assertThatThrownBy(() -> sync(Map.of("eventsourcing.user", "headmaster")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(
                            "-Deventsourcing.user would be of no effect: the runner's recorders connect on their own. Leave"
                                    + " it out, or let the runner's recorders be made from settings.");
            assertThat(database.count("notification_tracking")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true", "plan"})
    void everyModePrintsTheDatabasesAndReportsThem(String dryRun) {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            Own.prepare(database);

            sync(Map.of("dry-run", dryRun));
            assertThat(printed())
                    .containsPattern("(?m)^Database PostgreSQL \\S+ .*at " + address(database)
                            + ", schema public: Speaker, Listener$");

            printed.reset();
            sync(Map.of("dry-run", dryRun, "format", "json"));
            JsonNode report = SyncJsonTest.checked(printed());
            assertThat(report.get("databases")).hasSize(1);
            assertThat(report.at("/databases/0/database").asString())
                    .startsWith("PostgreSQL ")
                    .endsWith(" at " + address(database));
            assertThat(report.at("/databases/0/schema").asString()).isEqualTo("public");
            assertThat(report.at("/databases/0/applications/1").asString()).isEqualTo("Listener");
        }
    }

    @Test
    void aMigrationSaysWhichDatabaseItIsInThoughItFails() {
        try (TestDatabase database = H2Database.empty()) {
            database.execute("CREATE TABLE \"STORED_EVENTS\" (id INT)");

            assertThatThrownBy(() -> new MigrateCommand(
                                    new ToolOptions(Map.of("eventsourcing.url", database.url())),
                                    console(),
                                    getClass().getClassLoader())
                            .run())
                    .hasMessageContaining("has tables of these names already");
            assertThat(printed()).contains("Database H2 ").contains(" at " + address(database) + ", schema PUBLIC");
        }
    }

    private static String address(TestDatabase database) {
        return database.url().replaceFirst("[;?].*", "");
    }

    private Outcome sync(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("runner", RUNNER));
        all.putAll(options);
        return new SyncFollowersCommand(
                        new ToolOptions(all), console(), getClass().getClassLoader())
                .run();
    }

    private Console console() {
        return new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
