package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.application.Application;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.RehearsalLostException;
import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.persistence.RowChanges.Counted;
import dev.eventsourcing.persistence.RowChanges.Rows;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.h2.api.ErrorCode;
import org.h2.message.DbException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mybatis.spring.SqlSessionTemplate;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** Dry runs whose policies write rows of the user's: they tell which, keep none, and keep nobody waiting. */
class DryRunOnDatabaseTest {
    private static final Rows ONE_INSERTED = new Rows(1, 0, 0);

    private final List<AutoCloseable> closing = new ArrayList<>();
    private TestDatabase database;
    private Runner runner;

    /** The databases. */
    enum Product {
        H2,
        POSTGRESQL;

        TestDatabase migrated() {
            return this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
        }
    }

    private void open(Product product, Pipe... pipes) {
        openDatabase(product);
        run(MyBatisRecorders.over(database.dataSource(), Lines.class), pipes);
    }

    private void openDatabase(Product product) {
        database = product.migrated();
        database.execute(Lines.TABLE);
    }

    private void run(MyBatisRecorders recorders, Pipe... pipes) {
        run(type -> recorders, pipes);
    }

    private void run(RecordersOf recorders, Pipe... pipes) {
        runner = new SingleThreadedRunner(
                EventDrivenSystem.of(pipes), type -> made(type, recorders.of(type)), RunnerSettings.defaults());
    }

