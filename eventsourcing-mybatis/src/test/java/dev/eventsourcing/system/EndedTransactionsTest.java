package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.persistence.TransactionEndedException;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.Transaction;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** Policies, and what they call, that end the transaction of their batch. */
class EndedTransactionsTest {
    private @Nullable TestDatabase database;
    private MyBatisRecorders recorders;
    private Supplier<Connection> connection;
    private SeenMapper seen;

    /** A user's mapper. */
    public interface SeenMapper {
        @Insert("INSERT INTO seen VALUES (#{word})")
        void add(String word);

        @Update("${sql}")
        void run(@org.apache.ibatis.annotations.Param("sql") String sql);
    }

    /** Where the transactions are from. */
    enum Kind {
        OWN,
        MANAGER,
        SPRING
    }

    /** What ends a transaction. */
    enum End {
        COMMIT(Connection::commit),
        ROLLBACK(Connection::rollback),
        AUTOCOMMIT(connection -> connection.setAutoCommit(true)),
        AUTOCOMMIT_AND_BACK(connection -> {
            connection.setAutoCommit(true);
            connection.setAutoCommit(false);
        }),
        SQL_COMMIT("COMMIT"),
        SQL_ROLLBACK("ROLLBACK"),
        CHAIN("COMMIT AND CHAIN"),
        ROLLBACK_AND_CHAIN("ROLLBACK AND CHAIN"),
        PREPARE("PREPARE TRANSACTION 'by the policy'"),
        DDL("CREATE TABLE made_by_policy (word VARCHAR(40))");

        private final @Nullable Statement statement;
        private final @Nullable String sql;

        End(Statement statement) {
            this.statement = statement;
            this.sql = null;
        }

        End(String sql) {
            this.statement = null;
            this.sql = sql;
        }

        boolean isOf(boolean h2) {
            return h2 ? !name().contains("CHAIN") && this != PREPARE : this != DDL;
        }

        boolean keeps() {
            return !name().contains("ROLLBACK") && this != PREPARE;
        }
    }

    /** Something done with a connection. */
    interface Statement {
        void on(Connection connection) throws SQLException;
    }

    static Stream<Arguments> ends() {
        List<Arguments> all = new ArrayList<>();
        for (boolean h2 : new boolean[] {true, false}) {
            for (Kind kind : Kind.values()) {
                for (End end : End.values()) {
                    if (end.isOf(h2)) {
                        all.add(Arguments.of(h2, kind, end));
                    }
                }
            }
        }
        return all.stream();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(true, false).flatMap(h2 -> Stream.of(Kind.values()).map(kind -> Arguments.of(h2, kind)));
    }

    private void open(boolean h2, Kind kind) {
        database = h2 ? H2Database.migrated() : PostgresDatabase.migrated();
        database.execute("CREATE TABLE seen (word VARCHAR(40) NOT NULL)");
        Remembering transactions = new Remembering();
        Configuration configuration = new Configuration(new Environment(
                "users",
                kind == Kind.SPRING ? new SpringManagedTransactionFactory() : transactions,
                database.dataSource()));
        configuration.addMapper(SeenMapper.class);
        SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(configuration);
        connection = transactions::connection;
        switch (kind) {
            case OWN -> recorders = MyBatisRecorders.over(factory);
            case MANAGER -> recorders = MyBatisRecorders.over(SqlSessionManager.newInstance(factory));
            case SPRING -> {
                TestDatabase opened = database;
                recorders = MyBatisRecorders.over(
                        factory,
                        new SpringTransactions(
                                new DataSourceTransactionManager(opened.dataSource()), opened.dataSource()));
                connection = () -> DataSourceUtils.getConnection(opened.dataSource());
            }
        }
        seen = recorders.mapper(SeenMapper.class);
    }

    @AfterEach
    void close() {
        if (database != null) {
            if (database instanceof PostgresDatabase) {
                database.column("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")
                        .forEach(gid -> database.execute("ROLLBACK PREPARED '" + gid + "'"));
            }
            recorders.close();
            database.close();
        }
    }

    private void end(End end) {
        if (end.sql != null) {
            seen.run(end.sql);
            return;
        }
        on(connection -> java.util.Objects.requireNonNull(end.statement).on(connection));
    }

