package dev.eventsourcing.persistence.mybatis;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to reach the database: as given, else as system properties or environment variables have it.
 *
 * @param url the JDBC URL; null for the file to try things out with
 * @param user null if the URL needs none
 * @param password null if the user needs none
 * @param schema the schema of the tables; null for the connection's
 * @param ordering the ordering strategy; null for the one that the schema has recorded
 */
record ConnectionSettings(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable String schema,
        @Nullable String ordering) {
    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);

    private static final long CONNECTION_TIMEOUT_MS = 5_000;

    /** A parameter, or something before an at sign in the authority, which pgjdbc takes for a port and logs. */
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("(?i)password=|//[^/?;]*@");

    /**
     * Reads the settings.
     *
     * @throws ConfigurationException if the URL holds a password
     */
    static ConnectionSettings of(Map<String, String> given) {
        String url = setting("url", given);
        if (url != null && PASSWORD_IN_URL.matcher(url).find()) {
            throw new ConfigurationException(
                    "eventsourcing.url holds a password, which URLs let slip into logs. Put it into"
                            + " the environment variable EVENTSOURCING_PASSWORD.");
        }
        return new ConnectionSettings(
                url,
                setting("user", given),
                setting("password", given),
                setting("schema", given),
                setting("ordering", given));
    }

    /**
     * Which tables the recorders work on.
     *
     * @throws ConfigurationException if the schema is no name, or the ordering strategy is unknown
     */
    Tables tables() {
        Tables tables = schema == null ? Tables.OF_CONNECTION : Tables.OF_CONNECTION.in(Schema.named(schema));
        return ordering == null ? tables : tables.ordered(OrderingStrategy.named(ordering));
    }

    /**
     * Makes a pool, which connects when a transaction starts, not here: making applications asks nothing of the database.
     *
     * @throws ConfigurationException if no driver takes the URL
     */
    HikariDataSource pool() {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(url == null ? tryOutUrl() : url);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setPoolName("eventsourcing");
        pool.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        pool.setMinimumIdle(0);
        pool.setInitializationFailTimeout(-1);
        try {
            return new HikariDataSource(pool);
        } catch (RuntimeException e) {
            throw new ConfigurationException(
                    "eventsourcing.url cannot be used: no driver on the class path takes it. Add com.h2database:h2 or"
                            + " org.postgresql:postgresql to the dependencies, and give a URL that starts with jdbc:h2: or"
                            + " jdbc:postgresql:.",
                    e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ConnectionSettings[url=" + url + ", user=" + user + ", schema=" + schema + ", ordering=" + ordering
                + "]";
    }

    private static @Nullable String setting(String name, Map<String, String> given) {
        String key = "eventsourcing." + name;
        String value = given.get(key);
        if (value == null) {
            value = System.getProperty(key, System.getenv(key.replace('.', '_').toUpperCase(Locale.ROOT)));
        }
        return value == null || value.isBlank() ? null : value;
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
        return "jdbc:h2:file:" + file + ";AUTO_SERVER=TRUE;LOCK_TIMEOUT=10000";
    }
}