    private static Application made(Class<? extends Application> type, MyBatisRecorders recorders) {
        for (java.lang.reflect.Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 1) {
                try {
                    return (Application) constructor.newInstance(recorders);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalStateException(type.getName());
    }

    @AfterEach
    void close() throws Exception {
        if (runner != null) {
            runner.close();
        }
        for (AutoCloseable each : closing) {
            each.close();
        }
        database.close();
    }

    private FollowerSyncReport dryRun() {
        return new FollowerSync(runner).sync(List.of(), SyncMode.DRY_RUN);
    }

    private FollowerSyncReport process() {
        return new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS);
    }

    private Scribe scribe() {
        return runner.get(Scribe.class);
    }

    private List<String> ours() {
        List<String> all = new ArrayList<>();
        boolean h2 = database instanceof H2Database;
        for (String table : List.of(
                "stored_events",
                "snapshots",
                "notification_tracking",
                "parked_events",
                "follower_leases",
                "notification_counter")) {
            all.addAll(database.column(
                    h2 ? "SELECT count(*) FROM " + table : "SELECT t::text FROM " + table + " t ORDER BY 1"));
        }
        all.addAll(database.column(
                h2
                        ? "SELECT last_id FROM notification_counter"
                        : "SELECT last_value || ' ' || is_called FROM " + sequence()));
        return all;
    }

    private String sequence() {
        return database.column("SELECT pg_get_serial_sequence('stored_events', 'id')")
                .get(0);
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheRowsThatARunThenWrites(Product product) {
        open(product, pipe(Words.class, Scribe.class));
        runner.get(Words.class).say("a", "ab", "bad", "c");
        Scribe scribe = scribe();
        scribe.does = (word, processing) -> {
            scribe.write(word);
            scribe.lines.again("a%");
            if (word.equals("ab")) {
                scribe.lines.delete("a");
            }
            if (word.equals("bad")) {
                throw new IllegalStateException("cannot write that");
            }
        };
        List<String> before = ours();

        FollowerResult rehearsed = dryRun().results().get(0);

        assertThat(database.count("lines")).isZero();
        assertThat(ours()).isEqualTo(before);
        FollowerResult processed = process().results().get(0);
        assertThat(rehearsed.events()).isEqualTo(processed.events()).isEqualTo(Map.of("Words", 2L));
        assertThat(rehearsed.rows())
                .isEqualTo(
                        product == Product.H2
                                ? new RowChanges(
                                        Counted.STATEMENT,
                                        Map.of(
                                                Lines.class.getName() + ".insert",
                                                new Rows(2, 0, 0),
                                                Lines.class.getName() + ".again",
                                                new Rows(0, 3, 0),
                                                Lines.class.getName() + ".delete",
                                                new Rows(0, 0, 1)))
                                : new RowChanges(Counted.TABLE, Map.of("lines", new Rows(2, 3, 1))));
        assertThat(database.column("SELECT word || times FROM lines")).containsExactly("ab2");
    }

    /** The states of errors that mean something where the library has them itself. */
    @ParameterizedTest
    @CsvSource({
        "H2, 28P01", "H2, 42P01", "H2, 08003", "H2, 40001",
        "POSTGRESQL, 28P01", "POSTGRESQL, 42P01", "POSTGRESQL, 08003", "POSTGRESQL, 40001"
    })
    void namesTheEventWhosePolicyThrowsAnSqlExceptionAsARunDoes(Product product, String state) {
        open(product, pipe(Words.class, Scribe.class), pipe(Words.class, Scribe.Second.class));
        runner.get(Words.class).say("a");
        scribe().does = (word, processing) -> {
            throw sneak(new SQLException("of the user's own", state));
        };

        FollowerSyncReport rehearsed = dryRun();
        FollowerResult processed = process().results().get(0);

        FollowerResult.Failure failure = rehearsed.results().get(0).failure().orElseThrow();
        assertThat(failure.notificationId()).isEqualTo(1);
        assertThat(failure.message())
                .isEqualTo(processed.failure().orElseThrow().message());
        assertThat(rehearsed.results().get(1).failure()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatNoRowsAreWritten(Product product) {
        open(product, pipe(Words.class, Scribe.class));
        runner.get(Words.class).say("a");
        scribe().does = (word, processing) -> scribe().lines.all();

        assertThat(dryRun().results().get(0).rows())
                .isEqualTo(new RowChanges(product == Product.H2 ? Counted.STATEMENT : Counted.TABLE, Map.of()));
    }

    @ParameterizedTest
    @EnumSource
    void policiesSeeTheRowsOfThoseBeforeThem(Product product) {
        open(product, pipe(Words.class, Scribe.class), pipe(Words.class, Scribe.Second.class));
        runner.get(Words.class).say("a", "b");
        List<List<String>> seen = new ArrayList<>();
        runner.get(Scribe.Second.class).does = (word, processing) ->
                seen.add(runner.get(Scribe.Second.class).lines.all());

        FollowerSyncReport report = dryRun();

        assertThat(report.failures()).isEmpty();
        assertThat(seen).containsExactly(List.of("a", "b"), List.of("a", "b"));
        assertThat(database.count("lines")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatAParkedEventHasWrittenIsUndoneAndNotCounted(Product product) {
        open(product, pipe(Words.class, Scribe.class));
        scribe().onFailure(FailureAction.PARK);
        runner.get(Words.class).say("a", "a");
        runner.get(Words.class).say("b");
        List<String> before = ours();

        FollowerResult rehearsed = dryRun().results().get(0);

        assertThat(rehearsed.failure()).isEmpty();
        assertThat(rehearsed.parked()).isEqualTo(Map.of("Words", 1L));
        assertThat(rehearsed.rows().rows().values()).containsExactly(new Rows(2, 0, 0));
        assertThat(ours()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void batchedStatementsAreSentAndCounted(Product product) {
        openDatabase(product);
        Configuration configuration = configuration();
        configuration.setDefaultExecutorType(ExecutorType.BATCH);
        run(
                MyBatisRecorders.over(new SqlSessionFactoryBuilder().build(configuration)),
                pipe(Words.class, Scribe.class));
        runner.get(Words.class).say("a", "b", "c");
        Scribe scribe = scribe();
        scribe.does = (word, processing) -> {
            scribe.write(word);
            if (word.equals("b")) {
                assertThat(scribe.lines.all()).containsExactly("a", "b");
            }
        };

        FollowerResult rehearsed = dryRun().results().get(0);

        assertThat(rehearsed.failure()).isEmpty();
        assertThat(rehearsed.rows().rows().values()).containsExactly(new Rows(3, 0, 0));
        assertThat(database.count("lines")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrongInABatchOfStatementsFailsWhereItWouldInARun(Product product) {
        openDatabase(product);
        Configuration configuration = configuration();
        configuration.setDefaultExecutorType(ExecutorType.BATCH);
        run(
                MyBatisRecorders.over(new SqlSessionFactoryBuilder().build(configuration)),
                pipe(Words.class, Scribe.class));
        runner.get(Words.class).say("a", "a", "c");

        FollowerResult rehearsed = dryRun().results().get(0);
        FollowerResult processed = process().results().get(0);

        assertThat(rehearsed.events()).isEqualTo(processed.events()).isEqualTo(Map.of("Words", 1L));
        assertThat(rehearsed.failure().orElseThrow().notificationId())
                .isEqualTo(processed.failure().orElseThrow().notificationId());
    }

    private Configuration configuration() {
        Configuration configuration =
                new Configuration(new Environment("test", new JdbcTransactionFactory(), database.dataSource()));
        configuration.addMapper(Lines.class);
        return configuration;
    }

    @ParameterizedTest
    @EnumSource
    void sessionsOfAManagerAreRolledBackToo(Product product) {
        openDatabase(product);
        SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(configuration());
        SqlSessionManager manager = SqlSessionManager.newInstance(factory);
        run(MyBatisRecorders.over(manager), pipe(Words.class, Scribe.class), pipe(Words.class, Scribe.Second.class));
        runner.get(Words.class).say("a", "bad", "c");
        Lines injected = manager.getMapper(Lines.class);
        scribe().does = (word, processing) -> {
            injected.insert(word);
            if (word.equals("bad")) {
                throw new IllegalStateException("cannot write that");
            }
        };
        List<List<String>> seen = new ArrayList<>();
        runner.get(Scribe.Second.class).does = (word, processing) -> seen.add(injected.all());

        FollowerSyncReport report = dryRun();

        assertThat(report.results())
                .extracting(FollowerResult::events)
                .containsExactly(Map.of("Words", 1L), Map.of("Words", 3L));
        assertThat(seen).containsOnly(List.of("a"));
        assertThat(report.results().get(0).rows())
                .isEqualTo(
                        product == Product.H2
                                ? RowChanges.UNKNOWN
                                : new RowChanges(Counted.TABLE, Map.of("lines", ONE_INSERTED)));
        assertThat(database.count("lines")).isZero();
        assertThat(manager.isManagedSessionStarted()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aMapperOfRecordersThatNoFollowerHasIsRefused(Product product) {
        open(product, pipe(Words.class, Scribe.class));
        runner.get(Words.class).say("a");
        Lines strange =
                MyBatisRecorders.over(database.dataSource(), Lines.class).mapper(Lines.class);
        scribe().does = (word, processing) -> strange.insert(word);

        FollowerSyncReport report = dryRun();

        assertThat(report.failures().get(0).failure().orElseThrow().message())
                .contains("recorders that no follower of the system has");
        assertThat(database.count("lines")).isZero();
        // Nor is it taken in earnest: see MappersOfOthersTest.
        process();
        assertThat(database.count("lines")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void appendsOfOthersGoOnAtOnceAndReadersAreNotHeldBack(Product product) {
        open(product, pipe(Words.class, Scribe.class, Echo.class));
        Words words = runner.get(Words.class);
        var text = words.say("a");
        Gate gate = new Gate();
        scribe().does = (word, processing) -> {
            scribe().write(word);
            Words.Text repeated = new Words.Text(Echo.TEXT);
            repeated.add(word);
            processing.collect(repeated);
        };
        runner.get(Echo.class).before = (word, processing) -> gate.pass();
        Running<FollowerSyncReport> rehearsing = Concurrently.start(this::dryRun);
        gate.hold();

        words.sayOn(text, "b");
        MyBatisRecorders others = MyBatisRecorders.over(database.dataSource());
        assertThat(others.applicationRecorder("Words").end().isSettled()).isTrue();
        if (product == Product.POSTGRESQL) {
            assertThat(database.column("""
                            SELECT l.mode FROM pg_locks l
                            JOIN pg_class c ON c.oid = l.relation AND c.relname IN
                              ('stored_events', 'snapshots', 'notification_tracking', 'parked_events', 'follower_leases')
                            JOIN pg_stat_activity a ON a.pid = l.pid
                            WHERE a.state = 'idle in transaction' AND l.mode <> 'AccessShareLock'""")).isEmpty();
            assertThat(database.column("SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'"
                            + " AND datname = current_database()"))
                    .hasSize(1);
        }
        gate.open();

        assertThat(rehearsing.get().results())
                .extracting(InShort::of)
                .containsExactly("Scribe DRY_RUN {Words=1}", "Echo DRY_RUN {Scribe=1}");
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsForItIsLetGoSoonAndItSaysWhoThatWas(Product product) throws Exception {
        openDatabase(product);
        TestDatabase other = product.migrated();
        closing.add(other);
        other.execute(Lines.TABLE);
        MyBatisRecorders here = MyBatisRecorders.over(database.dataSource(), Lines.class);
        MyBatisRecorders there = MyBatisRecorders.over(other.dataSource(), Lines.class);
        run(
                type -> type == Scribe.Third.class ? there : here,
                pipe(Words.class, Scribe.class),
                pipe(Words.class, Scribe.Second.class),
                pipe(Words.class, Scribe.Third.class));
        runner.get(Words.class).say("a");
        database.execute("INSERT INTO lines (word) VALUES ('a')");
        Gate gate = new Gate();
        List<String> after = new CopyOnWriteArrayList<>();
        scribe().does = (word, processing) -> {
            scribe().lines.again("a");
            gate.pass();
            try {
                // A policy that goes on, whatever a statement of it says.
                scribe().lines.again("a");
            } catch (RuntimeException e) {
                after.add(e.getMessage());
            }
        };
        Running<FollowerSyncReport> rehearsing = Concurrently.start(this::dryRun);
        gate.hold();

        long begun = System.nanoTime();
        database.execute("UPDATE lines SET times = 7 WHERE word = 'a'");
        long waited = (System.nanoTime() - begun) / 1_000_000;
        gate.open();
        FollowerSyncReport report = rehearsing.get();

        // It has come through while the gate was closed, and not at once.
        assertThat(waited).isGreaterThanOrEqualTo(200L);
        assertThat(database.column("SELECT times FROM lines")).containsExactly("7");
        List<String> messages = report.failures().stream()
                .map(failed -> failed.failure().orElseThrow().message())
                .toList();
        assertThat(report.failures()).extracting(FollowerResult::follower).containsExactly("Scribe", "SecondScribe");
        assertThat(messages)
                .allSatisfy(message -> assertThat(message)
                        .contains("The dry run was given up", product == Product.H2 ? "session " : "pid ")
                        .contains(product == Product.H2 ? "rows" : " ms for lines"));
        assertThat(messages.get(0)).isEqualTo(messages.get(1));
        assertThat(report.results().get(2).events()).isEqualTo(Map.of("Words", 1L));
        assertThat(report.results().get(2).failure()).isEmpty();
        database.execute("UPDATE lines SET times = 8 WHERE word = 'a'");
    }

    @ParameterizedTest
    @EnumSource
    void whoWantsToInsertTheSameRowIsLetGoToo(Product product) {
        open(product, pipe(Words.class, Scribe.class));
        runner.get(Words.class).say("a");
        Gate gate = new Gate();
        scribe().does = (word, processing) -> {
            scribe().write(word);
            gate.pass();
        };
        Running<FollowerSyncReport> rehearsing = Concurrently.start(this::dryRun);
        gate.hold();

        // Comes through while the gate is closed.
        database.execute("INSERT INTO lines (word) VALUES ('a')");
        gate.open();

        assertThat(rehearsing.get().failures().get(0).failure().orElseThrow().message())
                .contains("The dry run was given up");
        assertThat(database.count("lines")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void itsOwnWaitsAreShortAndSaySo(Product product) throws Exception {
        open(product, pipe(Words.class, Scribe.class));
        scribe().attempts(1);
        runner.get(Words.class).say("a");
        database.execute("INSERT INTO lines (word) VALUES ('a')");
        scribe().does = (word, processing) -> scribe().lines.again("a");
        try (Connection holding = database.dataSource().getConnection();
                Statement statement = holding.createStatement()) {
            holding.setAutoCommit(false);
            statement.execute("UPDATE lines SET times = 3 WHERE word = 'a'");

            FollowerResult failed = dryRun().results().get(0);

            assertThat(failed.failure().orElseThrow().message())
                    .contains("A dry run waits for a lock for 200 ms at most");
            holding.commit();
        }
        assertThat(database.column("SELECT times FROM lines")).containsExactly("3");
    }

    @ParameterizedTest
    @EnumSource
    void connectionsComeBackAsTheyWereAndNothingIsLeft(Product product) throws Exception {
        openDatabase(product);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.urlWithLockTimeout(4_321));
        config.setMaximumPoolSize(3);
        config.setConnectionTimeout(5_000);
        HikariDataSource pool = new HikariDataSource(config);
        closing.add(pool);
        run(MyBatisRecorders.over(pool, Lines.class), pipe(Words.class, Scribe.class), pipe(Words.class, Echo.class));
        runner.get(Words.class).say("a", "b");
        for (String ending : List.of("well", "error", "exception", "interrupted", "committed")) {
            scribe().does = (word, processing) -> {
                scribe().write(word);
                switch (ending) {
                    case "error" -> throw new AssertionError("broken");
                    case "exception" -> throw new IllegalStateException("broken");
                    case "interrupted" -> Thread.currentThread().interrupt();
                    default -> {}
                }
            };

            FollowerSyncReport report = dryRun();

            boolean interrupted = Thread.interrupted();
            assertThat(interrupted).isEqualTo(ending.equals("interrupted"));
            assertThat(report.results().get(0).failure().isPresent())
                    .as(ending)
                    .isEqualTo(!List.of("well", "committed", "interrupted").contains(ending));
            assertThat(database.count("lines")).isZero();
            assertAllIsAsItWas(pool, product);
        }
    }

    private static void assertAllIsAsItWas(HikariDataSource pool, Product product) throws SQLException {
        Concurrently.awaitUntil(() -> threads().isEmpty());
        assertThat(files()).isEmpty();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        List<Connection> all = new ArrayList<>();
        try {
            for (int n = 0; n < 3; n++) {
                Connection connection = pool.getConnection();
                all.add(connection);
                try (Statement statement = connection.createStatement();
                        var row = statement.executeQuery(
                                product == Product.H2 ? "CALL LOCK_TIMEOUT()" : "SHOW lock_timeout")) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo(product == Product.H2 ? "4321" : "4321ms");
                }
                assertThat(connection.getAutoCommit()).isTrue();
            }
        } finally {
            for (Connection each : all) {
                each.close();
            }
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("eventsourcing-dry-run"))
                .toList();
    }

    private static List<Path> files() {
        String ofThisProcess =
                "eventsourcing-dry-run-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith(ofThisProcess))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionThatTheDatabaseEndsIsLostForAllOfThatDatabase(Product product) throws Exception {
        open(product, pipe(Words.class, Scribe.class), pipe(Words.class, Scribe.Second.class));
        runner.get(Words.class).say("a", "b");
        scribe().does = (word, processing) -> {
            scribe().write(word);
            endTransactionsInHand(product, word);
        };

        FollowerSyncReport report = dryRun();

        assertThat(report.failures()).hasSize(2);
        List<String> messages = report.failures().stream()
                .map(failed -> failed.failure().orElseThrow().message())
                .toList();
        assertThat(messages.get(0))
                .contains("The dry run has lost its transaction")
                .isEqualTo(messages.get(1));
        assertThat(runner.get(Scribe.Second.class).seen).isEmpty();
        assertThat(database.count("lines")).isZero();
        scribe().does = (word, processing) -> scribe().write(word);
        assertThat(process().results().get(0).failure()).isEmpty();
    }

    /** PostgreSQL: by an administrator; H2: in a deadlock, which it ends with the whole transaction of one of the two. */
    private void endTransactionsInHand(Product product, String word) {
        if (product == Product.POSTGRESQL) {
            database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                            + " AND datname = current_database()");
            return;
        }
        // Of the driver's own: one that a user makes ends no transaction.
        throw new org.apache.ibatis.exceptions.PersistenceException(
                DbException.getJdbcSQLException(ErrorCode.DEADLOCK_1));
    }

    @Slow("a pool tries to connect for a second")
    @ParameterizedTest
    @EnumSource
    void followersOfADatabaseThatCannotBeReachedFailAndTheOthersDoNot(Product product) {
        openDatabase(product);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://localhost:1/nowhere?user=nobody");
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(300);
        HikariDataSource nowhere = new HikariDataSource(config);
        closing.add(nowhere);
        MyBatisRecorders there = MyBatisRecorders.over(nowhere, Lines.class);
        MyBatisRecorders here = MyBatisRecorders.over(database.dataSource(), Lines.class);
        run(
                type -> type == Scribe.class ? there : here,
                pipe(Words.class, Scribe.class),
                pipe(Words.class, Scribe.Second.class));
        runner.get(Words.class).say("a");

        FollowerSyncReport report = dryRun();

        assertThat(report.results().get(0).failure().orElseThrow().message()).contains("no connection to the database");
        assertThat(report.results().get(1).failure()).isEmpty();
        assertThat(report.results().get(1).events()).isEqualTo(Map.of("Words", 1L));
    }

    @ParameterizedTest
    @EnumSource
    void whatAPolicySavesInAnotherDatabaseIsRehearsedAndNobodyIsTold(Product product) {
        openDatabase(product);
        TestDatabase other = product.migrated();
        closing.add(other);
        MyBatisRecorders here = MyBatisRecorders.over(database.dataSource(), Lines.class);
        MyBatisRecorders there = MyBatisRecorders.over(other.dataSource());
        run(
                type -> type == DryRunTest.Aside.class ? there : here,
                pipe(Words.class, Scribe.class),
                pipe(DryRunTest.Aside.class, Scribe.Second.class));
        runner.get(Words.class).say("a", "b");
        DryRunTest.Aside aside = runner.get(DryRunTest.Aside.class);
        List<Recording> told = new CopyOnWriteArrayList<>();
        aside.onRecorded(told::addAll);
        aside.onSaved(told::addAll);
        scribe().does = (word, processing) -> aside.add(word);

        FollowerSyncReport report = dryRun();

        assertThat(report.failures()).isEmpty();
        assertThat(runner.get(Scribe.Second.class).seen).containsExactly("a", "b");
        assertThat(told).isEmpty();
        assertThat(other.count("stored_events")).isZero();
    }

    @Test
    void deferredConstraintsFailAtTheEventWhereTheyWouldAtItsCommit() {
        openDatabase(Product.POSTGRESQL);
        database.execute("CREATE TABLE parents (word VARCHAR(100) PRIMARY KEY)");
        database.execute("ALTER TABLE lines ADD CONSTRAINT child FOREIGN KEY (word) REFERENCES parents"
                + " DEFERRABLE INITIALLY DEFERRED");
        MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), Lines.class, Parents.class);
        run(
                recorders,
                pipe(Words.class, Scribe.class),
                pipe(Words.class, Scribe.Second.class),
                pipe(Words.class, Echo.class));
        runner.get(Words.class).say("a", "bad", "c");
        Parents parents = recorders.mapper(Parents.class);
        scribe().does = (word, processing) -> {
            scribe().write(word);
            if (!word.equals("bad")) {
                parents.insert(word);
            }
        };
        runner.get(Scribe.Second.class).does = (word, processing) -> {
            runner.get(Scribe.Second.class).write("second " + word);
            parents.insert("second " + word);
        };

        FollowerSyncReport rehearsed = dryRun();
        FollowerSyncReport processed = process();

        assertThat(rehearsed.results())
                .extracting(FollowerResult::events)
                .containsExactlyElementsOf(
                        processed.results().stream().map(FollowerResult::events).toList());
        assertThat(rehearsed.failures()).extracting(FollowerResult::follower).containsExactly("Scribe");
        FollowerResult.Failure failure = rehearsed.failures().get(0).failure().orElseThrow();
        assertThat(failure.notificationId())
                .isEqualTo(processed.failures().get(0).failure().orElseThrow().notificationId());
        assertThat(failure.message()).contains("child");
        assertThat(rehearsed.results().get(0).rows().rows())
                .isEqualTo(Map.of("lines", ONE_INSERTED, "parents", ONE_INSERTED));
        assertThat(rehearsed.results().get(1).rows().rows())
                .isEqualTo(Map.of("lines", new Rows(3, 0, 0), "parents", new Rows(3, 0, 0)));
    }

    /** A user's mapper of other rows. */
    interface Parents {
        @org.apache.ibatis.annotations.Insert("INSERT INTO parents (word) VALUES (#{word})")
        void insert(String word);
    }

    @Test
    void rowsOfTriggersCascadesAndOtherSchemasAreCountedByTable() {
        openDatabase(Product.POSTGRESQL);
        database.execute("CREATE SCHEMA elsewhere");
        try {
            database.execute("CREATE TABLE elsewhere.journal (word TEXT)");
            database.execute("CREATE TABLE children (word VARCHAR(100) REFERENCES lines ON DELETE CASCADE)");
            database.execute("""
                    CREATE FUNCTION elsewhere.note() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                      INSERT INTO elsewhere.journal VALUES (NEW.word);
                      INSERT INTO children VALUES (NEW.word), (NEW.word);
                      RETURN NEW;
                    END $$""");
            database.execute(
                    "CREATE TRIGGER note AFTER INSERT ON lines FOR EACH ROW EXECUTE FUNCTION elsewhere.note()");
            run(MyBatisRecorders.over(database.dataSource(), Lines.class), pipe(Words.class, Scribe.class));
            runner.get(Words.class).say("a", "b");
            scribe().does = (word, processing) -> {
                scribe().write(word);
                if (word.equals("b")) {
                    scribe().lines.delete("a");
                }
            };

            RowChanges rows = dryRun().results().get(0).rows();
            process();

            assertThat(rows.rows())
                    .isEqualTo(Map.of(
                            "lines", new Rows(2, 0, 1),
                            "children", new Rows(4, 0, 2),
                            "elsewhere.journal", new Rows(2, 0, 0)));
            assertThat(database.count("children")).isEqualTo(2);
            assertThat(database.count("elsewhere.journal")).isEqualTo(2);
        } finally {
            database.execute("DROP SCHEMA elsewhere CASCADE");
        }
    }

    @Test
    void whoAltersOurTableIsNotKeptWaitingNorAreAppendsBehindThat() {
        open(Product.POSTGRESQL, pipe(Words.class, Echo.class));
        Words words = runner.get(Words.class);
        var text = words.say("a");
        Echo echo = runner.get(Echo.class);
        Gate gate = new Gate();
        echo.before = (word, processing) -> {
            echo.text();
            gate.pass();
        };
        Running<FollowerSyncReport> rehearsing = Concurrently.start(this::dryRun);
        gate.hold();

        // Both come through while the gate is closed.
        database.execute("ALTER TABLE stored_events ADD COLUMN extra INT");
        words.sayOn(text, "b");
        gate.open();
        FollowerSyncReport report = rehearsing.get();

        assertThat(report.failures().get(0).failure().orElseThrow().message()).contains(" ms for stored_events");
    }

    @ParameterizedTest
    @EnumSource
    void transactionsThatUndoNoPartEndAtTheFirstFailure(Product product) {
        open(product, pipe(Words.class, Scribe.class), pipe(Words.class, Scribe.Second.class));
        runner.get(Words.class).say("a", "bad", "c");
        Transactions plain = new Transactions() {
            private final Transactions base =
                    MyBatisRecorders.over(database.dataSource()).transactions();

            @Override
            public <T> T required(Supplier<T> work) {
                return base.required(work);
            }

            @Override
            public boolean active() {
                return base.active();
            }

            @Override
            public boolean afterCommit(Runnable action) {
                return base.afterCommit(action);
            }
        };
        List<String> done = new ArrayList<>();

        List<String> messages = Rehearsal.of(List.of(plain), Duration.ofSeconds(1), () -> {
            Transactions rehearsed = new RehearsedInTest(database, plain).transactions();
            List<String> said = new ArrayList<>();
            for (String work : List.of("a", "bad", "c")) {
                try {
                    rehearsed.required(() -> {
                        done.add(work);
                        if (work.equals("bad")) {
                            throw new IllegalStateException("cannot do that");
                        }
                    });
                } catch (RehearsalLostException e) {
                    said.add(e.getMessage());
                }
            }
            return said;
        });

        assertThat(done).containsExactly("a", "bad");
        assertThat(messages)
                .hasSize(2)
                .allSatisfy(message -> assertThat(message).contains("cannot undo a part", "cannot do that"));
    }

    @ParameterizedTest
    @EnumSource
    void transactionsOfAContainerAreRolledBackPartByPart(Product product) {
        openDatabase(product);
        DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());
        Configuration configuration = new Configuration(
                new Environment("spring", new SpringManagedTransactionFactory(), database.dataSource()));
        configuration.addMapper(Lines.class);
        SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(configuration);
        Lines injected = new SqlSessionTemplate(factory).getMapper(Lines.class);
        run(
                MyBatisRecorders.over(factory, new SpringTransactions(manager, database.dataSource())),
                pipe(Words.class, Scribe.class, Echo.class),
                pipe(Words.class, Scribe.Second.class));
        runner.get(Words.class).say("a", "bad", "c");
        scribe().does = (word, processing) -> {
            scribe().write(word);
            injected.insert(word + " injected");
            if (word.equals("bad")) {
                throw new IllegalStateException("cannot write that");
            }
        };
        List<List<String>> seen = new ArrayList<>();
        runner.get(Scribe.Second.class).does = (word, processing) ->
                seen.add(runner.get(Scribe.Second.class).lines.all());
        List<String> before = ours();

        FollowerSyncReport rehearsed = dryRun();

        assertThat(seen).hasSize(3).containsOnly(List.of("a", "a injected"));
        assertThat(database.count("lines")).isZero();
        assertThat(ours()).isEqualTo(before);
        assertThat(rehearsed.results().get(0).rows())
                .isEqualTo(
                        product == Product.H2
                                ? RowChanges.UNKNOWN
                                : new RowChanges(Counted.TABLE, Map.of("lines", new Rows(2, 0, 0))));
        FollowerSyncReport processed = process();
        assertThat(rehearsed.results())
                .extracting(FollowerResult::events)
                .containsExactlyElementsOf(
                        processed.results().stream().map(FollowerResult::events).toList());
        assertThat(database.count("lines")).isEqualTo(2);
    }

    @Test
    void aPlanOnlyReads() throws Exception {
        openDatabase(Product.POSTGRESQL);
        HikariDataSource pool = TestDatabase.pool(database.url() + "&options=-c%20default_transaction_read_only=on");
        closing.add(pool);
        MyBatisRecorders writing = MyBatisRecorders.over(database.dataSource(), Lines.class);
        run(writing, pipe(Words.class, Scribe.class));
        runner.get(Words.class).say("a", "b");
        runner.close();
        List<String> before = ours();

        run(MyBatisRecorders.over(pool, Lines.class), pipe(Words.class, Scribe.class));
        FollowerResult plan = new FollowerSync(runner)
                .sync(List.of(), SyncMode.PLAN)
                .results()
                .get(0);

        assertThat(plan.failure()).isEmpty();
        assertThat(plan.events()).isEqualTo(Map.of("Words", 2L));
        assertThat(scribe().seen).isEmpty();
        assertThat(ours()).isEqualTo(before);
    }

    /** Recorders of transactions that are not the library's. */
    private record RehearsedInTest(MyBatisRecorders recorders, Transactions given) {
        RehearsedInTest(TestDatabase database, Transactions given) {
            this(MyBatisRecorders.over(database.dataSource()), given);
        }

        Transactions transactions() {
            return new RecorderFactory() {
                @Override
                public AggregateRecorder snapshotRecorder(String applicationName) {
                    return recorders.snapshotRecorder(applicationName);
                }

                @Override
                public ApplicationRecorder applicationRecorder(String applicationName) {
                    return recorders.applicationRecorder(applicationName);
                }

                @Override
                public ProcessRecorder processRecorder(String applicationName) {
                    return recorders.processRecorder(applicationName);
                }

                @Override
                public Transactions transactions() {
                    return given;
                }

                @Override
                public void close() {}
            }.rehearsable().transactions();
        }
    }

    /** Recorders by application. */
    private interface RecordersOf {
        MyBatisRecorders of(Class<? extends Application> type);
    }
}
