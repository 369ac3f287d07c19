package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.TransactionIsolationLevel;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Which strategy is in use, who says so, and what holds writers of two kinds apart. */
class OrderingStrategyTest {
    private static ApplicationRecorder dogs(TestDatabase database) {
        return MyBatisRecorders.over(database.dataSource()).applicationRecorder("Dogs");
    }

    private static List<StoredEvent> event(long version) {
        return List.of(new StoredEvent(new UUID(0, 1), version, "Dog.TrickAdded", new byte[1]));
    }

    private static List<Long> ids(ApplicationRecorder recorder) {
        return recorder.selectNotifications(NotificationSelection.after(0)).stream()
                .map(Notification::id)
                .toList();
    }

    private static String recorded(TestDatabase database) {
        return database.column("SELECT strategy FROM event_ordering").get(0);
    }

    @Test
    void isTheReadersBarrierOnPostgresAndTheCounterRowOnH2IfNobodySaysOtherwise() {
        try (TestDatabase postgres = PostgresDatabase.migrated();
                TestDatabase h2 = H2Database.migrated()) {
            assertThat(recorded(postgres)).isEqualTo("readers-barrier");
            assertThat(recorded(h2)).isEqualTo("counter-row");
        }
    }

    @ParameterizedTest
    @EnumSource
    void isMadeByTheMigrationAndTakenFromTheSchemaByThoseWhoSayNothing(OrderingStrategy strategy) {
        try (TestDatabase database = PostgresDatabase.empty()) {
            MyBatisRecorders.over(database.dataSource())
                    .ordering(strategy)
                    .schema()
                    .migrate();

            assertThat(recorded(database)).isEqualTo(strategy.settingName());
            assertThat(dogs(database).insertEvents(event(1))).containsExactly(1L);
            assertThat(ids(dogs(database))).containsExactly(1L);
            // Asking for what is there is well, migrating again too.
            MyBatisRecorders same = MyBatisRecorders.over(database.dataSource()).ordering(strategy);
            assertThat(same.schema().migrate().applied()).isEmpty();
            assertThat(ids(same.applicationRecorder("Dogs"))).containsExactly(1L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "READERS_BARRIER, COUNTER_ROW",
        "COUNTER_ROW, READERS_BARRIER",
        "TABLE_LOCK, READERS_BARRIER",
        "READERS_BARRIER, TABLE_LOCK"
    })
    void isRefusedWhereTheSchemaHasAnother(OrderingStrategy recorded, OrderingStrategy asked) {
        try (TestDatabase database = PostgresDatabase.migrated(recorded)) {
            MyBatisRecorders other =
                    MyBatisRecorders.over(database.dataSource()).ordering(asked);
            ApplicationRecorder recorder = other.applicationRecorder("Dogs");

            for (Runnable use : List.<Runnable>of(
                    () -> recorder.insertEvents(event(1)),
                    () -> other.transactions().required(() -> recorder.insertEvents(event(1))),
                    recorder::end,
                    () -> ids(recorder))) {
                assertThatThrownBy(use::run)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContainingAll(recorded.settingName(), asked.settingName(), "changeOrdering");
            }
            assertThat(database.count("stored_events")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void holdsInASchemaThatIsNamedWhateverItsLetters(OrderingStrategy strategy) {
        try (TestDatabase database = PostgresDatabase.empty()) {
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource())
                    .inSchema("My-Events")
                    .ordering(strategy);
            recorders.schema().migrate();
            ApplicationRecorder dogs = recorders.applicationRecorder("Dogs");

            dogs.insertEvents(event(1));
            recorders.transactions().required(() -> dogs.insertEvents(event(2)));
            recorders.schema().changeOrdering(OrderingStrategy.TABLE_LOCK);
            recorders.schema().changeOrdering(strategy);
            dogs.insertEvents(event(3));

            assertThat(ids(dogs)).hasSize(3).isSorted();
            assertThat(database.column(
                            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"COUNTER_ROW, READERS_BARRIER", "TABLE_LOCK, READERS_BARRIER", "READERS_BARRIER, COUNTER_ROW"})
    void ofATenantThatTheProgramDidNotBeginWithIsRefused(OrderingStrategy first, OrderingStrategy second) {
        try (TestDatabase one = PostgresDatabase.migrated(first);
                TestDatabase other = PostgresDatabase.migrated(second)) {
            DataSource[] tenant = {one.dataSource()};
            ApplicationRecorder reader = MyBatisRecorders.over(new AbstractDataSource() {
                        @Override
                        public Connection getConnection() throws SQLException {
                            return tenant[0].getConnection();
                        }

                        @Override
                        public Connection getConnection(String user, String password) throws SQLException {
                            return tenant[0].getConnection(user, password);
                        }
                    })
                    .applicationRecorder("Dogs");
            dogs(one).insertEvents(event(1));
            dogs(other).insertEvents(event(1));
            assertThat(ids(reader)).hasSize(1);

            tenant[0] = other.dataSource();

            assertThatThrownBy(() -> ids(reader)).isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(reader::end).isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    void isNotChangedByAMigrationOnceThereAreEvents() {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            dogs(database).insertEvents(event(1));
            EventStoreSchema schema =
                    EventStoreSchema.over(database.dataSource()).ordering(OrderingStrategy.COUNTER_ROW);

            assertThatThrownBy(schema::migrate)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("readers-barrier", "counter-row", "stop all programs", "changeOrdering");

            assertThat(recorded(database)).isEqualTo("readers-barrier");
            assertThat(dogs(database).insertEvents(event(2))).hasSize(1);
        }
    }

    @Test
    void onH2IsTheCounterRowAlone() {
        try (TestDatabase database = H2Database.migrated()) {
            EventStoreSchema schema = EventStoreSchema.over(database.dataSource());

            schema.ordering(OrderingStrategy.COUNTER_ROW).migrate();
            for (OrderingStrategy other : List.of(OrderingStrategy.READERS_BARRIER, OrderingStrategy.TABLE_LOCK)) {
                assertThatThrownBy(() -> schema.ordering(other).migrate())
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContainingAll(other.settingName(), "On H2 use counter-row");
                assertThatThrownBy(() -> schema.changeOrdering(other)).isInstanceOf(ConfigurationException.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "READERS_BARRIER, COUNTER_ROW", "COUNTER_ROW, READERS_BARRIER", "TABLE_LOCK, COUNTER_ROW",
        "COUNTER_ROW, TABLE_LOCK", "READERS_BARRIER, TABLE_LOCK", "TABLE_LOCK, READERS_BARRIER"
    })
    void isChangedWithTheEventsThatThereAre(OrderingStrategy from, OrderingStrategy to) {
        try (TestDatabase database = PostgresDatabase.migrated(from)) {
            dogs(database).insertEvents(event(1));
            dogs(database).insertEvents(event(2));
            EventStoreSchema schema = EventStoreSchema.over(database.dataSource());

            schema.changeOrdering(to);
            schema.changeOrdering(to);

            assertThat(recorded(database)).isEqualTo(to.settingName());
            dogs(database).insertEvents(event(3));
            assertThat(ids(dogs(database))).hasSize(3).isSorted().doesNotHaveDuplicates();

            schema.changeOrdering(from);
            dogs(database).insertEvents(event(4));
            assertThat(ids(dogs(database))).hasSize(4).isSorted().doesNotHaveDuplicates();
        }
    }

    /** A program that was not stopped when the strategy was changed. */
    @ParameterizedTest
    @CsvSource({"READERS_BARRIER, COUNTER_ROW", "COUNTER_ROW, READERS_BARRIER", "TABLE_LOCK, COUNTER_ROW"})
    void aWriterThatKnowsTheFormerOneRecordsNothing(OrderingStrategy from, OrderingStrategy to) {
        try (TestDatabase database = PostgresDatabase.migrated(from)) {
            ApplicationRecorder running = dogs(database);
            running.insertEvents(event(1));

            EventStoreSchema.over(database.dataSource()).changeOrdering(to);

            assertThatThrownBy(() -> running.insertEvents(event(2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("Nothing was recorded", "strategy", "Start the program again");
            assertThat(database.count("stored_events")).isEqualTo(1);
        }
    }

    @Test
    void aReaderWhoKnowsTheBarrierIsToldOfAChange() {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            ApplicationRecorder running = dogs(database);
            running.insertEvents(event(1));
            assertThat(ids(running)).hasSize(1);

            EventStoreSchema.over(database.dataSource()).changeOrdering(OrderingStrategy.TABLE_LOCK);
            dogs(database).insertEvents(event(2));

            assertThatThrownBy(() -> ids(running))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("table-lock", "start this program again");
        }
    }

    /** It knows the barrier and takes no lock, so the table takes it: what it does not know would let readers miss its events. */
    @Test
    void aWriterWhoTakesNoTableLockIsMadeToWhereReadersRelyOnIt() throws SQLException {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            ApplicationRecorder running = dogs(database);
            running.insertEvents(event(1));
            EventStoreSchema.over(database.dataSource()).changeOrdering(OrderingStrategy.TABLE_LOCK);
            try (Connection other = database.dataSource().getConnection()) {
                other.setAutoCommit(false);
                try (Statement statement = other.createStatement()) {
                    statement.execute("LOCK TABLE stored_events IN EXCLUSIVE MODE");
                }
                Concurrently.Running<List<Long>> append = Concurrently.start(() -> running.insertEvents(event(2)));

                append.awaitDoneOr(thread -> database.somebodyWaits());

                assertThat(append.isDone()).isFalse();
                other.commit();
                assertThat(append.get()).hasSize(1);
            }
        }
    }

    @Test
    void aChangeWaitsForOpenAppends() throws SQLException {
        try (TestDatabase database = PostgresDatabase.migrated();
                Connection open = openAppend(database)) {
            Concurrently.Running<Void> change = Concurrently.start(
                    () -> EventStoreSchema.over(database.dataSource()).changeOrdering(OrderingStrategy.COUNTER_ROW));

            change.awaitDoneOr(thread -> database.somebodyWaits());

            assertThat(change.isDone()).isFalse();
            open.commit();
            change.get();
            assertThat(recorded(database)).isEqualTo("counter-row");
        }
    }

    @Test
    void aChangeGivesUpWhereAnAppendStaysOpen() throws SQLException {
        try (TestDatabase database = PostgresDatabase.migrated();
                Connection open = openAppend(database)) {
            EventStoreSchema schema =
                    EventStoreSchema.over(database.dataSource()).waiting(new MigrationWaits(1, 50));

            assertThatThrownBy(() -> schema.changeOrdering(OrderingStrategy.COUNTER_ROW))
                    .isInstanceOf(PersistenceException.class)
                    .hasMessageContaining("55P03");

            assertThat(recorded(database)).isEqualTo("readers-barrier");
            open.rollback();
        }
        assertThat(MigrationWaits.DEFAULT.lockMs()).isEqualTo(10_000);
    }

    private static Connection openAppend(TestDatabase database) throws SQLException {
        Connection open = database.dataSource().getConnection();
        open.setAutoCommit(false);
        try (Statement statement = open.createStatement()) {
            statement.execute("LOCK TABLE stored_events IN ROW EXCLUSIVE MODE");
        }
        return open;
    }

    private static SqlSessionFactory factory(TestDatabase database) {
        return new SqlSessionFactoryBuilder()
                .build(new Configuration(
                        new Environment("users", new JdbcTransactionFactory(), database.dataSource())));
    }

    /** What the documentation of COUNTER_ROW says. */
    @ParameterizedTest
    @CsvSource({
        "READERS_BARRIER, REPEATABLE_READ, true", "READERS_BARRIER, SERIALIZABLE, true",
        "TABLE_LOCK, REPEATABLE_READ, true", "TABLE_LOCK, SERIALIZABLE, true",
        "COUNTER_ROW, REPEATABLE_READ, false", "COUNTER_ROW, SERIALIZABLE, false"
    })
    void aTransactionAboveReadCommittedAppendsAfterOthersUnlessACounterKeepsTheOrder(
            OrderingStrategy strategy, TransactionIsolationLevel level, boolean appends) {
        try (TestDatabase database = PostgresDatabase.migrated(strategy);
                SqlSession session = factory(database).openSession(level)) {
            MyBatisRecorders recorders = MyBatisRecorders.over(factory(database));
            ApplicationRecorder recorder = recorders.applicationRecorder("Dogs");
            // The snapshot.
            recorders.within(session, () -> recorder.selectEvents(new UUID(0, 9), VersionRange.all()));
            dogs(database).insertEvents(event(1));

            Runnable append = () -> recorders.within(session, () -> recorder.insertEvents(event(2)));

            if (appends) {
                append.run();
                session.commit();
                assertThat(ids(dogs(database))).hasSize(2).isSorted();
            } else {
                assertThatThrownBy(append::run)
                        .isInstanceOf(TransactionLostException.class)
                        .hasMessageContainingAll("40001", "try the whole of it again");
                session.rollback(true);
                assertThat(ids(dogs(database))).hasSize(1);
            }
        }
    }

    @Test
    void isNamedInSettingsInSmallLetters() {
        assertThat(OrderingStrategy.named("readers-barrier")).isEqualTo(OrderingStrategy.READERS_BARRIER);
        assertThat(OrderingStrategy.TABLE_LOCK.settingName()).isEqualTo("table-lock");
        assertThatThrownBy(() -> OrderingStrategy.named("barrier"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'barrier'", "readers-barrier", "counter-row", "table-lock");
    }
}
