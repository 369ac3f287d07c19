package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.domain.UnusableAggregateException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.OutcomeUnknownException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.CuttingProxy;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.TransactionFactory;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import training.Dog;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCountMapper;

/**
 * The connection breaks while something is recorded: never a false conflict, nothing is recorded twice, and where nobody knows
 * what was recorded, the error says so.
 */
@ParameterizedClass
@EnumSource
class CutConnectionTest {
    @Parameter
    Kind kind;

    private TestDatabase database;
    private @Nullable Server h2;
    private CuttingProxy proxy;
    private MyBatisRecorders recorders;
    private DataSource throughProxy;
    private TrainingSchool school;

    /** Servers, and the statement with which an append is there for all. */
    enum Kind {
        H2("COMMIT", 1) {
            @Override
            TestDatabase migrated() {
                return H2Database.migrated();
            }
        },
        READERS_BARRIER("INSERT INTO stored_events", 0) {
            @Override
            TestDatabase migrated() {
                return PostgresDatabase.migrated();
            }
        },
        COUNTER_ROW("INSERT INTO stored_events", 0) {
            @Override
            TestDatabase migrated() {
                return PostgresDatabase.migrated(OrderingStrategy.COUNTER_ROW);
            }
        },
        TABLE_LOCK("COMMIT", 0) {
            @Override
            TestDatabase migrated() {
                return PostgresDatabase.migrated(OrderingStrategy.TABLE_LOCK);
            }
        };

        private final String decisive;
        private final int answersBefore;

        Kind(String decisive, int answersBefore) {
            this.decisive = decisive;
            this.answersBefore = answersBefore;
        }

        abstract TestDatabase migrated();
    }

    @BeforeEach
    void open() throws SQLException {
        database = kind.migrated();
        String url = database.url();
        if (kind == Kind.H2) {
            h2 = Server.createTcpServer("-tcpPort", "0").start();
            proxy = new CuttingProxy("localhost", h2.getPort());
            url = url.replace("jdbc:h2:mem:", "jdbc:h2:tcp://localhost:" + proxy.port() + "/mem:");
        } else {
            URI direct = URI.create(url.substring("jdbc:".length()));
            proxy = new CuttingProxy(direct.getHost(), direct.getPort());
            url = url.replace(direct.getHost() + ":" + direct.getPort(), "localhost:" + proxy.port());
        }
        throughProxy = new UnpooledDataSource(kind == Kind.H2 ? "org.h2.Driver" : "org.postgresql.Driver", url, null);
        recorders = MyBatisRecorders.over(throughProxy, TrickCountMapper.class);
        school = new TrainingSchool(recorders);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        database.close();
        if (h2 != null) {
            h2.stop();
        }
    }

    private List<String> versions() {
        return database.column("SELECT originator_version FROM stored_events ORDER BY 1");
    }

    private void cutBeforeAppend() {
        proxy.cutBefore(kind.decisive);
    }

    private void cutBeforeAnswerToAppend() {
        proxy.cutBeforeAnswer(kind.decisive, kind.answersBefore);
    }

    private void cutCommit(boolean recorded) {
        if (recorded) {
            proxy.cutBeforeAnswer("COMMIT", kind == Kind.H2 ? 1 : 0);
        } else {
            proxy.cutBefore("COMMIT");
        }
    }

    private void assertUnknown(Throwable error) {
        assertThat(proxy.hasCut()).isTrue();
        assertThat(error)
                .isExactlyInstanceOf(OutcomeUnknownException.class)
                .hasMessageContainingAll("nobody knows whether it was recorded", "Read again", "SQLSTATE")
                .hasStackTraceContaining(kind == Kind.H2 ? "90067" : "PSQLException");
        assertThat(((PersistenceException) error).isTransient()).isFalse();
    }

    @Test
    void whatWasRecordedAndNotAnsweredIsFoundByReadingAgain() {
        school.register("Rex");
        Dog fido = Dog.register("Fido");
        cutBeforeAnswerToAppend();

        assertUnknown(catchThrowable(() -> school.save(fido)));

        assertThatThrownBy(() -> fido.addTrick("sit"))
                .isInstanceOf(UnusableAggregateException.class)
                .hasMessageNotContaining("not recorded");
        assertThat(school.tricksOf("Fido")).isEmpty();
        school.addTrick("Fido", "sit");
        assertThat(school.tricksOf("Fido")).containsExactly("sit");
        assertThat(versions()).containsExactly("1", "1", "2");
    }

    @Test
    void whatNeverReachedTheServerIsRecordedOnceItIsSavedAgain() {
        school.register("Rex");
        Dog fido = Dog.register("Fido");
        cutBeforeAppend();

        assertUnknown(catchThrowable(() -> school.save(fido)));

        assertThat(versions()).containsExactly("1");
        assertThatThrownBy(() -> fido.addTrick("sit")).isInstanceOf(UnusableAggregateException.class);
        school.register("Fido");
        school.addTrick("Fido", "sit");
        assertThat(versions()).containsExactly("1", "1", "2");
    }

