package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.testsupport.FailingRollbacks;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import training.TrainingSchool;

/** A transaction whose rollback fails is not committed by what comes after, be it a dry run or not. */
@ParameterizedClass
@EnumSource
class FailedRollbacksTest {
    @Parameter
    DatabaseKind kind;

    private TestDatabase database;
    private HikariDataSource pool;
    private FailingRollbacks rollbacks;

    /** What a rollback may throw. */
    enum Failure {
        SQL(() -> new SQLException("the rollback failed")),
        UNCHECKED(() -> new IllegalStateException("the rollback failed")),
        ERROR(() -> new NoClassDefFoundError("the rollback failed"));

        private final Supplier<Throwable> thrown;

        Failure(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }
    }

    /** Where our own transactions run. */
    enum Sessions {
        OWN,
        MANAGER
    }

    static Stream<Arguments> failuresAndSessions() {
        return Stream.of(Failure.values())
                .flatMap(failure -> Stream.of(Sessions.values()).map(sessions -> Arguments.of(failure, sessions)));
    }

    @BeforeEach
    void open() {
        database = kind.migrated();
        // Of its own, as its connections break.
        pool = TestDatabase.pool(database.url());
        rollbacks = new FailingRollbacks(pool);
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    private MyBatisRecorders recorders(Sessions sessions) {
        return switch (sessions) {
            case OWN -> MyBatisRecorders.over(rollbacks);
            case MANAGER ->
                MyBatisRecorders.over(SqlSessionManager.newInstance(new SqlSessionFactoryBuilder()
                        .build(new Configuration(new Environment("users", new JdbcTransactionFactory(), rollbacks)))));
        };
    }

    @ParameterizedTest
    @MethodSource("failuresAndSessions")
    void theWorkIsNotCommittedAndItsErrorIsTheOneThatIsThrown(Failure failure, Sessions sessions) {
        TrainingSchool school = new TrainingSchool(recorders(sessions));
        IllegalArgumentException error = new IllegalArgumentException("the work failed");

        Throwable thrown = catchThrowable(() -> school.transactions().required(() -> {
            school.register("Fido");
            rollbacks.begin(failure.thrown);
            throw error;
        }));

        assertThat(thrown).isSameAs(error);
        assertThat(thrown.getSuppressed())
                .anySatisfy(suppressed -> assertThat(messages(suppressed)).contains("the rollback failed"));
        assertThat(database.count("stored_events")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void workThatThrowsWhatTheRollbackThrowsIsNotCommitted(Sessions sessions) {
        TrainingSchool school = new TrainingSchool(recorders(sessions));
        Error same = new AssertionError("the same");

        Throwable thrown = catchThrowable(() -> school.transactions().required(() -> {
            school.register("Fido");
            rollbacks.begin(() -> same);
            throw same;
        }));

        assertThat(thrown).isSameAs(same);
        assertThat(database.count("stored_events")).isZero();
    }

    @ParameterizedTest
    @MethodSource("failuresAndSessions")
    void aDryRunFailsAndLeavesNothing(Failure failure, Sessions sessions) {
        MyBatisRecorders recorders = recorders(sessions);
        Transactions transactions = recorders.transactions();
        database.execute("CREATE TABLE rehearsed (word VARCHAR(10))");

        Throwable thrown = catchThrowable(() -> transactions.rehearse(Duration.ofSeconds(5), unit -> {
            unit.undoable(() -> {
                insert(transactions);
                return unit;
            });
            rollbacks.begin(failure.thrown);
            return "done";
        }));

        assertThat(thrown).isInstanceOf(PersistenceException.class).hasMessageContaining("dry run");
        assertThat(messages(thrown)).contains("the rollback failed");
        assertThat(database.count("rehearsed")).isZero();
    }

    private static void insert(Transactions transactions) {
        ((Units) transactions).inUnit(unit -> {
            try (Statement statement = unit.connection().createStatement()) {
                return statement.executeUpdate("INSERT INTO rehearsed VALUES ('a')");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aChangeOfTheOrderingIsNotMadeByHalves() {
        EventStoreSchema schema = EventStoreSchema.over(rollbacks);
        if (kind == DatabaseKind.H2) {
            // It has one ordering only, so there is no change to fail.
            assertThat(catchThrowable(() -> schema.changeOrdering(OrderingStrategy.READERS_BARRIER)))
                    .isInstanceOf(ConfigurationException.class);
            assertThat(database.column("SELECT strategy FROM event_ordering")).containsExactly("counter-row");
            return;
        }
        database.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'refused'; END $$");
        database.execute("CREATE CONSTRAINT TRIGGER refusing AFTER UPDATE ON event_ordering DEFERRABLE INITIALLY"
                + " DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()");
        rollbacks.begin(Failure.SQL.thrown);

        Throwable thrown = catchThrowable(() -> schema.changeOrdering(OrderingStrategy.COUNTER_ROW));

        assertThat(messages(thrown)).contains("refused").doesNotContain("the rollback failed");
        assertThat(database.column("SELECT strategy FROM event_ordering")).containsExactly("readers-barrier");
    }

    @Test
    void aConnectionIsUsedAgainOnlyIfItsRollbackWorked() throws SQLException {
        Connection connection = rollbacks.getConnection();
        connection.setAutoCommit(false);
        count(connection);
        rollbacks.begin(Failure.ERROR.thrown);
        IllegalStateException error = new IllegalStateException("work");

        LostConnection.rollBack(connection, error);

        assertThat(error.getSuppressed()).hasSize(1);
        assertThat(LostConnection.isAlive(connection)).isFalse();
        assertThat(counter()).isEqualTo("0");
        try (Connection alive = database.dataSource().getConnection()) {
            alive.setAutoCommit(false);
            count(alive);
            LostConnection.rollBack(alive, error);
            assertThat(alive.getAutoCommit()).isTrue();
        }
        assertThat(counter()).isEqualTo("0");
    }

    private static void count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE notification_counter SET last_id = 7");
        }
    }

    private String counter() {
        return database.column("SELECT last_id FROM notification_counter").get(0);
    }

    private static String messages(Throwable thrown) {
        StringBuilder messages = new StringBuilder();
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            messages.append(next).append('\n');
        }
        return messages.toString();
    }
}
