package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of a connection do, on the servers that they are for. */
class ConnectionSettingsTest {
    private static final List<StoredEvent> EVENTS =
            List.of(new StoredEvent(new UUID(0, 1), 1, "Dog.Registered", new byte[] {1}));

    private static Settings settings(TestDatabase database, String... more) {
        return settings(database.settings(), more);
    }

    private static Settings settings(Map<String, String> some, String... more) {
        Map<String, String> all = new HashMap<>(some);
        for (int i = 0; i < more.length; i += 2) {
            all.put("eventsourcing." + more[i], more[i + 1]);
        }
        return Settings.of(all);
    }

    @Test
    void theTimeoutsReachPostgresqlAndGoBeforeTheUrl() {
        try (TestDatabase database = PostgresDatabase.empty();
                MyBatisRecorders recorders = MyBatisRecorders.fromSettings(
                        settings(
                                database,
                                "url",
                                database.urlWithLockTimeout(50).replaceAll("password=[^&]*&?", ""),
                                "lock-timeout-ms",
                                "1234",
                                "idle-in-transaction-timeout-ms",
                                "4321"),
                        ServerMapper.class)) {
            ServerMapper server = recorders.mapper(ServerMapper.class);

            assertThat(server.lockTimeout()).isEqualTo("1234ms");
            assertThat(server.idleInTransactionTimeout()).isEqualTo("4321ms");
        }
    }

    @Test
    void theTimeoutsOfTheUrlHoldWithoutSettings() {
        try (TestDatabase database = PostgresDatabase.empty();
                MyBatisRecorders recorders = MyBatisRecorders.fromSettings(
                        settings(
                                database, "url", database.urlWithLockTimeout(50).replaceAll("password=[^&]*&?", "")),
                        ServerMapper.class)) {
            ServerMapper server = recorders.mapper(ServerMapper.class);

            assertThat(server.lockTimeout()).isEqualTo("50ms");
            assertThat(server.idleInTransactionTimeout()).isEqualTo("0");
        }
    }

    @Test
    void theLockTimeoutReachesH2() {
        try (TestDatabase database = H2Database.empty();
                MyBatisRecorders recorders = MyBatisRecorders.fromSettings(
                        settings(database, "lock-timeout-ms", "1234"), ServerMapper.class)) {
            assertThat(recorders.mapper(ServerMapper.class).lockTimeoutOfH2()).isEqualTo("1234");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoFindsThePoolInUseWaitsAsLongAsIsSetAndIsToldWhy(DatabaseKind kind) {
        try (TestDatabase database = kind.migrated();
                MyBatisRecorders recorders =
                        MyBatisRecorders.fromSettings(settings(database, "pool-size", "1", "pool-timeout-ms", "300"))) {
            ProcessRecorder recorder = recorders.processRecorder("Dogs");
            recorder.insertEvents(EVENTS);

            Duration waited = recorders.transactions().required(() -> {
                recorder.maxNotificationId();
                return waitedInVain(recorder);
            });

            assertThat(waited).isBetween(Duration.ofMillis(300), Duration.ofSeconds(4));
            assertThat(recorder.maxNotificationId()).hasValue(1);
        }
    }

    private static Duration waitedInVain(ProcessRecorder recorder) {
        return Concurrently.start(() -> {
                    long start = System.nanoTime();
                    assertThatThrownBy(recorder::maxNotificationId)
                            .isInstanceOf(PersistenceException.class)
                            .hasMessageContainingAll("no connection free in time", "total=1");
                    return Duration.ofNanos(System.nanoTime() - start);
                })
                .get();
    }

    /** P51. */
    @Test
    void theServerEndsASessionThatDoesNothingInATransaction() {
        try (TestDatabase database = PostgresDatabase.migrated();
                MyBatisRecorders recorders = MyBatisRecorders.fromSettings(
                        settings(database, "idle-in-transaction-timeout-ms", "100"), ServerMapper.class)) {
            ProcessRecorder recorder = recorders.processRecorder("Dogs");
            ServerMapper server = recorders.mapper(ServerMapper.class);

            assertThatThrownBy(() -> recorders.transactions().required(() -> {
                        awaitTheEndOf(server.process(), database);
                        return recorder.insertEvents(EVENTS);
                    }))
                    .isInstanceOf(PersistenceException.class);

            assertThat(recorder.maxNotificationId()).isEmpty();
            assertThat(recorder.insertEvents(EVENTS)).hasSize(1);
        }
    }

    /** P52. The pool does not look at a connection that was in use within half a second; here it looks always. */
    @Test
    void aConnectionThatDiedInThePoolIsReplacedUnnoticed() {
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
        try (TestDatabase database = PostgresDatabase.migrated();
                MyBatisRecorders recorders =
                        MyBatisRecorders.fromSettings(settings(database, "pool-size", "1"), ServerMapper.class)) {
            ServerMapper server = recorders.mapper(ServerMapper.class);
            int process = server.process();
            database.execute("SELECT pg_terminate_backend(" + process + ")");
            awaitTheEndOf(process, database);

            assertThat(recorders.processRecorder("Dogs").insertEvents(EVENTS)).hasSize(1);
            assertThat(server.process()).isNotEqualTo(process);
        } finally {
            System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
        }
    }

    private static void awaitTheEndOf(int process, TestDatabase database) {
        Concurrently.awaitUntil(() -> database.count("pg_stat_activity WHERE pid = " + process) == 0);
    }

    /** The wait for the server ends before that for the pool: so the error says that it is the server. */
    @Slow("the driver waits for a server for a second, at the least")
    @Test
    void aServerThatDoesNotAnswerIsToldFromAPoolInUse() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                MyBatisRecorders recorders = MyBatisRecorders.fromSettings(settings(
                        Map.of("eventsourcing.url", "jdbc:postgresql://localhost:" + silent.getLocalPort() + "/school"),
                        "user",
                        "nobody",
                        "connect-timeout-s",
                        "1",
                        "pool-timeout-ms",
                        "2500"))) {
            ProcessRecorder recorder = recorders.processRecorder("Dogs");

            assertThatThrownBy(recorder::maxNotificationId).isInstanceOf(CannotConnectException.class);
        }
    }

