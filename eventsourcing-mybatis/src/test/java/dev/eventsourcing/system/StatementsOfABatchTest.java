package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent to the database in the transaction of a batch: that it is noticed when somebody ends it costs next to nothing. */
class StatementsOfABatchTest {
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private @Nullable TestDatabase database;
    private MyBatisRecorders recorders;
    private SeenMapper seen;

    /** A user's mapper. */
    public interface SeenMapper {
        @Insert("INSERT INTO seen VALUES (#{word})")
        void add(String word);
    }

    private void open(TestDatabase opened) {
        database = opened;
        database.execute("CREATE TABLE seen (word VARCHAR(40) NOT NULL)");
        recorders = MyBatisRecorders.over(recording(database.dataSource()), SeenMapper.class);
        seen = recorders.mapper(SeenMapper.class);
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }

    /** Takes note of what is sent in transactions of several statements, by its first words. */
    private DataSource recording(DataSource dataSource) {
        return new UnpooledDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = dataSource.getConnection();
                return (Connection) Proxy.newProxyInstance(
                        StatementsOfABatchTest.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            if (List.of("prepareStatement", "setSavepoint", "releaseSavepoint", "commit")
                                            .contains(method.getName())
                                    && !connection.getAutoCommit()) {
                                sent.add(
                                        method.getName().equals("prepareStatement")
                                                ? String.valueOf(arguments[0])
                                                        .strip()
                                                        .replaceAll("(?s)(\\w+\\s+\\S+).*", "$1")
                                                : method.getName());
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
            }
        };
    }

    private Echo echo(String... words) {
        Words leader = new Words(recorders);
        Echo echo = new Echo(recorders);
        echo.follow(leader);
        leader.say("first");
        echo.pullAndProcess("Words");
        leader.say(words);
        sent.clear();
        return echo;
    }

    @Test
    void aBatchOfEventsAloneIsOneStatement() {
        open(PostgresDatabase.migrated());
        Echo echo = echo("a", "b");
        echo.before = (word, processing) -> echo.repeats = false;

        echo.pullAndProcess("Words");

        assertThat(sent).containsExactly("UPDATE notification_tracking", "commit");
    }

    /** Where a mapper comes first, nothing is sent before that could tell which transaction it is. */
    @Test
    void aBatchWithMappersHasOneMoreHoweverManyAreCalled() {
        open(PostgresDatabase.migrated());
        Echo echo = echo("a", "b");
        echo.repeats = false;
        echo.before = (word, processing) -> seen.add(word);

        echo.pullAndProcess("Words");

        assertThat(sent)
                .containsExactly(
                        "SELECT pg_catalog.pg_current_xact_id()::text",
                        "INSERT INTO",
                        "INSERT INTO",
                        "UPDATE notification_tracking",
                        "commit");
    }

    /** That one is sent anyway where a runner limits how long the transaction may be idle. */
    @Test
    void inARunnerItHasNone() {
        open(PostgresDatabase.migrated());
        try (Runner runner =
                new SingleThreadedRunner(EventDrivenSystem.of(Pipe.pipe(Words.class, Echo.class)), recorders)) {
            Echo echo = runner.get(Echo.class);
            echo.repeats = false;
            echo.before = (word, processing) -> seen.add(word);
            runner.start();
            runner.get(Words.class).say("first");
            runner.waitUntilCaughtUp(Duration.ofSeconds(20));
            sent.clear();

            runner.get(Words.class).say("a");
            runner.waitUntilCaughtUp(Duration.ofSeconds(20));
        }

        assertThat(sent)
                .containsExactly(
                        "SELECT pg_catalog.pg_current_xact_id()::text,",
                        "INSERT INTO",
                        "UPDATE notification_tracking",
                        "commit");
    }

    @Test
    void savesOfOneTransactionHaveNone() {
        open(PostgresDatabase.migrated());
        Echo echo = echo("a");

        recorders.transactions().required(() -> {
            Words.Text text = new Words.Text(new java.util.UUID(0, 7));
            text.add("a");
            echo.save(text);
            seen.add("a");
            Words.Text other = new Words.Text(new java.util.UUID(0, 8));
            other.add("b");
            echo.save(other);
        });

        assertThat(sent)
                .containsExactly(
                        "setSavepoint",
                        "INSERT INTO",
                        "RELEASE SAVEPOINT",
                        "INSERT INTO",
                        "setSavepoint",
                        "INSERT INTO",
                        "RELEASE SAVEPOINT",
                        "commit");
    }

    /** In the process, but for servers of H2: a row that is written and removed gives the transaction its identity. */
    @Test
    void onH2ABatchWithMappersHasThreeMore() {
        open(H2Database.migrated());
        Echo echo = echo("a", "b");
        echo.repeats = false;
        echo.before = (word, processing) -> seen.add(word);

        echo.pullAndProcess("Words");

        assertThat(sent)
                .containsExactly(
                        "SELECT notification_id",
                        "SELECT notification_id",
                        "SELECT TRANSACTION_ID()",
                        "INSERT INTO",
                        "INSERT INTO",
                        "SELECT notification_id",
                        "commit");
        assertThat(database.count("parked_events")).isZero();
    }
}
