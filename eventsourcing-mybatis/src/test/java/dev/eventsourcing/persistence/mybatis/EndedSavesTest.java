package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TransactionEndedException;
import dev.eventsourcing.persistence.VersionRange;
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
import org.junit.jupiter.params.provider.MethodSource;

/** Saves of one transaction, between which something ends it. */
class EndedSavesTest {
    private TestDatabase database;
    private SqlSessionFactory factory;
    private MyBatisRecorders recorders;
    private ProcessRecorder recorder;
    private AnyMapper mapper;
    private @Nullable Transaction last;

    /** A user's mapper. */
    interface AnyMapper {
        @Update("${sql}")
        void run(@Param("sql") String sql);
    }

    static Stream<Arguments> ends() {
        return Stream.of(true, false)
                .flatMap(manager -> Stream.concat(
                        Stream.of(
                                        "COMMIT",
                                        "ROLLBACK",
                                        "CREATE TABLE made (word VARCHAR(40))",
                                        "commit()",
                                        "setAutoCommit")
                                .map(end -> Arguments.of(DatabaseKind.H2, manager, end)),
                        Stream.of(
                                        "COMMIT",
                                        "ROLLBACK",
                                        "COMMIT AND CHAIN",
                                        "PREPARE TRANSACTION 'saved'",
                                        "commit()",
                                        "setAutoCommit")
                                .map(end -> Arguments.of(DatabaseKind.POSTGRESQL, manager, end))));
    }

    static Stream<Arguments> kinds() {
        return Stream.of(DatabaseKind.values())
                .flatMap(kind -> Stream.of(true, false).map(manager -> Arguments.of(kind, manager)));
    }

    private void open(DatabaseKind kind, boolean manager) {
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
        recorders = MyBatisRecorders.over(manager ? SqlSessionManager.newInstance(factory) : factory);
        recorder = recorders.processRecorder("Dogs");
        mapper = recorders.mapper(AnyMapper.class);
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
            helper.on(Objects.requireNonNull(last).getConnection());
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
    void theSecondSaveOfATransactionThatWasEndedIsRefused(DatabaseKind kind, boolean manager, String end) {
        open(kind, manager);

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
    void itsEndIsRefusedWhateverComesBetween(DatabaseKind kind, boolean manager, String end) {
        open(kind, manager);

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
    void noPositionIsMovedInAnotherTransaction(DatabaseKind kind, boolean manager, String end) {
        open(kind, manager);
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
    void savesMayBeUndoneByASavepoint(DatabaseKind kind, boolean manager) {
        open(kind, manager);

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

    /** Theirs to end. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aSessionOfTheCallersMayBeCommittedBetweenSaves(DatabaseKind kind, boolean manager) throws SQLException {
        open(kind, manager);
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
    void aSessionOfTheCallersMayBeRolledBackToASavepoint(DatabaseKind kind, boolean manager) throws SQLException {
        open(kind, manager);
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
