package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.FailureKind;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trouble of the server parks nothing and stops nobody; trouble of a user's statement does as before. */
class MomentTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String RAISE =
            "CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''oops'' USING ERRCODE = ''%s''; END';"
                    + " CREATE TRIGGER trouble BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION trouble()";

    /** What is wrong with a server for a while. */
    enum Trouble {
        DISK_FULL(RAISE.formatted("53100", "stored_events"), "DROP FUNCTION trouble CASCADE"),
        INPUT_OUTPUT(RAISE.formatted("58030", "notification_tracking"), "DROP FUNCTION trouble CASCADE"),
        USERS_DISK_FULL(RAISE.formatted("53100", "counts"), "DROP FUNCTION trouble CASCADE"),
        SHUTTING_DOWN(RAISE.formatted("57P01", "notification_tracking"), "DROP FUNCTION trouble CASCADE"),
        NO_POSITIONS(
                "ALTER TABLE notification_tracking RENAME TO gone", "ALTER TABLE gone RENAME TO notification_tracking"),
        NO_EVENTS("ALTER TABLE stored_events RENAME TO gone", "ALTER TABLE gone RENAME TO stored_events"),
        READ_ONLY(
                "DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET default_transaction_read_only = on'', current_database());"
                        + " END'",
                "SET default_transaction_read_only = off; DO 'BEGIN EXECUTE format(''ALTER DATABASE %I RESET"
                        + " default_transaction_read_only'', current_database()); END'") {
            @Override
            void apply(TestDatabase database, String sql) {
                super.apply(database, sql);
                // Only new connections have the setting, and only those that begin after its commit; a second time for
                // those that were just beginning and are not in the list yet.
                for (int i = 0; i < 2; i++) {
                    database.execute("SELECT pg_sleep(0.3), pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
                }
            }
        },
        NO_RIGHT(
                "REVOKE INSERT, UPDATE ON stored_events, notification_tracking FROM es_moment",
                "GRANT INSERT, UPDATE ON stored_events, notification_tracking TO es_moment");

        private final String begin;
        private final String end;

        Trouble(String begin, String end) {
            this.begin = begin;
            this.end = end;
        }

        void apply(TestDatabase database, String sql) {
            database.execute(sql);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunnerGoesOnByItselfAfterTroubleOfTheServer(Trouble trouble) {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            database.execute("CREATE TABLE counts (word VARCHAR(40))");
            database.execute("DROP ROLE IF EXISTS es_moment");
            database.execute("CREATE ROLE es_moment; GRANT ALL ON ALL TABLES IN SCHEMA public TO es_moment");
            try (var pool = TestDatabase.pool(database.url() + "&options=-c%20role=es_moment")) {
                goesOn(trouble, database, pool);
            } finally {
                database.execute("DROP OWNED BY es_moment; DROP ROLE es_moment");
            }
        }
    }

    private static void goesOn(Trouble trouble, TestDatabase database, DataSource ofFollower) {
        AtomicInteger failures = new AtomicInteger();
        RunnerSettings settings = RunnerSettings.defaults().metrics(new FollowerMetrics() {
            @Override
            public void failed(String follower, String leader) {
                failures.incrementAndGet();
            }
        });
        Words words = new Words(new InMemoryRecorders());
        MyBatisRecorders recorders = MyBatisRecorders.over(factory(ofFollower, ExecutorType.SIMPLE));
        Echo echo = counting(recorders);
        echo.onFailure(FailureAction.PARK);
        echo.attempts(1);
        try (Runner runner = new MultiThreadedRunner(
                EventDrivenSystem.of(pipe(Words.class, Echo.class)), Instances.of(words, echo), settings)) {
            runner.start();
            words.say("a");
            runner.waitUntilCaughtUp(LONG);

            trouble.apply(database, trouble.begin);
            words.say("b");
            words.say("c");
            Concurrently.awaitUntil(() -> failures.get() > 2);
            trouble.apply(database, trouble.end);

            Concurrently.awaitUntil(() -> database.count("counts") == 3);
            runner.waitUntilCaughtUp(LONG);
            assertThat(echo.repeated()).containsExactly("a", "b", "c");
            assertThat(database.column("SELECT word FROM counts")).containsExactly("a", "b", "c");
            assertThat(echo.parking().count("Words")).isZero();
            assertThat(runner.failures()).isEmpty();
        }
    }

    interface Counts {
        @Insert("INSERT INTO counts VALUES (#{word})")
        int count(String word);
    }

    private static SqlSessionFactory factory(DataSource dataSource, ExecutorType executor) {
        Configuration configuration =
                new Configuration(new Environment("users", new JdbcTransactionFactory(), dataSource));
        configuration.setDefaultExecutorType(executor);
        configuration.addMapper(Counts.class);
        return new SqlSessionFactoryBuilder().build(configuration);
    }

    private static Echo counting(MyBatisRecorders recorders) {
        Echo echo = new Echo(recorders);
        Counts counts = recorders.mapper(Counts.class);
        echo.before = (word, processing) -> counts.count(word);
        return echo;
    }

    private static TestDatabase database(Store store) {
        return store == Store.H2 ? H2Database.migrated() : PostgresDatabase.migrated();
    }

    /** At once with its statement, batched behind it, or batched and sent as the transaction ends. */
    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void aMissingTableOfTheUsersIsParkedAndNotToBeMigrated(Store store) {
        for (ExecutorType executor : ExecutorType.values()) {
            try (TestDatabase database = database(store)) {
                Words words = new Words(new InMemoryRecorders());
                Echo echo = counting(MyBatisRecorders.over(factory(database.dataSource(), executor)));
                echo.follow(words);
                echo.onFailure(FailureAction.PARK);
                words.say("a");

                echo.pullAndProcess("Words");

                assertThat(echo.parking().list("Words", 0, 10))
                        .singleElement()
                        .satisfies(parked -> assertThat(parked.reason())
                                .containsIgnoringCase("counts")
                                .doesNotContain("tables of this library")
                                .doesNotContain("Run: mvn eventsourcing:migrate"));
            }
        }
    }

    /** The same SQLSTATE twice, first in our statement, then in the user's. */
    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void aMissingTableOfOursIsSaidToBeOursAndMayPassForSaves(Store store) {
        try (TestDatabase database = database(store)) {
            Words words = new Words(MyBatisRecorders.over(database.dataSource()));
            words.say("a");
            database.execute("ALTER TABLE stored_events RENAME TO gone");

            assertThatExceptionOfType(PersistenceException.class)
                    .isThrownBy(() -> words.say("b"))
                    .withMessageContaining("Run: mvn eventsourcing:migrate")
                    .returns(FailureKind.MOMENT, PersistenceException::failureKind)
                    .returns(true, PersistenceException::isTransient);

            database.execute("ALTER TABLE gone RENAME TO stored_events");
            words.say("b");
            assertThat(words.notificationLog().end().recorded()).isEqualTo(2);
        }
    }

    private static Echo failing(Function<Store.Opened, RecorderFactory> recorders, Store.Opened opened, Words words) {
        Echo echo = new Echo(recorders.apply(opened));
        echo.follow(words);
        echo.onFailure(FailureAction.PARK);
        return echo;
    }

    @ParameterizedTest
    @EnumSource
    void whoeverCatchesUpGivesUpAfterSomeAttemptsAndParksNothing(Store store) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders);
            Echo echo = failing(Store.Opened::ofAnotherProcess, opened, words);
            echo.before = (word, processing) -> {
                throw new PersistenceException("no room", null, FailureKind.MOMENT);
            };
            words.say("a");

            assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> echo.pullAndProcess("Words"));

            assertThat(echo.parking().count("Words")).isZero();
            assertThat(echo.seen).hasSizeGreaterThan(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRetryPolicyDecidesWhatTheSqlstateDoesNotTell(Store store) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders);
            Echo echo = failing(Store.Opened::ofAnotherProcess, opened, words);
            echo.attempts(3);
            echo.retryPolicy(
                    (failure, proposed) -> failure instanceof IllegalStateException ? FailureKind.MOMENT : proposed);
            echo.before = (word, processing) -> {
                throw word.equals("away") ? new IllegalStateException(word) : new IllegalArgumentException(word);
            };
            words.say("bad");
            words.say("away");

            assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> echo.pullAndProcess("Words"));

            assertThat(echo.parking().list("Words", 0, 10))
                    .singleElement()
                    .satisfies(parked -> assertThat(parked.reason()).contains("bad"));
        }
    }

    @Test
    void aRetryPolicyThatFailsChangesNothing() {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Words words = new Words(opened.recorders);
            Echo echo = failing(Store.Opened::ofAnotherProcess, opened, words);
            echo.retryPolicy((failure, proposed) -> {
                throw new StackOverflowError();
            });
            echo.before = (word, processing) -> {
                throw new IllegalArgumentException(word);
            };
            words.say("bad");

            echo.pullAndProcess("Words");

            assertThat(echo.parking().count("Words")).isEqualTo(1);
        }
    }

    /** For as long as the goal's patience goes. */
    @ParameterizedTest
    @EnumSource
    void aSynchronisationTriesAgainForAWhile(Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = new SingleThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Echo.class)), opened.ofAnotherProcess())) {
            Echo echo = runner.get(Echo.class);
            echo.onFailure(FailureAction.PARK);
            echo.attempts(1);
            AtomicInteger tries = new AtomicInteger();
            echo.before = (word, processing) -> {
                if (tries.incrementAndGet() < 8) {
                    throw new PersistenceException("no room", null, FailureKind.MOMENT);
                }
            };
            runner.get(Words.class).say("a");

            FollowerSyncReport impatient =
                    new FollowerSync(runner).patience(Duration.ZERO).sync(List.of(), SyncMode.PROCESS);
            FollowerSyncReport patient = new FollowerSync(runner).patience(LONG).sync(List.of(), SyncMode.PROCESS);

            assertThat(impatient.results().get(0).failure()).isPresent();
            assertThat(patient.results().get(0).failure()).isEmpty();
            assertThat(echo.repeated()).containsExactly("a");
            assertThat(echo.parking().count("Words")).isZero();
        }
    }
}
