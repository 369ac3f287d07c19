package dev.eventsourcing.maven.it;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Databases on one real server for all integration tests: the one that the environment variable {@code ES_TEST_PG_URL} names,
 * else one that is started when it is first asked for and stops with Maven.
 */
public final class ItPostgres {
    private static @Nullable String adminUrl;

    private ItPostgres() {}

    /** The JDBC URL, user included, of a new database without tables. */
    public static synchronized String newDatabase() {
        String admin = adminUrl();
        String name = "it_" + UUID.randomUUID().toString().replace("-", "");
        ItDatabase.execute(admin, "CREATE DATABASE " + name);
        return admin.replaceFirst("(//[^/]+/)[^?]*", "$1" + name);
    }

    private static String adminUrl() {
        if (adminUrl == null) {
            String outside = System.getenv("ES_TEST_PG_URL");
            adminUrl = outside == null || outside.isBlank() ? start() : outside;
        }
        return adminUrl;
    }

    private static String start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "200")
                    // A busy machine takes its time; the limit is for a server that does not start at all.
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start()
                    .getJdbcUrl("postgres", "postgres");
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "No PostgreSQL server for the integration tests: the embedded one does not start (" + e.getMessage()
                            + "). Either name a server in the environment variable ES_TEST_PG_URL, as"
                            + " jdbc:postgresql://host:5432/postgres?user=..&password=.. with a user who may create"
                            + " databases; or let the embedded one start: as an ordinary user, or as root where"
                            + " 'unshare -U id -u' works.",
                    e);
        }
    }
}