    /** The lost answer is found out as what it is: another save of the version is a true conflict. */
    @Test
    void aRepetitionThatDoesNotReadAgainIsATrueConflict() {
        school.register("Fido");
        cutBeforeAnswerToAppend();
        assertUnknown(catchThrowable(() -> school.addTrick("Fido", "sit")));

        assertThatThrownBy(() -> school.save(Dog.register("Fido"))).isInstanceOf(RecordConflictException.class);
        assertThatThrownBy(() -> school.addTrick("Fido", "sit")).hasMessageContaining("knows how to sit already");

        assertThat(versions()).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitWithoutAnAnswerMayHaveRecordedEverythingOrNothing(boolean recorded) {
        Dog fido = Dog.register("Fido");
        Dog rex = Dog.register("Rex");

        assertUnknown(catchThrowable(() -> recorders.transactions().required(() -> {
            school.save(fido);
            school.save(rex);
            cutCommit(recorded);
        })));

        assertThat(versions()).hasSize(recorded ? 2 : 0);
        fido.addTrick("sit");
        if (recorded) {
            school.save(fido);
            assertThat(school.tricksOf("Fido")).containsExactly("sit");
        } else {
            assertThatThrownBy(() -> school.save(fido))
                    .isInstanceOf(RecordConflictException.class)
                    .hasMessageContaining("rolled back");
            school.register("Fido");
            school.register("Rex");
        }
        assertThat(versions()).hasSize(recorded ? 3 : 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitOfAContainerWithoutAnAnswerToo(boolean recorded) {
        TrainingSchool inSpring = new TrainingSchool(MyBatisRecorders.over(
                factory(new SpringManagedTransactionFactory()),
                new SpringTransactions(new DataSourceTransactionManager(throughProxy), throughProxy)));
        TransactionsOf spring = work -> inSpring.transactions().required(work);
        cutsTheCommitOf(inSpring, spring, recorded);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitOfAManagedSessionWithoutAnAnswerToo(boolean recorded) {
        TrainingSchool managed = new TrainingSchool(
                MyBatisRecorders.over(SqlSessionManager.newInstance(factory(new JdbcTransactionFactory()))));
        cutsTheCommitOf(managed, work -> managed.transactions().required(work), recorded);
    }

    private void cutsTheCommitOf(TrainingSchool school, TransactionsOf transactions, boolean recorded) {
        assertUnknown(catchThrowable(() -> transactions.required(() -> {
            school.register("Fido");
            cutCommit(recorded);
        })));

        assertThat(versions()).hasSize(recorded ? 1 : 0);
        if (!recorded) {
            school.register("Fido");
        }
        school.addTrick("Fido", "sit");
        assertThat(versions()).containsExactly("1", "2");
    }

    private SqlSessionFactory factory(TransactionFactory transactions) {
        return new SqlSessionFactoryBuilder()
                .build(new Configuration(new Environment("users", transactions, throughProxy)));
    }

    /** What is not committed is surely not recorded, whoever swallows the error. */
    @Test
    void aStatementInAnOpenTransactionIsSurelyNotRecorded() {
        school.register("Rex");

        assertThatThrownBy(() -> recorders.transactions().required(() -> {
                    school.register("Fido");
                    proxy.cutBeforeAnswer("INSERT INTO stored_events", 0);
                    assertThatThrownBy(() -> school.addTrick("Fido", "sit"))
                            .isExactlyInstanceOf(CannotConnectException.class)
                            .hasMessageContainingAll("Dog.TrickAdded", "no connection to the database", "SQLSTATE");
                    assertThat(proxy.hasCut()).isTrue();
                }))
                .isExactlyInstanceOf(TransactionLostException.class)
                .satisfies(lost -> assertThat(((TransactionLostException) lost).isTransient())
                        .isTrue());

        assertThat(versions()).containsExactly("1");
        school.register("Fido");
        assertThat(versions()).containsExactly("1", "1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFollowerProcessesEachEventOnceWhereTheOutcomeIsUnknown(boolean recorded) {
        TrickBoard board = new TrickBoard(recorders);
        board.createTable();
        board.follow(school);
        school.register("Fido");
        school.addTrick("Fido", "sit");
        cutCommit(recorded);

        assertUnknown(catchThrowable(() -> board.pullAndProcess("TrainingSchool")));
        school.addTrick("Fido", "roll over");
        board.pullAndProcess("TrainingSchool");

        assertThat(board.counts()).allMatch(count -> count.dogs() == 1);
        assertThat(board.counts()).hasSize(2);
    }

    /** The server ends the session of an append that waits for a lock. */
    @Test
    void aSessionThatIsEndedWhileItWaitsRecordsNothing() throws SQLException {
        school.register("Rex");
        try (Connection holding = database.dataSource().getConnection();
                Statement statement = holding.createStatement()) {
            holding.setAutoCommit(false);
            statement.execute(
                    kind == Kind.H2
                            ? "UPDATE notification_counter SET last_id = last_id"
                            : "LOCK TABLE stored_events IN EXCLUSIVE MODE");
            Concurrently.Running<?> append = Concurrently.start(() -> school.register("Fido"));
            Concurrently.awaitUntil(() -> !endedSessions().isEmpty());
            if (kind == Kind.H2) {
                // H2 tells the session of its end only when it need not wait any more.
                holding.rollback();
            }

            Throwable error = catchThrowable(append::get);

            assertThat(error)
                    .isExactlyInstanceOf(
                            switch (kind) {
                                case H2 -> PersistenceException.class;
                                case TABLE_LOCK -> CannotConnectException.class;
                                default -> OutcomeUnknownException.class;
                            })
                    .hasMessageContaining(kind == Kind.H2 ? "HY000" : "57P01");
            holding.rollback();
        }
        assertThat(versions()).containsExactly("1");
        school.register("Fido");
        assertThat(versions()).containsExactly("1", "1");
    }

    /** Ends the sessions that wait for a lock, and returns what the server says of each. */
    private List<String> endedSessions() {
        if (kind == Kind.H2) {
            return database.column(
                    "SELECT ABORT_SESSION(session_id) FROM information_schema.sessions WHERE blocker_id IS NOT NULL");
        } else {
            return database.column("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND wait_event_type = 'Lock'");
        }
    }

    /** How a transaction is opened. */
    private interface TransactionsOf {
        void required(Runnable work);
    }
}
