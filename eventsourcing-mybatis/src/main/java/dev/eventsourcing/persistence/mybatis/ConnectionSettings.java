package dev.eventsourcing.persistence.mybatis;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.Setting;
import dev.eventsourcing.persistence.Settings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to reach a database, and with which pool. What is equal can share one pool.
 *
 * @param url the JDBC URL; null for the file to try things out with
 * @param user null if the URL needs none
 * @param password null if the user needs none
 * @param poolSize the most connections
 * @param poolMinIdle how many of them are kept though nobody uses them
 * @param poolTimeoutMs the longest wait for one of them
 * @param connectionMaxAgeMs how old one may become
 * @param connectTimeoutS the longest wait for the server; empty if the driver has no such thing
 * @param lockTimeoutMs the longest wait for a lock; empty to leave it to the URL and the database
 * @param idleInTransactionTimeoutMs how long a transaction may do nothing; empty to leave it to the URL and the database
 */
record ConnectionSettings(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        int poolSize,
        int poolMinIdle,
        long poolTimeoutMs,
        long connectionMaxAgeMs,
        OptionalLong connectTimeoutS,
        OptionalLong lockTimeoutMs,
        OptionalLong idleInTransactionTimeoutMs) {
    static final Setting URL = Setting.open(
            "url",
            "an H2 file, target/eventsourcing, to try things out",
            "JDBC URL of the database, without a password");
    static final Setting USER = Setting.open("user", "none", "user of the database");
    static final Setting PASSWORD = Setting.secret("password", "none", "the user's password; best as a variable");
    static final Setting SCHEMA = Setting.open(
            "schema", "the schema of the connection", "schema of the library's tables; migrate creates it");
    static final Setting ORDERING =
            Setting.open("ordering", "as the schema has it recorded", "how the log is ordered, see OrderingStrategy");
    static final Setting POOL_SIZE = Setting.open("pool-size", "10", "most connections, from 1 to 10000");
    static final Setting POOL_MIN_IDLE =
            Setting.open("pool-min-idle", "0", "connections that are kept though nobody uses them, up to pool-size");
    static final Setting POOL_TIMEOUT_MS = Setting.open(
            "pool-timeout-ms", "5000", "longest wait for a connection of the pool, in ms, from 250 to 3600000");
    static final Setting CONNECTION_MAX_AGE_MS = Setting.open(
            "connection-max-age-ms",
            "1800000",
            "age at which a connection is replaced when it is not in use, in ms, from 30000 to 86400000");
    static final Setting CONNECT_TIMEOUT_S = Setting.open(
            "connect-timeout-s",
            "3",
            "longest wait for the server to take a connection, in s, from 1 to 3600; PostgreSQL");
    static final Setting LOCK_TIMEOUT_MS = Setting.open(
            "lock-timeout-ms",
            "as the URL or the database has it",
            "longest wait of a statement for a lock, in ms, from 1 to 2147483647");
    static final Setting IDLE_IN_TRANSACTION_TIMEOUT_MS = Setting.open(
            "idle-in-transaction-timeout-ms",
            "as the URL or the database has it",
            "after which the server ends a session that does nothing in a transaction, in ms, from 1 to 2147483647;"
                    + " PostgreSQL");

    /** Every setting of these recorders, the essential ones first. */
    static final List<Setting> ALL = List.of(
            URL,
            USER,
            PASSWORD,
            POOL_SIZE,
            POOL_TIMEOUT_MS,
            LOCK_TIMEOUT_MS,
            SCHEMA,
            ORDERING,
            POOL_MIN_IDLE,
            CONNECTION_MAX_AGE_MS,
            CONNECT_TIMEOUT_S,
            IDLE_IN_TRANSACTION_TIMEOUT_MS);

    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);

    /**
     * A parameter; or something before an at sign in the authority, which pgjdbc takes for a port and logs, where a colon stands
     * before what is no port with whatever a password may have; or Oracle's form of the same, which no driver here takes.
     */
    private static final Pattern PASSWORD_IN_URL = Pattern.compile(
            "(?i)(?:password|passwd|pwd)\\s*=|//[^/?;]*@|//[^/?;@:\\[]*:(?!\\d*(?:[/?;,]|$))[^@]*@|:thin:[^@/]*/[^@]*@");

    /** Of PostgreSQL's, which goes before what is given beside the URL. */
    private static final Pattern USER_IN_URL = Pattern.compile("(?i)^jdbc:\\S*postgresql:.*[?&]user=([^&]*)");

    private static final Pattern H2_USER = Pattern.compile("(?i)^jdbc:\\S*h2:.*;user=");

    /** Drivers that wrap another have its name further behind. */
    private static final Pattern POSTGRESQL = Pattern.compile("(?i)jdbc:(\\S+:)?postgresql:.*");

    private static final Pattern H2 = Pattern.compile("(?i)jdbc:(\\S+:)?h2:.*");

    /**
     * Reads the settings.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if one cannot be used, or is of no effect on this database
     */
    static ConnectionSettings of(Settings settings) {
        String url = settings.text(URL).orElse(null);
        if (url != null && PASSWORD_IN_URL.matcher(url).find()) {
            throw settings.unusable(
                    URL,
                    "holds a password, which URLs let slip into logs: put it into the environment variable "
                            + PASSWORD.variable());
        }
        settings.text(USER)
                .filter(user -> url != null && !userIn(url).orElse(user).equals(user))
                .ifPresent(user -> {
                    throw settings.unusable(USER, "would be of no effect, for the URL has a user");
                });
        boolean postgresql = url != null && POSTGRESQL.matcher(url).matches();
        OptionalLong connectTimeout = settings.wholeNumber(CONNECT_TIMEOUT_S, 1, 3600);
        OptionalLong lockTimeout = settings.wholeNumber(LOCK_TIMEOUT_MS, 1, Integer.MAX_VALUE);
        OptionalLong idleInTransaction = settings.wholeNumber(IDLE_IN_TRANSACTION_TIMEOUT_MS, 1, Integer.MAX_VALUE);
        if (!postgresql) {
            refuse(CONNECT_TIMEOUT_S, connectTimeout, settings, "PostgreSQL");
            refuse(IDLE_IN_TRANSACTION_TIMEOUT_MS, idleInTransaction, settings, "PostgreSQL");
            if (url != null && !H2.matcher(url).matches()) {
                refuse(LOCK_TIMEOUT_MS, lockTimeout, settings, "PostgreSQL or H2");
            }
        }
        int poolSize = (int) number(POOL_SIZE, settings, 1, 10_000);
        return new ConnectionSettings(
                url,
                settings.text(USER).orElse(null),
                settings.text(PASSWORD).orElse(null),
                poolSize,
                (int) number(POOL_MIN_IDLE, settings, 0, poolSize),
                number(POOL_TIMEOUT_MS, settings, 250, 3_600_000),
                number(CONNECTION_MAX_AGE_MS, settings, 30_000, 86_400_000),
                postgresql ? OptionalLong.of(number(CONNECT_TIMEOUT_S, settings, 1, 3600)) : OptionalLong.empty(),
                lockTimeout,
                idleInTransaction);
    }

    /** Where user and password come from, in words and without their values. */
    static String credentials(Settings settings) {
        boolean inUrl = settings.text(URL)
                .map(url -> H2_USER.matcher(url).find() || userIn(url).isPresent())
                .orElse(false);
        return Stream.concat(
                        Stream.of("the user in the URL").filter(user -> inUrl),
                        settings.origins(USER, PASSWORD).stream())
                .reduce((one, other) -> one + " and " + other)
                .orElse("none");
    }

    private static Optional<String> userIn(String url) {
        Matcher user = USER_IN_URL.matcher(url);
        if (!user.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(URLDecoder.decode(user.group(1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.of(user.group(1));
        }
    }

    private static long number(Setting setting, Settings settings, long least, long most) {
        return settings.wholeNumber(setting, least, most).orElseGet(() -> Long.parseLong(setting.defaultValue()));
    }

    private static void refuse(Setting setting, OptionalLong value, Settings settings, String database) {
        if (value.isPresent()) {
            String url = settings.text(URL).map(URL::masked).orElse("the H2 file to try things out");
            throw settings.unusable(setting, "would be of no effect on " + url + ", which is none of " + database);
        }
    }

    /**
     * Which tables the recorders work on.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the schema is no name, or the ordering strategy is unknown
     */
    static Tables tables(Settings settings) {
        Tables tables = settings.text(SCHEMA)
                .map(name -> {
                    if (!Schema.isName(name)) {
                        throw settings.unusable(SCHEMA, Schema.RULE);
                    }
                    return Tables.OF_CONNECTION.in(Schema.named(name));
                })
                .orElse(Tables.OF_CONNECTION);
        return settings.oneOf(ORDERING, OrderingStrategy.class)
                .map(tables::ordered)
                .orElse(tables);
    }

    /**
     * Makes a pool, which connects when a transaction starts, not here: making applications asks nothing of the database. It
     * looks whether a connection is still alive before it hands it out, unless it was in use within the last half second.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if no driver takes the URL
     */
    HikariDataSource pool(Settings settings) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(url == null ? tryOutUrl() : url);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setPoolName("eventsourcing");
        pool.setMaximumPoolSize(poolSize);
        pool.setMinimumIdle(poolMinIdle);
        pool.setConnectionTimeout(poolTimeoutMs);
        pool.setMaxLifetime(connectionMaxAgeMs);
        pool.setInitializationFailTimeout(-1);
        connectTimeoutS.ifPresent(seconds -> {
            pool.addDataSourceProperty("connectTimeout", String.valueOf(seconds));
            pool.addDataSourceProperty("loginTimeout", String.valueOf(seconds));
        });
        if (lockTimeoutMs.isPresent() || idleInTransactionTimeoutMs.isPresent()) {
            pool.setConnectionInitSql(initialStatements());
        }
        try {
            return new HikariDataSource(pool);
        } catch (RuntimeException e) {
            throw settings.unusable(
                    URL,
                    "is taken by no driver on the class path: add com.h2database:h2 or org.postgresql:postgresql to the"
                            + " dependencies, and give a URL that starts with jdbc:h2: or jdbc:postgresql:",
                    withoutUrl(e));
        }
    }

    /** What the driver manager said, rather than the pool, which quotes the URL with all that is in it. */
    private static Throwable withoutUrl(RuntimeException error) {
        SQLException ofDrivers = DatabaseErrors.sqlException(error);
        return ofDrivers == null ? error : ofDrivers;
    }

    /** What each connection begins with; it goes before what the URL says. */
    private String initialStatements() {
        List<String> statements = new ArrayList<>();
        boolean h2 = url == null || H2.matcher(url).matches();
        lockTimeoutMs.ifPresent(ms -> statements.add(h2 ? "SET LOCK_TIMEOUT " + ms : "SET lock_timeout = " + ms));
        idleInTransactionTimeoutMs.ifPresent(ms -> statements.add("SET idle_in_transaction_session_timeout = " + ms));
        return String.join("; ", statements);
    }

    /** Without the password, and what may be one. */
    @Override
    public String toString() {
        return "ConnectionSettings[url=" + (url == null ? null : URL.masked(url)) + ", user=" + user + "]";
    }

    /** The URL of the file database of the first five minutes, which goals run in the module share. */
    private static String tryOutUrl() {
        Path module = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
        Path file = module.resolve("target")
                .resolve("eventsourcing")
                .toAbsolutePath()
                .normalize();
        LOG.warn(
                "No eventsourcing.url is set: events are kept in {}.mv.db, which is for trying out and gone with the next"
                        + " clean.",
                file);
        return "jdbc:h2:file:" + file + ";AUTO_SERVER=TRUE;LOCK_TIMEOUT=10000;WRITE_DELAY=0";
    }
}
