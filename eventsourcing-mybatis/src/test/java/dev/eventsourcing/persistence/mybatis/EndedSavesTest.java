package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TransactionEndedException;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.session.TransactionIsolationLevel;
import org.apache.ibatis.transaction.Transaction;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Saves of one transaction, between which something ends it. */
class EndedSavesTest {
    private TestDatabase database;
    private SqlSessionFactory factory;
    private MyBatisRecorders recorders;
    private ProcessRecorder recorder;
    private AnyMapper mapper;
    private @Nullable Transaction last;
    private @Nullable DataSourceTransactionManager manager;

    /** A user's mapper. */
    interface AnyMapper {
        @Update("${sql}")
        void run(@Param("sql") String sql);
    }

    /** Where the transactions are from. */
    enum From {
        OWN,
        MANAGER,
        SPRING
    }

    static Stream<Arguments> ends() {
        return Stream.of(From.values())
                .flatMap(from -> Stream.concat(
                        Stream.of(
                                        "COMMIT",
                                        "ROLLBACK",
                                        "CREATE TABLE made (word VARCHAR(40))",
                                        "commit()",
                                        "setAutoCommit")
                                .map(end -> Arguments.of(DatabaseKind.H2, from, end)),
                        Stream.of(
                                        "COMMIT",
                                        "ROLLBACK",
                                        "COMMIT AND CHAIN",
                                        "PREPARE TRANSACTION 'saved'",
                                        "commit()",
                                        "setAutoCommit")
                                .map(end -> Arguments.of(DatabaseKind.POSTGRESQL, from, end))));
    }

    static Stream<Arguments> kinds() {
        return Stream.of(DatabaseKind.values())
                .flatMap(kind -> Stream.of(From.values()).map(from -> Arguments.of(kind, from)));
    }

    private void open(DatabaseKind kind, From from) {
        database = kind.migrated();
        Configuration configuration = new Configuration(new Environment(
                "users",
                new JdbcTransactionFactory() {
                    @Override
                    public Transaction newTransaction(
                            DataSource dataSource, @Nullable TransactionIsolationLevel level, boolean autoCommit) {
                        last = super.newTransaction(dataSource, level, autoCommit);
                        return last;
                    }
                },
                database.dataSource()));
        configuration.addMapper(AnyMapper.class);
        factory = new SqlSessionFactoryBuilder().build(configuration);
        recorders = switch (from) {
            case OWN -> MyBatisRecorders.over(factory);
            case MANAGER -> MyBatisRecorders.over(SqlSessionManager.newInstance(factory));
            case SPRING -> overSpring();
        };
        recorder = recorders.processRecorder("Dogs");
        mapper = recorders.mapper(AnyMapper.class);
    }

    private MyBatisRecorders overSpring() {
        Configuration configuration = new Configuration(
                new Environment("spring", new SpringManagedTransactionFactory(), database.dataSource()));
        configuration.addMapper(AnyMapper.class);
        manager = new DataSourceTransactionManager(database.dataSource());
        return MyBatisRecorders.over(
                new SqlSessionFactoryBuilder().build(configuration),
                new SpringTransactions(manager, database.dataSource()));
    }

    @AfterEach
    void close() {
        if (database instanceof PostgresDatabase) {
            database.column("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")
                    .forEach(gid -> database.execute("ROLLBACK PREPARED '" + gid + "'"));
        }
        database.close();
    }

    private void end(String how) {
        switch (how) {
            case "commit()" -> on(Connection::commit);
            case "setAutoCommit" -> on(connection -> connection.setAutoCommit(true));
            default -> mapper.run(how);
        }
    }

