package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** The reader's barrier against a real server, with writers that are stopped where it hurts. */
class ReadersBarrierTest {
    private final TestDatabase database = PostgresDatabase.migrated();
    private final MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
    private final ApplicationRecorder dogs = recorders.applicationRecorder("Dogs");
    private final List<Connection> open = new ArrayList<>();
    private long version;

    @BeforeEach
    void makeATableOfTheUsers() {
        database.execute("CREATE TABLE kennels (name varchar(40))");
    }

    @AfterEach
    void close() throws SQLException {
        for (Connection connection : open) {
            connection.close();
        }
        database.close();
    }

    private static StoredEvent event(UUID originator, long version) {
        return new StoredEvent(originator, version, "Dog.TrickAdded", new byte[] {1, 2});
    }

    private List<Long> append(int events) {
        return dogs.insertEvents(LongStream.range(0, events)
                .mapToObj(i -> event(new UUID(0, 1), ++version))
                .toList());
    }

    private List<Long> read() {
        return read(dogs);
    }

    private static List<Long> read(ApplicationRecorder recorder) {
        return recorder.selectNotifications(NotificationSelection.after(0)).stream()
                .map(Notification::id)
                .toList();
    }

    private Connection open() {
        try {
            Connection connection = PostgresDatabase.dataSource(database.url()).getConnection();
            connection.setAutoCommit(false);
            open.add(connection);
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static String insert(String application) {
        return "INSERT INTO stored_events (application_name, originator_id, originator_version, topic, state) VALUES ('"
                + application + "', '" + UUID.randomUUID() + "', 1, 'Late', '\\x01')";
    }

    /** A writer that has taken an id and not committed. */
    private Connection stoppedWriter() {
        Connection writer = open();
        run(writer, insert("Dogs"));
        return writer;
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLateCommitIsSeenBeforeWhatHasAHigherId() {
        Connection a = stoppedWriter();
        List<Long> b = append(1);

        assertThat(b).containsExactly(2L);
        assertThat(read()).isEmpty();
        assertThat(dogs.maxNotificationId()).isEmpty();
        assertThat(dogs.end()).isEqualTo(new LogEnd(0, 2));

        commit(a);

        assertThat(dogs.end()).isEqualTo(new LogEnd(2, 2));
        assertThat(read()).containsExactly(1L, 2L);
    }

    /** A stores one and stays open, B stores one and stays open, A stores a second and commits, B commits. */
    @Test
    void theLateCommitThatDefeatsSnapshotBoundsIsSeenInOrder() {
        Connection a = stoppedWriter();
        Connection b = stoppedWriter();
        run(a, insert("Dogs"));
        commit(a);

        assertThat(read()).isEmpty();

        commit(b);

        assertThat(read()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatIsBelowTheFirstIdOfAnOpenWriterIsReadWhileItIsOpen() {
        append(3);
        assertThat(read()).hasSize(3);
        Connection a = stoppedWriter();
        append(2);

        assertThat(read()).containsExactly(1L, 2L, 3L);
        assertThat(dogs.end()).isEqualTo(new LogEnd(3, 6));

        run(a, "ROLLBACK");

        assertThat(read()).containsExactly(1L, 2L, 3L, 5L, 6L);
    }

    @Test
    void aWriterThatKeepsComingDoesNotHoldReadersUp() {
        Connection before = stoppedWriter();
        append(1);
        assertThat(read()).isEmpty();
        for (int i = 0; i < 10; i++) {
            Connection next = stoppedWriter();
            commit(before);
            before = next;
            read();
        }

        // At each look somebody was open, and yet all but the latest is settled.
        assertThat(dogs.maxNotificationId().orElse(0)).isGreaterThanOrEqualTo(9);
    }

    @Test
    void anUnrelatedTransactionThatStaysOpenHoldsNobodyUp() {
        Connection unrelated = open();
        run(unrelated, "INSERT INTO kennels VALUES ('old')");
        run(unrelated, "SELECT count(*) FROM stored_events");
        append(2);

        assertThat(read()).hasSize(2);
    }

    @Test
    void aPreparedTransactionHoldsReadersUpUntilItIsCommitted() {
        Connection a = stoppedWriter();
        append(1);
        assertThat(read()).isEmpty();
        run(a, "PREPARE TRANSACTION '" + database.url().hashCode() + "'");
        assertThat(read()).isEmpty();
        run(a, "SELECT 1");
        assertThat(read()).isEmpty();
        assertThat(dogs.openAppends())
                .singleElement()
                .satisfies(append -> assertThat(append.pid()).isEmpty())
                .satisfies(append ->
                        assertThat(append.what()).isEqualTo("" + database.url().hashCode()));

        database.execute("COMMIT PREPARED '" + database.url().hashCode() + "'");

        assertThat(read()).containsExactly(1L, 2L);
    }

    @Test
    void aTransactionThatIsPreparedBetweenTwoLooksIsStillWaitedFor() {
        Connection a = stoppedWriter();
        Connection b = stoppedWriter();
        append(1);
        assertThat(read()).isEmpty();
        run(a, "PREPARE TRANSACTION '" + database.url().hashCode() + "'");
        commit(b);

        assertThat(read()).isEmpty();

        database.execute("COMMIT PREPARED '" + database.url().hashCode() + "'");

        assertThat(read()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aSavepointThatIsRolledBackHoldsNobodyUp() {
        Connection a = open();
        run(a, "INSERT INTO kennels VALUES ('a')");
        run(a, "SAVEPOINT before");
        run(a, insert("Dogs"));
        append(1);
        assertThat(read()).isEmpty();

        run(a, "ROLLBACK TO SAVEPOINT before");

        assertThat(read()).containsExactly(2L);
    }

    @Test
    void appendsOfOtherApplicationsCountAsTheyShareTheIds() {
        Connection cats = open();
        run(cats, insert("Cats"));
        append(1);

        assertThat(read()).isEmpty();

        commit(cats);

        assertThat(read()).containsExactly(2L);
        assertThat(read(recorders.applicationRecorder("Cats"))).containsExactly(1L);
    }

    @Test
    void tellsWhoIsWaitedFor() {
        Connection a = open();
        run(a, "SET application_name = 'nightly import'");
        run(a, insert("Dogs"));
        append(1);

        assertThat(dogs.openAppends()).singleElement().satisfies((OpenAppend append) -> {
            assertThat(append.pid()).isPresent();
            assertThat(append.age()).isPresent();
            assertThat(append.what()).contains("nightly import", "idle in transaction");
            assertThat(append)
                    .hasToString("pid " + append.pid().getAsInt() + ", open for "
                            + append.age().get().toSeconds() + " s, " + append.what());
        });
    }

    @Test
    void aReaderInATransactionThatHasAppendedTellsOthersNothingOfItsOwn() {
        append(1);
        Connection late = stoppedWriter();
        List<Long> other = Concurrently.start(() -> recorders.transactions().required(() -> {
                    append(1);
                    commit(late);
                    // Nobody else is open, so it sees its own, and what is below.
                    assertThat(read()).containsExactly(1L, 2L, 3L);
                    return Concurrently.start(() -> read(dogs)).get();
                }))
                .get();

        assertThat(other).doesNotContain(3L);
        assertThat(read()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aTransactionThatReadsGetsNothingAboveAnOpenAppend() {
        Connection late = stoppedWriter();

        recorders.transactions().required(() -> {
            append(1);
            assertThat(read()).isEmpty();
            assertThat(dogs.end()).isEqualTo(new LogEnd(0, 2));
        });
        commit(late);

        assertThat(read()).containsExactly(1L, 2L);
    }

    @Test
    void twoTransactionsThatHaveAppendedBothReadAndWaitForNobody() {
        CountDownLatch bothAppended = new CountDownLatch(2);
        CountDownLatch bothRead = new CountDownLatch(2);
        List<Concurrently.Running<LogEnd>> both = List.of(1, 2).stream()
                .map(i -> Concurrently.start(() -> recorders.transactions().required(() -> {
                    dogs.insertEvents(List.of(event(new UUID(0, 10 + i), 1)));
                    bothAppended.countDown();
                    Concurrently.await(bothAppended);
                    LogEnd end = dogs.end();
                    bothRead.countDown();
                    Concurrently.await(bothRead);
                    return end;
                })))
                .toList();

        assertThat(both).allSatisfy(one -> assertThat(one.get().readable()).isZero());
        assertThat(read()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void aReaderOnADataSourceAboveReadCommittedMissesNothing(int isolation) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setMinimumIdle(0);
        config.setTransactionIsolation(
                isolation == Connection.TRANSACTION_SERIALIZABLE
                        ? "TRANSACTION_SERIALIZABLE"
                        : "TRANSACTION_REPEATABLE_READ");
        try (HikariDataSource strict = new HikariDataSource(config)) {
            MyBatisRecorders others = MyBatisRecorders.over(strict);
            ApplicationRecorder reader = others.applicationRecorder("Dogs");
            Connection a = stoppedWriter();
            append(1);
            assertThat(read(reader)).isEmpty();
            commit(a);
            assertThat(read(reader)).containsExactly(1L, 2L);

            // In a transaction its snapshot would be older than the look.
            assertThatThrownBy(() -> others.transactions().required(() -> read(reader)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("READ COMMITTED");
            // Appending needs no snapshot.
            assertThatCode(() -> others.transactions().required(() -> {
                        reader.selectEvents(new UUID(0, 1), dev.eventsourcing.persistence.VersionRange.all());
                        append(1);
                        reader.insertEvents(List.of(event(new UUID(0, 2), 1)));
                    }))
                    .doesNotThrowAnyException();
            assertThat(read(reader)).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void tenantsBehindOneDataSourceAreKeptApart() {
        try (TestDatabase second = PostgresDatabase.migrated()) {
            ThreadLocal<String> tenant = ThreadLocal.withInitial(() -> "first");
            AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {
                @Override
                protected Object determineCurrentLookupKey() {
                    return tenant.get();
                }
            };
            DataSource one = database.dataSource();
            routing.setTargetDataSources(java.util.Map.of("first", one, "second", second.dataSource()));
            routing.afterPropertiesSet();
            ApplicationRecorder reader = MyBatisRecorders.over(routing).applicationRecorder("Dogs");
            append(5);
            assertThat(read(reader)).hasSize(5);

            // What is settled in the first says nothing of the second, whose ids are the same.
            tenant.set("second");
            ApplicationRecorder direct =
                    MyBatisRecorders.over(second.dataSource()).applicationRecorder("Dogs");
            try (Connection late = second.dataSource().getConnection()) {
                late.setAutoCommit(false);
                run(late, insert("Dogs"));
                direct.insertEvents(List.of(event(new UUID(0, 1), 1)));
                assertThat(read(reader)).isEmpty();
                tenant.set("first");
                assertThat(read(reader)).hasSize(5);
                tenant.set("second");
                late.commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            assertThat(read(reader)).containsExactly(1L, 2L);
        }
    }

    @Test
    void aTableThatIsEmptiedAndGivesItsIdsAgainIsAnother() {
        append(5);
        assertThat(read()).hasSize(5);
        database.execute("TRUNCATE stored_events RESTART IDENTITY");
        version = 0;
        Connection a = stoppedWriter();
        append(1);

        assertThat(read()).isEmpty();

        commit(a);

        assertThat(read()).containsExactly(1L, 2L);
    }

    @Test
    void idsThatGoBackAreNotTakenForSettled() {
        append(5);
        assertThat(read()).hasSize(5);
        database.execute("DELETE FROM stored_events");
        database.execute("ALTER TABLE stored_events ALTER COLUMN id RESTART");
        version = 0;
        Connection a = stoppedWriter();
        append(1);

        assertThat(read()).isEmpty();

        commit(a);

        assertThat(read()).containsExactly(1L, 2L);
    }

    @Test
    void looksPastManyOpenAppends() {
        List<Connection> writers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            writers.add(stoppedWriter());
        }
        append(1);
        assertThat(read()).isEmpty();
        assertThat(dogs.openAppends()).hasSize(20);

        writers.forEach(ReadersBarrierTest::commit);

        assertThat(read()).hasSize(61);
    }

    private void assertRefused(String... words) {
        MyBatisRecorders fresh = MyBatisRecorders.over(database.dataSource());
        append(1);

        assertThatThrownBy(() -> read(fresh.applicationRecorder("Dogs")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("events could be missed");
        assertThatThrownBy(() -> fresh.applicationRecorder("Dogs").end()).isInstanceOf(ConfigurationException.class);
        // Also who has read before is told.
        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void aSequenceThatHandsOutOldIdsLateIsRefused() {
        append(1);
        assertThat(read()).hasSize(1);
        database.execute("ALTER TABLE stored_events ALTER COLUMN id SET CACHE 50");

        assertRefused("CACHE 50", "SET CACHE 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET INCREMENT -1 SET START 100 SET MAXVALUE 100 SET MINVALUE -100 RESTART", "SET CYCLE"})
    void aSequenceThatDoesNotAscendIsRefused(String change) {
        database.execute("ALTER TABLE stored_events ALTER COLUMN id " + change);

        assertRefused("does not ascend");
    }

    @Test
    void idsThatMayComeFromElsewhereAreRefused() {
        database.execute("ALTER TABLE stored_events ALTER COLUMN id SET GENERATED BY DEFAULT");

        assertRefused("GENERATED ALWAYS");
    }

    @Test
    void aTableWithAChildIsRefused() {
        append(1);
        assertThat(read()).hasSize(1);
        database.execute("CREATE TABLE old_events () INHERITS (stored_events)");

        assertRefused("children");
    }

    @Test
    void aTableThatIsAPartitionIsRefused() {
        database.execute("CREATE TABLE all_events (id bigint NOT NULL, application_name varchar(128) NOT NULL,"
                + " originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL,"
                + " state bytea NOT NULL, recorded_at timestamptz NOT NULL)");
        database.execute("ALTER TABLE stored_events INHERIT all_events");

        assertRefused("parent");
    }

    /** Its rows come in past the lock on the table that is named. */
    @Test
    void aPartitionedTableIsRefused() {
        database.execute("ALTER TABLE stored_events RENAME TO all_events");
        database.execute("CREATE TABLE stored_events (LIKE all_events INCLUDING DEFAULTS) PARTITION BY LIST"
                + " (application_name)");
        database.execute("CREATE TABLE dog_events PARTITION OF stored_events FOR VALUES IN ('Dogs')");
        database.execute("CREATE SEQUENCE ids");
        database.execute("ALTER TABLE stored_events ALTER COLUMN id SET DEFAULT nextval('ids')");

        assertRefused("partitioned");
    }

    @Test
    void aTableThatIsNotLoggedIsRefused() {
        database.execute("ALTER TABLE stored_events SET UNLOGGED");

        assertRefused("unlogged");
    }

    @Test
    void connectionsThatKeepATransactionOverSeveralStatementsAreRefused() {
        append(1);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setMinimumIdle(0);
        config.setConnectionInitSql("BEGIN");
        try (HikariDataSource keeping = new HikariDataSource(config)) {
            assertThatThrownBy(() -> read(MyBatisRecorders.over(keeping).applicationRecorder("Dogs")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("keep one transaction over several statements");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)",
                "PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64-pc-linux-gnu",
                "PostgreSQL 9.4.26 (Greenplum Database 6.20.0)"
            })
    void enginesThatOnlySpeakTheProtocolAreRefused(String version) {
        Look look = new Look(
                "",
                version,
                false,
                "r",
                "p",
                false,
                false,
                "a",
                1,
                1,
                false,
                "readers-barrier",
                "",
                java.util.Set.of(),
                false);

        assertThatThrownBy(look::requireSound)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("locks are not PostgreSQL's", "counter-row");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"preferQueryMode=simple", "prepareThreshold=0", "prepareThreshold=1", "binaryTransfer=false"})
    void aLateCommitIsSeenInOrderWithEverySettingOfTheDriver(String setting) {
        try (HikariDataSource pool = TestDatabase.pool(database.url() + "&" + setting)) {
            ApplicationRecorder reader = MyBatisRecorders.over(pool).applicationRecorder("Dogs");
            for (int round = 0; round < 7; round++) {
                long before = reader.maxNotificationId().orElse(0);
                Connection a = stoppedWriter();
                reader.insertEvents(List.of(event(new UUID(1, round), 1), event(new UUID(1, round), 2)));
                assertThat(reader.maxNotificationId().orElse(0)).isEqualTo(before);
                commit(a);
                assertThat(reader.selectNotifications(NotificationSelection.after(before)))
                        .hasSize(3);
            }
        }
    }
}
