package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.testsupport.RestartableServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** The reader's barrier where the server itself stops, crashes, or is not the one that writers write to. */
class ReadersBarrierRestartTest {
    private final RestartableServer server = RestartableServer.migrated();
    /** Leads to where the server is now, so that the recorders live through a restart. */
    private final MyBatisRecorders recorders = MyBatisRecorders.over(new AbstractDataSource() {
        @Override
        public Connection getConnection() throws SQLException {
            return server.dataSource().getConnection();
        }

        @Override
        public Connection getConnection(String user, String password) {
            throw new UnsupportedOperationException("The server trusts everybody");
        }
    });

    private final ApplicationRecorder dogs = recorders.applicationRecorder("Dogs");

    @AfterEach
    void close() {
        server.close();
    }

    private static List<StoredEvent> events(long originator, int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(version -> new StoredEvent(new UUID(0, originator), version, "Dog.TrickAdded", new byte[1]))
                .toList();
    }

    private List<Long> read() {
        return ids(dogs);
    }

    private static List<Long> ids(ApplicationRecorder recorder) {
        return recorder.selectNotifications(NotificationSelection.after(0)).stream()
                .map(Notification::id)
                .toList();
    }

    private static void run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void run(String sql) {
        try (Connection connection = server.dataSource().getConnection()) {
            run(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int number(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static void insert(Connection connection, int count) {
        run(
                connection,
                "INSERT INTO stored_events (application_name, originator_id, originator_version, topic, state) SELECT 'Dogs',"
                        + " gen_random_uuid(), 1, 'Late', '\\x01' FROM generate_series(1, " + count + ")");
    }

    /** What the README says that a program's user needs. */
    @Test
    void aUserWithOrdinaryRightsAppendsReadsAndIsToldWhoIsOpen() throws SQLException {
        run("CREATE ROLE clerk LOGIN");
        run("GRANT SELECT, INSERT ON stored_events TO clerk");
        run("GRANT SELECT ON event_ordering TO clerk");
        MyBatisRecorders clerks = MyBatisRecorders.over(new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return server.dataSource().getConnection("clerk", "");
            }

            @Override
            public Connection getConnection(String user, String password) {
                throw new UnsupportedOperationException("It is always the clerk");
            }
        });
        ApplicationRecorder recorder = clerks.applicationRecorder("Dogs");
        Connection a = server.open();
        insert(a, 1);

        recorder.insertEvents(events(1, 2));
        assertThat(ids(recorder)).isEmpty();
        assertThat(recorder.openAppends())
                .singleElement()
                .satisfies(open -> assertThat(open.pid()).isPresent());
        a.commit();

        assertThat(ids(recorder)).containsExactly(1L, 2L, 3L);
        a.close();
    }

    /** After the restart, what holds the lock has another name and no process. */
    @Test
    void aTransactionThatWasPreparedBeforeARestartAndIsCommittedAfterItIsSeenInOrder() throws SQLException {
        Connection a = server.open();
        insert(a, 1);
        dogs.insertEvents(events(1, 1));
        assertThat(read()).isEmpty();
        run(a, "PREPARE TRANSACTION 'a'");
        assertThat(read()).isEmpty();

        server.restart();

        assertThat(read()).isEmpty();
        dogs.insertEvents(events(2, 1));
        assertThat(read()).isEmpty();
        assertThat(dogs.openAppends()).singleElement().satisfies(append -> {
            assertThat(append.pid()).isEmpty();
            assertThat(append.what()).isEqualTo("a");
            assertThat(append.age()).isPresent();
        });

        run("COMMIT PREPARED 'a'");

        assertThat(read()).hasSize(3).isSorted().startsWith(1L, 2L);
    }

    /** The sequence goes back over ids that nobody has committed, and hands them out again. */
    @Test
    void idsThatACrashGivesBackAndOthersTakeAreSeenInOrder() throws SQLException {
        dogs.insertEvents(events(1, 1));
        assertThat(read()).containsExactly(1L);
        Connection killed = server.open();
        insert(killed, 40);
        int pid = number(killed, "SELECT pg_backend_pid()");
        assertThat(dogs.end().readable()).isEqualTo(1);

        server.kill(pid);
        awaitRecovery();

        Connection late = server.open();
        insert(late, 1);
        dogs.insertEvents(events(2, 1));
        // Nothing is known any more.
        assertThat(read()).isEmpty();
        late.commit();
        assertThat(read()).hasSize(3).isSorted();
        late.close();
    }

    @Test
    void idsThatWereReadAndThenLostWithACrashAreNotTakenForSettled() throws SQLException {
        dogs.insertEvents(events(1, 8));
        Connection lost = server.open();
        run(lost, "SET synchronous_commit = off");
        insert(lost, 2);
        lost.commit();
        assertThat(read()).hasSize(10);

        server.kill(number(lost, "SELECT pg_backend_pid()"));
        awaitRecovery();

        Connection late = server.open();
        insert(late, 1);
        dogs.insertEvents(events(2, 3));
        // Nine and ten are given again: the first is open, and is below what was settled before.
        assertThat(number(late, "SELECT count(*) FROM stored_events WHERE topic = 'Late'"))
                .isEqualTo(1);
        assertThat(read()).isEmpty();
        late.commit();
        assertThat(read()).hasSize(12).isSorted();
        late.close();
    }

    private void awaitRecovery() {
        for (int tries = 0; tries < 10_000; tries++) {
            try (Connection connection = server.dataSource().getConnection()) {
                if (number(connection, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
                        == 1) {
                    return;
                }
            } catch (SQLException | IllegalStateException recovering) {
                Thread.onSpinWait();
            }
        }
        throw new IllegalStateException("The server did not come back");
    }

    @Test
    void aStandbyIsRefusedAsItDoesNotShowItsPrimarysLocks() {
        dogs.insertEvents(events(1, 1));
        assertThat(read()).hasSize(1);
        try (RestartableServer standby = server.standby()) {
            ApplicationRecorder reader =
                    MyBatisRecorders.over(standby.dataSource()).applicationRecorder("Dogs");

            assertThatThrownBy(() -> ids(reader))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("standby", "primary");
        }
    }

    @Test
    void aTableThatASubscriptionFillsIsRefused() {
        run("CREATE DATABASE copy");
        DataSource copy = server.dataSource("copy");
        EventStoreSchema.over(copy).migrate();
        run("CREATE PUBLICATION events FOR TABLE stored_events");
        run("SELECT pg_create_logical_replication_slot('copy', 'pgoutput')");
        try (Connection connection = copy.getConnection()) {
            int port = number(connection, "SELECT inet_server_port()");
            run(
                    connection,
                    "CREATE SUBSCRIPTION copy CONNECTION 'host=127.0.0.1 port=" + port
                            + " dbname=postgres user=postgres' PUBLICATION events WITH (create_slot = false, enabled = false,"
                            + " slot_name = 'copy')");
            ApplicationRecorder reader = MyBatisRecorders.over(copy).applicationRecorder("Dogs");
            reader.insertEvents(events(1, 1));

            assertThatThrownBy(() -> ids(reader))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("subscription");

            run(connection, "ALTER SUBSCRIPTION copy SET (slot_name = NONE)");
            run(connection, "DROP SUBSCRIPTION copy");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