    private void on(Helper helper) {
        try {
            helper.on(
                    manager == null
                            ? Objects.requireNonNull(last).getConnection()
                            : DataSourceUtils.getConnection(database.dataSource()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A user's helper that has got hold of a connection. */
    interface Helper {
        void on(Connection connection) throws SQLException;
    }

    private static List<StoredEvent> event(long version) {
        return TransactionContract.events(version, version);
    }

    private List<String> versions() {
        return database.column("SELECT originator_version FROM stored_events ORDER BY id");
    }

    private List<String> kept(String end) {
        return end.equals("ROLLBACK") || end.startsWith("PREPARE") ? List.of() : List.of("1");
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theSecondSaveOfATransactionThatWasEndedIsRefused(DatabaseKind kind, From from, String end) {
        open(kind, from);

        assertThatExceptionOfType(TransactionEndedException.class)
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    recorder.insertEvents(event(1));
                    end(end);
                    recorder.insertEvents(event(2));
                }))
                .withMessageContaining("its effects are unknown");

        assertThat(versions()).isEqualTo(kept(end));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void itsEndIsRefusedWhateverComesBetween(DatabaseKind kind, From from, String end) {
        open(kind, from);

        assertThatExceptionOfType(TransactionEndedException.class)
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    recorder.insertEvents(event(1));
                    end(end);
                    recorder.selectEvents(TransactionContract.DOG, VersionRange.all());
                }));

        assertThat(versions()).isEqualTo(kept(end));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void noPositionIsMovedInAnotherTransaction(DatabaseKind kind, From from, String end) {
        open(kind, from);
        recorder.insertEvents(List.of(), Tracking.first("Cats", 1));

        assertThatExceptionOfType(TransactionEndedException.class)
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    recorder.insertEvents(event(1));
                    end(end);
                    recorder.insertEvents(
                            event(2),
                            Tracking.after("Cats", recorder.position("Cats").orElseThrow(), 2));
                }));

        assertThat(versions()).isEqualTo(kept(end));
        assertThat(database.column("SELECT notification_id FROM notification_tracking"))
                .containsExactly("1");
    }

    /** As whoever has the connection may do, also to a savepoint from before the first save. */
    @ParameterizedTest
    @MethodSource("kinds")
    void savesMayBeUndoneByASavepoint(DatabaseKind kind, From from) {
        open(kind, from);

        recorders
                .transactions()
                .required(() -> on(connection -> {
                    Savepoint before = connection.setSavepoint();
                    recorder.insertEvents(event(1));
                    connection.rollback(before);
                    recorder.insertEvents(event(1));
                    Savepoint between = connection.setSavepoint();
                    recorder.insertEvents(event(2));
                    connection.rollback(between);
                }));

        assertThat(versions()).containsExactly("1");
    }

    /** Suspended meanwhile, it is another that is in hand, and that is no sign of its end. */
    @ParameterizedTest
    @EnumSource
    void aTransactionOfSpringsWithinItIsAnother(DatabaseKind kind) {
        open(kind, From.SPRING);
        TransactionTemplate another = new TransactionTemplate(Objects.requireNonNull(manager));
        another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        recorders.transactions().required(() -> {
            another.executeWithoutResult(status -> recorder.insertEvents(event(1)));
            another.executeWithoutResult(status -> recorder.insertEvents(event(2)));
            recorder.insertEvents(event(3));
            recorder.insertEvents(event(4));
        });

        assertThat(versions()).containsExactly("1", "2", "3", "4");
    }

    /** Theirs to end. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aSessionOfTheCallersMayBeCommittedBetweenSaves(DatabaseKind kind, From from) throws SQLException {
        open(kind, from);
        try (SqlSession session = factory.openSession()) {
            recorders.within(session, () -> {
                recorder.insertEvents(event(1));
                session.commit(true);
                recorder.insertEvents(event(2));
                session.rollback(true);
                recorder.insertEvents(event(2));
            });
            session.commit(true);
        }

        assertThat(versions()).containsExactly("1", "2");
    }

    /** Savepoints of the caller's, too: one from before the first save takes back all that we have done. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aSessionOfTheCallersMayBeRolledBackToASavepoint(DatabaseKind kind, From from) throws SQLException {
        open(kind, from);
        try (SqlSession session = factory.openSession()) {
            Savepoint before = session.getConnection().setSavepoint();
            recorders.within(session, () -> recorder.insertEvents(event(1)));
            session.getConnection().rollback(before);
            recorders.within(session, () -> {
                recorder.insertEvents(event(1), Tracking.first("Cats", 1));
            });
            session.commit(true);
        }

        assertThat(versions()).containsExactly("1");
    }
}