    private void on(Statement statement) {
        try {
            statement.on(connection.get());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Echo echo(String... words) {
        Words leader = new Words(recorders);
        Echo echo = new Echo(recorders);
        echo.onFailure(FailureAction.PARK);
        echo.follow(leader);
        leader.say(words);
        return echo;
    }

    private List<String> seen() {
        return database.column("SELECT word FROM seen ORDER BY word");
    }

    private void assertStoppedInFrontOf(long id, EventProcessingException failed) {
        assertThat(failed.notificationId()).isEqualTo(id);
        assertThat(failed).hasMessageContaining("unknown which effects").hasRootCauseInstanceOf(Throwable.class);
        assertThat(failed.getCause()).hasCauseInstanceOf(TransactionEndedException.class);
        assertThat(database.column("SELECT notification_id FROM notification_tracking"))
                .isEqualTo(id == 1 ? List.of() : List.of(String.valueOf(id - 1)));
        assertThat(database.count("parked_events")).isZero();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aBatchWhosePolicyEndsTheTransactionStopsTheFollowerInFrontOfIt(boolean h2, Kind kind, End end) {
        open(h2, kind);
        Echo echo = echo("a", "b", "c");
        echo.before = (word, processing) -> {
            seen.add(word);
            if (word.equals("b")) {
                end(end);
            }
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .withMessageContaining("notifications 1 to 3")
                .satisfies(failed -> assertStoppedInFrontOf(1, failed));

        assertThat(echo.seen)
                .as("processed once")
                .hasSizeBetween(2, 3)
                .startsWith("a", "b")
                .doesNotHaveDuplicates();
        assertThat(echo.repeated()).isEmpty();
        if (end.keeps()) {
            assertThat(seen()).startsWith("a", "b").doesNotHaveDuplicates();
        }
    }

    /** With a position that is moved by compare-and-set, as in all but the first batch; and events inserted with it, or none. */
    @ParameterizedTest
    @MethodSource("ends")
    void aLaterBatchDoesSo(boolean h2, Kind kind, End end) {
        for (boolean repeats : new boolean[] {true, false}) {
            close();
            open(h2, kind);
            Echo echo = echo("a", "b");
            echo.repeats = repeats;
            echo.batchSize(1);
            echo.before = (word, processing) -> {
                seen.add(word);
                if (word.equals("b")) {
                    end(end);
                }
            };

            assertThatExceptionOfType(EventProcessingException.class)
                    .isThrownBy(() -> echo.pullAndProcess("Words"))
                    .withMessageContaining("notification 2 has")
                    .satisfies(failed -> assertStoppedInFrontOf(2, failed));

            assertThat(echo.seen).containsExactly("a", "b");
            assertThat(echo.repeated()).isEqualTo(repeats ? List.of("a") : List.of());
        }
    }

    /** It is not the failure that counts then: tried again, what was committed is written twice. */
    @ParameterizedTest
    @MethodSource("ends")
    void aPolicyThatEndsTheTransactionAndThenFailsIsNotTriedAgain(boolean h2, Kind kind, End end) {
        open(h2, kind);
        Echo echo = echo("a", "b");
        echo.before = (word, processing) -> {
            seen.add(word);
            end(end);
            throw new IllegalStateException("the policy's own");
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .satisfies(failed -> assertStoppedInFrontOf(1, failed));

        assertThat(echo.seen).containsExactly("a");
        if (end.keeps()) {
            assertThat(seen()).containsExactly("a");
        }
    }

    /** The transaction that came after it tells nothing then. */
    @ParameterizedTest
    @MethodSource("ends")
    void norIsOneThatThenFailsInTheDatabase(boolean h2, Kind kind, End end) {
        open(h2, kind);
        Echo echo = echo("a", "b");
        echo.before = (word, processing) -> {
            seen.add(word);
            end(end);
            seen.run("INSERT INTO seen VALUES (NULL)");
        };

        if (!h2 && end.name().contains("ROLLBACK")) {
            // What was rolled back may be done again.
            echo.pullAndProcess("Words");
            assertThat(seen()).isEmpty();
            return;
        }
        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .satisfies(failed -> assertStoppedInFrontOf(1, failed));

        assertThat(echo.seen).containsExactly("a");
        if (end.keeps()) {
            assertThat(seen()).containsExactly("a");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aRunnerStopsTheFollowerAndParksNothing(boolean h2, Kind kind) {
        open(h2, kind);
        Runner runner = new MultiThreadedRunner(EventDrivenSystem.of(Pipe.pipe(Words.class, Echo.class)), recorders);
        try {
            Echo echo = runner.get(Echo.class);
            echo.onFailure(FailureAction.PARK);
            echo.before = (word, processing) -> {
                seen.add(word);
                end(End.SQL_COMMIT);
            };
            runner.start();
            runner.get(Words.class).say("a");

            assertThatThrownBy(() -> runner.waitUntilCaughtUp(Duration.ofSeconds(20)));

            assertThat(runner.failures())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            EventProcessingException.class, failed -> assertStoppedInFrontOf(1, failed));
            assertThat(echo.seen).containsExactly("a");
            assertThat(seen()).containsExactly("a");
        } finally {
            assertThatExceptionOfType(EventProcessingException.class).isThrownBy(runner::close);
        }
    }

    /** It would do again what may be there already. */
    @Slow("waits until leases are renewed")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noOtherProcessGoesOnWhileTheStoppedOneRuns(boolean h2) {
        open(h2, Kind.OWN);
        EventDrivenSystem system = EventDrivenSystem.of(Pipe.pipe(Words.class, Echo.class));
        RunnerSettings settings = RunnerSettings.defaults().leaseTime(Duration.ofMillis(1_500));
        Runner stopped = new MultiThreadedRunner(system, recorders, settings);
        Runner other = new MultiThreadedRunner(system, recorders, settings);
        try {
            stopped.get(Echo.class).before = (word, processing) -> {
                seen.add(word);
                end(End.COMMIT);
            };
            stopped.start();
            stopped.get(Words.class).say("a");
            while (stopped.failures().isEmpty()) {
                Thread.onSpinWait();
            }
            other.start();

            // A lease is given back, if it is, before it would be renewed.
            Set<Instant> ends = new HashSet<>();
            while (ends.size() < 3) {
                recorders.sharedStore().leases(List.of("Echo")).forEach(lease -> ends.add(lease.until()));
            }

            assertThat(other.get(Echo.class).seen).isEmpty();
            assertThat(seen()).containsExactly("a");
        } finally {
            other.close();
            assertThatExceptionOfType(EventProcessingException.class).isThrownBy(stopped::close);
        }
    }

    /** Whoever retries is told, and the event stays parked as it was. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aRetryThatEndsTheTransactionLeavesTheEventParked(boolean h2, Kind kind) {
        open(h2, kind);
        Echo echo = echo("a");
        echo.before = (word, processing) -> {
            throw new IllegalStateException("the policy's own");
        };
        echo.pullAndProcess("Words");
        echo.before = (word, processing) -> {
            seen.add(word);
            end(End.COMMIT);
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.parking().retryAll("Words"))
                .havingCause()
                .isInstanceOf(TransactionEndedException.class);

        assertThat(seen()).containsExactly("a");
        assertThat(echo.parking().list("Words", 0, 10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.reason()).contains("the policy's own"));
    }

    /** Savepoints are the user's, and change nothing. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aPolicyMayRollBackToItsSavepoints(boolean h2, Kind kind) {
        open(h2, kind);
        Echo echo = echo("a", "b");
        echo.before = (word, processing) -> {
            on(connection -> {
                seen.add("before " + word);
                Savepoint before = connection.setSavepoint();
                seen.add("undone");
                connection.rollback(before);
            });
        };

        echo.pullAndProcess("Words");

        assertThat(seen()).containsExactly("before a", "before b");
        assertThat(echo.repeated()).containsExactly("a", "b");
    }

    @Test
    void thePreparedTransactionIsNamed() {
        open(false, Kind.OWN);
        Echo echo = echo("a");
        echo.before = (word, processing) -> {
            seen.add(word);
            end(End.PREPARE);
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .withMessageContaining("COMMIT PREPARED 'by the policy'")
                .satisfies(failed -> assertThat(failed.getCause().getCause())
                        .isInstanceOfSatisfying(
                                TransactionEndedException.class,
                                ended -> assertThat(ended.gid()).contains("by the policy")));
    }

    /** Remembers the connection of the session that was opened last, for a helper that has got hold of it. */
    private static final class Remembering extends JdbcTransactionFactory {
        private @Nullable Transaction last;

        Connection connection() {
            try {
                return java.util.Objects.requireNonNull(last).getConnection();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Transaction newTransaction(
                javax.sql.DataSource dataSource,
                org.apache.ibatis.session.@Nullable TransactionIsolationLevel level,
                boolean autoCommit) {
            last = super.newTransaction(dataSource, level, autoCommit);
            return last;
        }
    }
}