    @Test
    void thePoolIsMadeAsItIsSet() {
        Settings settings = settings(
                Map.of("eventsourcing.url", "jdbc:h2:mem:"),
                "pool-size",
                "3",
                "pool-min-idle",
                "2",
                "pool-timeout-ms",
                "251",
                "connection-max-age-ms",
                "30001");

        try (HikariDataSource pool = ConnectionSettings.of(settings).pool(settings)) {
            assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
            assertThat(pool.getMinimumIdle()).isEqualTo(2);
            assertThat(pool.getConnectionTimeout()).isEqualTo(251);
            assertThat(pool.getMaxLifetime()).isEqualTo(30_001);
        }
    }

    @Test
    void thePoolHasTheDefaultsThatAreDescribed() {
        Settings settings = settings(Map.of("eventsourcing.url", "jdbc:postgresql://localhost:1/school"));

        try (HikariDataSource pool = ConnectionSettings.of(settings).pool(settings)) {
            assertThat(String.valueOf(pool.getMaximumPoolSize()))
                    .isEqualTo(ConnectionSettings.POOL_SIZE.defaultValue());
            assertThat(String.valueOf(pool.getMinimumIdle()))
                    .isEqualTo(ConnectionSettings.POOL_MIN_IDLE.defaultValue());
            assertThat(String.valueOf(pool.getConnectionTimeout()))
                    .isEqualTo(ConnectionSettings.POOL_TIMEOUT_MS.defaultValue());
            assertThat(String.valueOf(pool.getMaxLifetime()))
                    .isEqualTo(ConnectionSettings.CONNECTION_MAX_AGE_MS.defaultValue());
            assertThat(pool.getDataSourceProperties())
                    .containsEntry("connectTimeout", ConnectionSettings.CONNECT_TIMEOUT_S.defaultValue());
            assertThat(pool.getConnectionInitSql()).isNull();
        }
    }

