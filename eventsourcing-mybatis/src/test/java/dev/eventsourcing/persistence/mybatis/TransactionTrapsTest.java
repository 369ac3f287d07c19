package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.TransactionIsolationLevel;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.Test;
import org.mybatis.spring.SqlSessionTemplate;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import training.Dog;
import training.TrainingSchool;
import training.TrickBoard;

/** What looked harmless and was not, each with what it had broken. */
class TransactionTrapsTest {
    private static List<StoredEvent> event(long version) {
        return TransactionContract.events(version, version);
    }

    private static SqlSessionFactory factory(DataSource dataSource) {
        Configuration configuration =
                new Configuration(new Environment("users", new JdbcTransactionFactory(), dataSource));
        configuration.addMapper(DiplomaMapper.class);
        return new SqlSessionFactoryBuilder().build(configuration);
    }

    private static TestDatabase withDiplomas(TestDatabase database) {
        database.execute("CREATE TABLE diplomas (dog VARCHAR(40) NOT NULL, trick VARCHAR(40) NOT NULL)");
        return database;
    }

    /** Append in a snapshot: our own id is higher than one that the snapshot does not show. */
    @Test
    void aFollowerDoesNotSkipAnEventInARepeatableReadTransactionThatAppended() {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            MyBatisRecorders recorders = MyBatisRecorders.over(factory(database.dataSource()));
            ProcessRecorder leader = recorders.processRecorder("Dogs");
            ProcessRecorder elsewhere =
                    MyBatisRecorders.over(database.dataSource()).processRecorder("Dogs");
            try (SqlSession session =
                    factory(database.dataSource()).openSession(TransactionIsolationLevel.REPEATABLE_READ)) {
                // The snapshot.
                recorders.within(session, () -> leader.selectEvents(TransactionContract.DOG, VersionRange.all()));
                Concurrently.start(() -> elsewhere.insertEvents(
                                List.of(new StoredEvent(new java.util.UUID(0, 9), 1, "Dog.Registered", new byte[0]))))
                        .get();
                try {
                    recorders.within(session, () -> {
                        leader.insertEvents(event(1));
                        // What Pull reads: it would move the position to 2.
                        assertThat(leader.selectNotifications(
                                        dev.eventsourcing.persistence.NotificationSelection.after(0)))
                                .extracting(dev.eventsourcing.persistence.Notification::id)
                                .isNotEqualTo(List.of(2L));
                    });
                } catch (EventSourcingException refused) {
                    // A refusal is as good.
                }
            }
        }
    }

    /** The same with a follower of the library's own: the event is gone for good. */
    @Test
    void noEventIsSkippedForGoodInARepeatableReadTransaction() {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), training.TrickCountMapper.class);
            TrainingSchool school = new TrainingSchool(recorders);
            TrickBoard board = new TrickBoard(recorders);
            board.createTable();
            board.follow(school);
            school.register("Fido");
            school.register("Rex");
            try (SqlSession session = tricks(database).openSession(TransactionIsolationLevel.REPEATABLE_READ)) {
                recorders.within(session, () -> school.tricksOf("Fido"));
                Concurrently.start(() -> school.addTrick("Rex", "sit")).get();
                try {
                    recorders.within(session, () -> {
                        school.addTrick("Fido", "roll over");
                        board.pullAndProcess("TrainingSchool");
                    });
                    session.commit();
                } catch (EventSourcingException refused) {
                    session.rollback();
                }
            }
            board.pullAndProcess("TrainingSchool");

            assertThat(board.counts()).extracting(Object::toString).anyMatch(count -> count.contains("sit"));
        }
    }

    private static SqlSessionFactory tricks(TestDatabase database) {
        Configuration configuration =
                new Configuration(new Environment("users", new JdbcTransactionFactory(), database.dataSource()));
        configuration.addMapper(training.TrickCountMapper.class);
        return new SqlSessionFactoryBuilder().build(configuration);
    }

    /** H2 has dirty reads: an event that was never committed is processed, and its id, given again, is skipped. */
    @Test
    void aFollowerDoesNotProcessWhatIsNotCommitted() {
        try (TestDatabase database = H2Database.migrated()) {
            ProcessRecorder leader =
                    MyBatisRecorders.over(database.dataSource()).processRecorder("Dogs");
            MyBatisRecorders dirty = MyBatisRecorders.over(factory(database.dataSource()));
            SqlSessionFactory open = factory(database.dataSource());
            try (SqlSession writing = open.openSession();
                    SqlSession reading = open.openSession(TransactionIsolationLevel.READ_UNCOMMITTED)) {
                MyBatisRecorders writer = MyBatisRecorders.over(open);
                ProcessRecorder writerRecorder = writer.processRecorder("Dogs");
                writer.within(writing, () -> writerRecorder.insertEvents(event(1)));
                ProcessRecorder log = dirty.processRecorder("Dogs");
                try {
                    dirty.within(
                            reading, () -> assertThat(log.maxNotificationId()).isEmpty());
                } catch (EventSourcingException refused) {
                    // A refusal is as good.
                }
            }
            assertThat(leader.maxNotificationId()).isEmpty();
        }
    }

    /** DESIGN 9: without savepoints, a failed append says that the transaction is lost; one that succeeds is no failure. */
    @Test
    void appendsWhereTheManagerHasNoSavepoints() {
        for (DatabaseKind kind : DatabaseKind.values()) {
            try (TestDatabase database = kind.migrated()) {
                MyBatisRecorders recorders = MyBatisRecorders.over(withoutSavepoints(database.dataSource()));
                ProcessRecorder recorder = recorders.processRecorder("Dogs");

                assertThatCode(() -> recorders.transactions().required(() -> {
                            recorder.insertEvents(event(1));
                            recorder.insertEvents(List.of(), Tracking.first("Cats", 1));
                        }))
                        .doesNotThrowAnyException();
                assertThat(database.count("stored_events")).isEqualTo(1);
                assertThatThrownBy(() -> recorders.transactions().required(() -> {
                            recorder.insertEvents(event(1));
                        }))
                        .isInstanceOf(TransactionLostException.class);
            }
        }
    }

    /** As PGXAConnection and some pools of containers refuse them. */
    private static DataSource withoutSavepoints(DataSource dataSource) {
        ClassLoader loader = TransactionTrapsTest.class.getClassLoader();
        return (DataSource) Proxy.newProxyInstance(loader, new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
            Object result = invoke(dataSource, method, args);
            return !(result instanceof Connection connection)
                    ? result
                    : Proxy.newProxyInstance(loader, new Class<?>[] {Connection.class}, (self, called, values) -> {
                        if (called.getName().equals("setSavepoint")) {
                            throw new SQLException(
                                    "setSavePoint not allowed while an XA transaction is active", "55000");
                        }
                        return invoke(connection, called, values);
                    });
        });
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A commit that returned proves nothing: Spring says committed, PostgreSQL has rolled back. */
    @Test
    void anAggregateDoesNotWriteBehindAGapAfterASpringCommitThatWasARollback() {
        try (TestDatabase database = withDiplomas(PostgresDatabase.migrated())) {
            DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());
            Configuration configuration = new Configuration(
                    new Environment("spring", new SpringManagedTransactionFactory(), database.dataSource()));
            configuration.addMapper(DiplomaMapper.class);
            SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(configuration);
            TrainingSchool school = new TrainingSchool(
                    MyBatisRecorders.over(factory, new SpringTransactions(manager, database.dataSource())));
            DiplomaMapper injected = new SqlSessionTemplate(factory).getMapper(DiplomaMapper.class);
            Dog fido = Dog.register("Fido");
            try {
                new TransactionTemplate(manager).executeWithoutResult(status -> {
                    school.save(fido);
                    try {
                        injected.fail("Fido");
                    } catch (RuntimeException swallowed) {
                        return;
                    }
                });
            } catch (RuntimeException toldSo) {
                // That would be fine.
            }
            assertThat(database.count("stored_events")).isZero();

            try {
                fido.addTrick("sit");
                school.save(fido);
            } catch (RuntimeException refused) {
                // As it should be.
            }

            assertThat(database.column("SELECT originator_version FROM stored_events"))
                    .isEmpty();
        }
    }

    /** H2 ends the transaction with a deadlock: what a policy swallows must not leave half a unit. */
    @Test
    void aDeadlockThatIsSwallowedInACallersSessionLeavesNoHalf() {
        try (TestDatabase database = withDiplomas(H2Database.migrated())) {
            database.execute(
                    "CREATE TABLE a (n INT); INSERT INTO a VALUES (0); CREATE TABLE b (n INT); INSERT INTO b VALUES (0)");
            Configuration users = factory(database.dataSource()).getConfiguration();
            users.addMapper(Ab.class);
            SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(users);
            MyBatisRecorders recorders = MyBatisRecorders.over(factory);
            ProcessRecorder recorder = recorders.processRecorder("Diplomas");
            DiplomaMapper diplomas = recorders.mapper(DiplomaMapper.class);
            Ab ab = recorders.mapper(Ab.class);
            try (SqlSession session = factory.openSession(TransactionIsolationLevel.REPEATABLE_READ)) {
                recorders.within(session, () -> {
                    diplomas.award("Fido", "roll over");
                    ab.read();
                    database.execute("UPDATE a SET n = 1");
                    try {
                        ab.updateA();
                        throw new AssertionError("no serialization failure");
                    } catch (RuntimeException swallowed) {
                        // As a policy might.
                    }
                    recorder.insertEvents(event(1), Tracking.first("Dogs", 1));
                });
                session.commit();
            } catch (TransactionLostException told) {
                // As it should be.
            }

            assertThat(database.count("notification_tracking")).isEqualTo(database.count("diplomas"));
        }
    }

    public interface Ab {
        @org.apache.ibatis.annotations.Select("SELECT n FROM a")
        int read();

        @org.apache.ibatis.annotations.Update("UPDATE a SET n = n + 1")
        void updateA();
    }

    /** Errors name what is wrong: the error before was swallowed, savepoints are not the matter. */
    @Test
    void anErrorThatWasSwallowedIsNamed() {
        try (TestDatabase database = withDiplomas(PostgresDatabase.migrated())) {
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), DiplomaMapper.class);
            ProcessRecorder recorder = recorders.processRecorder("Diplomas");
            DiplomaMapper diplomas = recorders.mapper(DiplomaMapper.class);

            assertThatThrownBy(() -> recorders.transactions().required(() -> {
                        try {
                            diplomas.fail("Fido");
                        } catch (RuntimeException swallowed) {
                            // As a policy might.
                        }
                        recorder.insertEvents(event(1), Tracking.first("Dogs", 1));
                    }))
                    .isInstanceOf(TransactionLostException.class)
                    .hasMessageNotContaining("takes no savepoint")
                    .hasMessageContaining("abort");
        }
    }

    /** A user's statement that is called by its short name still runs after ours were added. */
    @Test
    void leavesTheUsersShortStatementNames() {
        try (TestDatabase database = withDiplomas(H2Database.migrated())) {
            Configuration users = factory(database.dataSource()).getConfiguration();
            users.addMapper(UsersNotifications.class);
            SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(users);
            MyBatisRecorders recorders = MyBatisRecorders.over(factory);
            ProcessRecorder recorder = recorders.processRecorder("Dogs");
            try (SqlSession session = factory.openSession()) {
                assertThat(session.<Integer>selectOne("selectNotifications")).isEqualTo(7);
                recorders.within(session, () -> recorder.insertEvents(event(1)));

                assertThat(session.<Integer>selectOne("selectNotifications")).isEqualTo(7);
            }
        }
    }

    public interface UsersNotifications {
        @org.apache.ibatis.annotations.Select("SELECT 7")
        int selectNotifications();
    }

    /** One save of many events. */
    @Slow("appends more events than a statement has room for")
    @Test
    void recordsManyEventsAtOnce() {
        for (DatabaseKind kind : DatabaseKind.values()) {
            try (TestDatabase database = kind.migrated()) {
                ProcessRecorder recorder =
                        MyBatisRecorders.over(database.dataSource()).processRecorder("Dogs");

                assertThat(recorder.insertEvents(TransactionContract.events(1, 65_537)))
                        .hasSize(65_537);
            }
        }
    }

    /** The user has a table of that name. */
    @Test
    void aMigrationThatMeetsATableOfTheUsersNamesItAndCanBeRepeated() {
        try (TestDatabase database = H2Database.empty()) {
            database.execute("CREATE TABLE snapshots (of_the_user INT)");
            EventStoreSchema schema =
                    EventStoreSchema.over(database.dataSource()).waiting(new MigrationWaits(1, 1));

            assertThatThrownBy(schema::migrate).hasMessageContainingAll("[snapshots]", "rename them");

            database.execute("ALTER TABLE snapshots RENAME TO users_snapshots");
            assertThatCode(schema::migrate).doesNotThrowAnyException();
        }
    }

    private static HikariDataSource withoutAutoCommit(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setAutoCommit(false);
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }

    /** What a save returned is there, or the save is refused: a pool without autocommit hides that nobody will commit. */
    @Test
    void aTransactionOfAnotherDataSourceDoesNotSwallowAnAppend() {
        for (DatabaseKind kind : DatabaseKind.values()) {
            try (TestDatabase database = kind.migrated();
                    TestDatabase other = kind.migrated();
                    HikariDataSource pool = withoutAutoCommit(database)) {
                SqlSessionFactory factory = new SqlSessionFactoryBuilder()
                        .build(new Configuration(
                                new Environment("spring", new SpringManagedTransactionFactory(), pool)));
                DataSourceTransactionManager manager = new DataSourceTransactionManager(other.dataSource());
                ProcessRecorder recorder = MyBatisRecorders.over(factory, new SpringTransactions(manager, pool))
                        .processRecorder("Dogs");
                int recorded = 0;
                try {
                    recorded = recorder.insertEvents(event(1)).size();
                } catch (EventSourcingException refused) {
                    // As with autocommit.
                }

                assertThat(database.count("stored_events")).isEqualTo(recorded);
            }
        }
    }

    /** The same with a manager whose sessions leave the commit to a container. */
    @Test
    void aManagerThatLeavesTheCommitToAContainerDoesNotSwallowAnAppend() {
        for (DatabaseKind kind : DatabaseKind.values()) {
            try (TestDatabase database = kind.migrated();
                    HikariDataSource pool = withoutAutoCommit(database)) {
                SqlSessionFactory factory = new SqlSessionFactoryBuilder()
                        .build(new Configuration(new Environment(
                                "managed",
                                new org.apache.ibatis.transaction.managed.ManagedTransactionFactory(),
                                pool)));
                int recorded = 0;
                try {
                    recorded = MyBatisRecorders.over(org.apache.ibatis.session.SqlSessionManager.newInstance(factory))
                            .processRecorder("Dogs")
                            .insertEvents(event(1))
                            .size();
                } catch (EventSourcingException refused) {
                    // As over(factory) does.
                }

                assertThat(database.count("stored_events")).isEqualTo(recorded);
            }
        }
    }

    /** Transactions.required: committed when the work returns. */
    @Test
    void aTransactionThatWeHadSpringStartIsCommittedIfItReturns() {
        try (TestDatabase database = withDiplomas(PostgresDatabase.migrated())) {
            Configuration configuration = new Configuration(
                    new Environment("spring", new SpringManagedTransactionFactory(), database.dataSource()));
            configuration.addMapper(DiplomaMapper.class);
            MyBatisRecorders recorders = MyBatisRecorders.over(
                    new SqlSessionFactoryBuilder().build(configuration),
                    new SpringTransactions(
                            new DataSourceTransactionManager(database.dataSource()), database.dataSource()));
            DiplomaMapper diplomas = recorders.mapper(DiplomaMapper.class);
            java.util.concurrent.atomic.AtomicBoolean saidCommitted = new java.util.concurrent.atomic.AtomicBoolean();
            try {
                recorders.transactions().required(() -> {
                    recorders.transactions().afterCommit(() -> saidCommitted.set(true));
                    diplomas.award("Fido", "sit");
                    try {
                        diplomas.fail("Fido");
                    } catch (RuntimeException swallowed) {
                        return;
                    }
                });
            } catch (RuntimeException toldSo) {
                // As our own transactions do.
            }

            assertThat(saidCommitted.get()).isEqualTo(database.count("diplomas") == 1);
        }
    }
}
