package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Instances;
import dev.eventsourcing.system.Pipe;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.CuttingProxy;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class MigrateCommandTest {
    private static final String[] ALL = {
        "V1 create event tables",
        "V2 record ordering",
        "V3 create follower tables",
        "V4 record lease times",
        "V5 mark positions",
        "V6 record followed topics"
    };

    private static final ByteArrayOutputStream OUT = new ByteArrayOutputStream();

    private static Console console() {
        OUT.reset();
        return new Console(new PrintStream(OUT, true, StandardCharsets.UTF_8), false);
    }

    private static String printed() {
        return OUT.toString(StandardCharsets.UTF_8);
    }

    private static Outcome migrate(Map<String, String> options) {
        return new MigrateCommand(new ToolOptions(options), console(), MigrateCommandTest.class.getClassLoader()).run();
    }

    private static Outcome pending(Map<String, String> options) {
        return new PendingCommand(new ToolOptions(options), console(), MigrateCommandTest.class.getClassLoader()).run();
    }

    private static Outcome script(Map<String, String> options) {
        return new ScriptCommand(new ToolOptions(options), console()).run();
    }

    private static List<String> tables(TestDatabase database) {
        return database.column("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema");
    }

    /** Applications on databases of their own; what is not a database is not there. */
    public static final class Several {
        private static final List<RecorderFactory> RECORDERS = new ArrayList<>();

        private Several() {}

        public static Runner runner() {
            Iterator<RecorderFactory> recorders = RECORDERS.iterator();
            Chat.Speaker speaker = new Chat.Speaker(recorders.next());
            Chat.Listener listener = new Chat.Listener(recorders.next());
            Chat.Critic critic = new Chat.Critic(recorders.next());
            return new SingleThreadedRunner(
                    EventDrivenSystem.of(
                            Pipe.pipe(Chat.Speaker.class, Chat.Listener.class),
                            Pipe.pipe(Chat.Speaker.class, Chat.Critic.class)),
                    Instances.of(speaker, listener, critic));
        }

        static Map<String, String> on(DataSource... dataSources) {
            RECORDERS.clear();
            for (DataSource dataSource : dataSources) {
                RECORDERS.add(MyBatisRecorders.over(dataSource));
            }
            return Map.of("runner", Several.class.getName() + "::runner", "connect-patience", "0s");
        }
    }

    private static DataSource away() {
        return new UnpooledDataSource("org.postgresql.Driver", "jdbc:postgresql://localhost:1/school", "app", "s3cret");
    }

    private static Map<String, String> ordered(TestDatabase database, String ordering) {
        return Map.of("eventsourcing.url", database.url(), "eventsourcing.ordering", ordering);
    }

    @Test
    void makesTablesWithTheOrderingThatItIsTold() {
        try (TestDatabase database = PostgresDatabase.empty()) {
            assertThat(migrate(ordered(database, "counter-row"))).isEqualTo(Outcome.FINE);

            assertThat(database.column("SELECT strategy FROM event_ordering")).containsExactly("counter-row");
            assertThat(migrate(ordered(database, "table-lock"))).isEqualTo(Outcome.FINE);
            assertThat(database.column("SELECT strategy FROM event_ordering")).containsExactly("table-lock");
            assertThat(migrate(Map.of("eventsourcing.url", database.url()))).isEqualTo(Outcome.FINE);
            assertThat(database.column("SELECT strategy FROM event_ordering")).containsExactly("table-lock");
        }
    }

    @Test
    void refusesAnOrderingThatIsUnknownOrNotForTheDatabase() {
        try (TestDatabase database = H2Database.empty()) {
            assertThatThrownBy(() -> migrate(ordered(database, "barrier")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("eventsourcing.ordering=barrier", "readers-barrier");
            assertThatThrownBy(() -> migrate(ordered(database, "readers-barrier")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("readers-barrier", "On H2 use counter-row");
        }
    }

    @Test
    void aDryRunPrintsTheSqlAndChangesNothing() {
        try (TestDatabase database = PostgresDatabase.empty()) {
            Map<String, String> options =
                    Map.of("eventsourcing.url", database.url(), "eventsourcing.schema", "Events", "dry-run", "true");

            assertThat(migrate(options)).isEqualTo(Outcome.FINE);

            assertThat(printed())
                    .containsSubsequence(
                            ", schema Events",
                            "pending V1 create event tables",
                            "Dry run: nothing was changed.",
                            "BEGIN;",
                            "CREATE SCHEMA IF NOT EXISTS \"Events\";",
                            "CREATE TABLE \"eventsourcing_schema_history\"",
                            "CREATE TABLE stored_events",
                            "COMMIT;")
                    .doesNotContain("applied V1");
            assertThat(database.column("SELECT nspname FROM pg_namespace WHERE nspname = 'Events'"))
                    .isEmpty();
            assertThat(tables(database)).isEmpty();
        }
    }

    @Test
    void aDryRunOfWhatIsUpToDateSaysSo() {
        try (TestDatabase database = H2Database.migrated()) {
            assertThat(migrate(Map.of("eventsourcing.url", database.url(), "dry-run", "true")))
                    .isEqualTo(Outcome.FINE);

            assertThat(printed())
                    .contains("Nothing to migrate: the tables are at version 6.")
                    .doesNotContain("CREATE");
        }
    }

    @Test
    void pendingIsAFindingAndNamesWhatAndWhere() {
        try (TestDatabase database = H2Database.empty()) {
            Map<String, String> options = Map.of("eventsourcing.url", database.url());

            Outcome outcome = pending(options);

            assertThat(outcome.code()).isEqualTo(ExitCode.FINDINGS);
            assertThat(outcome.message())
                    .contains(
                            "Database H2 ",
                            ", schema PUBLIC: the tables are at version 0, and 6 migrations are pending")
                    .contains(ALL)
                    .contains("Run: mvn eventsourcing:migrate");
            assertThat(tables(database)).isEmpty();
            migrate(options);
            assertThat(pending(options)).isEqualTo(Outcome.FINE);
            assertThat(printed()).contains("Nothing is pending: the tables are at version 6.");
        }
    }

    @Test
    void anotherOrderingIsPendingToo() {
        try (TestDatabase database = PostgresDatabase.empty()) {
            migrate(ordered(database, "counter-row"));

            assertThat(pending(ordered(database, "counter-row"))).isEqualTo(Outcome.FINE);
            assertThat(pending(ordered(database, "table-lock")).message())
                    .contains("1 migration is pending: change the ordering of the log to table-lock");
        }
    }

    private static boolean waitsForTheDatabase(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(ConnectPatience.class.getName())
                        && frame.getMethodName().equals("pause"));
    }

    @Test
    void triesAgainForAWhileToReachADatabase() throws IOException {
        try (TestDatabase database = PostgresDatabase.empty()) {
            URI direct = URI.create(database.url().substring("jdbc:".length()));
            try (CuttingProxy proxy = new CuttingProxy(direct.getHost(), direct.getPort())) {
                String url =
                        database.url().replace(direct.getHost() + ":" + direct.getPort(), "localhost:" + proxy.port());
                proxy.refuse();

                Running<Outcome> migrating =
                        Concurrently.start(() -> migrate(Map.of("eventsourcing.url", url, "connect-patience", "60s")));
                migrating.awaitDoneOr(MigrateCommandTest::waitsForTheDatabase);
                proxy.admit();

                assertThat(migrating.get().code()).isEqualTo(ExitCode.FINE);
            }
        }
    }

    @Test
    void aDatabaseThatIsNotReachedIsNoFinding() {
        for (String url :
                List.of("jdbc:postgresql://localhost:1/school", "jdbc:h2:file:/nowhere/school;IFEXISTS=TRUE")) {
            Map<String, String> options = Map.of("eventsourcing.url", url, "connect-patience", "0s");
            System.setProperty("eventsourcing.pool-timeout-ms", "250");
            try {
                assertThatThrownBy(() -> pending(options)).isInstanceOf(CannotConnectException.class);
            } finally {
                System.clearProperty("eventsourcing.pool-timeout-ms");
            }
        }
        Outcome all = pending(Several.on(away(), away(), away()));
        assertThat(all.code()).isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(all.message()).contains("The database of Listener: ").doesNotContain("s3cret");
    }

    @Test
    void goesOverEachDatabaseOnce() {
        try (TestDatabase first = H2Database.empty();
                TestDatabase second = PostgresDatabase.empty()) {
            Map<String, String> options = Several.on(first.dataSource(), second.dataSource(), first.dataSource());

            Outcome before = pending(options);

            assertThat(before.code()).isEqualTo(ExitCode.FINDINGS);
            assertThat(before.message()).containsSubsequence("Database H2", "Database PostgreSQL");
            assertThat(before.message().split("V3 create follower tables")).hasSize(3);
            assertThat(migrate(options)).isEqualTo(Outcome.FINE);
            assertThat(printed())
                    .containsOnlyOnce("Database H2")
                    .containsOnlyOnce("Database PostgreSQL")
                    .contains("The database of Speaker, Critic:", "The database of Listener:");
            assertThat(pending(options)).isEqualTo(Outcome.FINE);
        }
    }

    @Test
    void aDatabaseThatFailsDoesNotKeepTheOthersFromBeingMigrated() {
        try (TestDatabase first = H2Database.empty();
                TestDatabase second = PostgresDatabase.empty()) {
            Map<String, String> options = Several.on(first.dataSource(), away(), second.dataSource());

            Outcome partial = migrate(options);

            assertThat(partial.code()).isEqualTo(ExitCode.PARTIAL);
            assertThat(partial.message())
                    .startsWith("The database of Listener: ")
                    .doesNotContain("Speaker", "Critic");
            assertThat(tables(first)).isNotEmpty();
            assertThat(tables(second)).isNotEmpty();
            assertThat(pending(options).code()).isEqualTo(ExitCode.PARTIAL);
        }
    }

    /** As where the data source is a program's own, and a library of it is missing. */
    @Test
    void whateverADataSourceThrowsDoesNotKeepTheOthersFromBeingMigrated() {
        DataSource broken = new UnpooledDataSource() {
            @Override
            public Connection getConnection() {
                throw new NoClassDefFoundError("com/acme/Vault");
            }
        };
        try (TestDatabase first = H2Database.empty();
                TestDatabase second = PostgresDatabase.empty()) {
            Outcome partial = migrate(Several.on(first.dataSource(), broken, second.dataSource()));

            assertThat(partial.code()).isEqualTo(ExitCode.PARTIAL);
            assertThat(partial.message())
                    .startsWith("The database of Listener: ")
                    .contains("com/acme/Vault")
                    .doesNotContain("Speaker", "Critic");
            assertThat(tables(first)).isNotEmpty();
            assertThat(tables(second)).isNotEmpty();
        }
    }

    @Test
    void aScriptNeedsNoDatabase(@TempDir Path folder) throws IOException {
        assertThat(script(Map.of())).isEqualTo(Outcome.FINE);

        String printed = printed();
        assertThat(printed).startsWith("BEGIN;").contains("bytea", "COMMIT;");
        Path file = folder.resolve("sql/tables.sql");
        assertThat(script(Map.of("output", file.toString()))).isEqualTo(Outcome.FINE);
        assertThat(file).hasContent(printed);
        assertThat(printed()).contains("Wrote " + file);
        script(Map.of("database", "h2", "from", "2", "eventsourcing.schema", "Events"));
        assertThat(printed()).startsWith("SET SCHEMA \"Events\";").doesNotContain("bytea", "stored_events (");
        assertThatThrownBy(() -> script(Map.of("output", folder.toString())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot be written");
        assertThatThrownBy(() -> script(Map.of("database", "oracle"))).isInstanceOf(ConfigurationException.class);
    }
}