    /** No server listens there: nothing is asked of a database. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pool-size | 0 | is no whole number from 1 to 10000",
                "pool-size | ten | is no whole number from 1 to 10000",
                "pool-min-idle | 11 | is no whole number from 0 to 10",
                "pool-timeout-ms | 249 | is no whole number from 250 to 3600000",
                "connection-max-age-ms | 29999 | is no whole number from 30000 to 86400000",
                "connect-timeout-s | 0 | is no whole number from 1 to 3600",
                "connect-timeout-s | 1.5 | is no whole number from 1 to 3600",
                "lock-timeout-ms | 0 | is no whole number from 1 to 2147483647",
                "idle-in-transaction-timeout-ms | 5s | is no whole number from 1 to 2147483647",
                "ordering | by-luck | is none of readers-barrier, counter-row, table-lock",
                "schema | a.b | may have at most 63 letters, digits and _ $ -",
                "schema | a123456789b123456789c123456789d123456789e123456789f123456789g123 | may have at most 63 letters",
            })
    void wrongValuesFailWhereRecordersAreMade(String key, String value, String rule) {
        Map<String, String> nobody = Map.of("eventsourcing.url", "jdbc:postgresql://localhost:1/nowhere");
        Settings general = settings(nobody, key, value);
        Settings ofDogs = settings(nobody, "Dogs." + key, value);

        assertThatThrownBy(() -> MyBatisRecorders.fromSettings(general))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventsourcing." + key + "=" + value + " (given) " + rule);
        try (MyBatisRecorders recorders = MyBatisRecorders.fromSettings(ofDogs)) {
            assertThatThrownBy(() -> recorders.forApplication("Dogs"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("eventsourcing.Dogs." + key + "=" + value + " (given) " + rule);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:h2:mem:dogs, connect-timeout-s, PostgreSQL",
        "jdbc:h2:mem:dogs, idle-in-transaction-timeout-ms, PostgreSQL",
        "jdbc:other:dogs, lock-timeout-ms, PostgreSQL or H2"
    })
    void aSettingThatHasNoEffectOnTheDatabaseIsRefused(String url, String key, String databases) {
        Settings settings = settings(Map.of("eventsourcing.url", url), key, "7");

        assertThatThrownBy(() -> MyBatisRecorders.fromSettings(settings))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("eventsourcing." + key + "=7", "of no effect", databases);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost/school?user=app&password=s3cret",
                "jdbc:postgresql://app:s3cret@localhost/school",
                "jdbc:postgresql://app:a/s3cret@localhost/school",
                "jdbc:postgresql://app:a?s3cret@localhost:5432/school",
                "jdbc:postgresql://app:a;s3cret@localhost/school",
                "jdbc:oracle:thin:app/s3cret@//localhost/school",
                "jdbc:h2:mem:dogs;PASSWORD=s3cret",
                "jdbc:h2:mem:dogs;PWD =s3cret"
            })
    void aPasswordInAUrlIsRefusedAndNotRepeated(String url) {
        assertThatThrownBy(() -> MyBatisRecorders.fromSettings(settings(Map.of("eventsourcing.url", url))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("eventsourcing.url=", "EVENTSOURCING_PASSWORD")
                .message()
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost/school?user=app@server",
                "jdbc:postgresql://localhost:5432/school?user=app@server",
                "jdbc:postgresql://one:5432,two:5433/school?user=app@server",
                "jdbc:postgresql://[::1]:5432/school?user=app@server",
                "jdbc:h2:tcp://localhost:9092/~/dogs@home"
            })
    void anAtSignElsewhereIsNoPassword(String url) {
        assertThat(ConnectionSettings.of(settings(Map.of("eventsourcing.url", url)))
                        .url())
                .isEqualTo(url);
    }

    /** PostgreSQL's driver takes the URL's, and would not say so. */
    @Test
    void aUserBesideAnotherOneInTheUrlIsRefused() {
        Map<String, String> url = Map.of("eventsourcing.url", "jdbc:postgresql://localhost:1/school?ssl=true&user=app");

        assertThatThrownBy(() -> MyBatisRecorders.fromSettings(settings(url, "user", "other")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventsourcing.user=other (given) would be of no effect, for the URL has a user");
        assertThatThrownBy(() -> MyBatisRecorders.fromSettings(settings(
                        Map.of("eventsourcing.url", "jdbc:postgresql://localhost:1/school?user=%"), "user", "a")))
                .isInstanceOf(ConfigurationException.class);
        assertThat(ConnectionSettings.of(settings(url)).user()).isNull();
        assertThat(ConnectionSettings.of(settings(url, "user", "app")).user()).isEqualTo("app");
    }

    @Test
    void theUserOfTheUrlIsTheOneWhoConnects() throws SQLException {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            Settings settings = Settings.of(database.settings());
            ConnectionSettings connection = ConnectionSettings.of(settings);
            ConnectionSettings asOther = new ConnectionSettings(
                    connection.url(),
                    "nobody",
                    null,
                    1,
                    0,
                    5_000,
                    60_000,
                    connection.connectTimeoutS(),
                    connection.lockTimeoutMs(),
                    connection.idleInTransactionTimeoutMs());

            try (HikariDataSource pool = asOther.pool(settings);
                    Connection opened = pool.getConnection()) {
                assertThat(opened.getMetaData().getUserName()).isNotEqualTo("nobody");
            }
        }
    }

    @Test
    void whatAPoolSaysOfAUrlIsNotRepeated() {
        try (MyBatisRecorders recorders =
                MyBatisRecorders.fromSettings(settings(Map.of("eventsourcing.url", "jdbc:other:dogs;token=s3cret")))) {
            assertThatThrownBy(() -> recorders.processRecorder("Dogs"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasStackTraceContaining("No suitable driver")
                    .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("s3cret"));
        }
    }

    @Test
    void aUrlThatNoDriverTakesFailsWhereTheApplicationIsMade() {
        try (MyBatisRecorders recorders =
                MyBatisRecorders.fromSettings(settings(Map.of("eventsourcing.url", "jdbc:other:dogs")))) {
            assertThatThrownBy(() -> recorders.processRecorder("Dogs"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("eventsourcing.url=jdbc:other:dogs", "no driver", "com.h2database:h2");
        }
    }

    @Test
    void doNotShowThePassword() {
        Settings settings = settings(Map.of("eventsourcing.url", "jdbc:h2:mem:dogs"), "password", "s3cret");

        assertThat(ConnectionSettings.of(settings).toString())
                .contains("jdbc:h2:mem:dogs")
                .doesNotContain("s3cret");
    }
}
