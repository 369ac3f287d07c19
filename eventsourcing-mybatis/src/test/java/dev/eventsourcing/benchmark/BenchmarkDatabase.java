package dev.eventsourcing.benchmark;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A database with the tables of the library, a pool of connections to it, and ways to fill it without the library. */
final class BenchmarkDatabase implements AutoCloseable {
    /** With what is around it, a state of 200 bytes. */
    static final String TEXT = "x".repeat(151);

    private static final String STATE =
            "'\\x01'::bytea || convert_to('{\"at\":\"2026-01-01T00:00:00Z\",\"data\":{\"text\":\"" + TEXT
                    + "\"}}', 'UTF8')";

    private final String name;
    private final String url;
    private final HikariDataSource pool;

    BenchmarkDatabase(String name, String url, int connections) {
        this.name = name;
        this.url = url;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setAutoCommit(false);
        config.setMaximumPoolSize(connections);
        this.pool = new HikariDataSource(config);
        EventStoreSchema.over(pool).migrate();
    }

    String name() {
        return name;
    }

    String url() {
        return url;
    }

    HikariDataSource pool() {
        return pool;
    }

    /** The id of one of the aggregates that {@link #fillStreams} makes, from 1. */
    static UUID stream(long number) {
        return new UUID(0x4000, 0x8000_0000_0000_0000L | number);
    }

    /** Records that many events, each of an aggregate of its own. */
    void fill(String application, long events) throws SQLException {
        fill("'" + application + "'", "gen_random_uuid()", "1", "generate_series(1, " + events + ")");
    }

    /** Records that many events of each of so many applications, App0 and on, in turns. */
    void fillApplications(int applications, long events) throws SQLException {
        fill(
                "'App' || n % " + applications,
                "gen_random_uuid()",
                "1",
                "generate_series(1, " + applications * events + ") n");
    }

    /** Records aggregates of that many events each, one behind the other: best for the reader of one. */
    void fillStreams(String application, long streams, long length) throws SQLException {
        fill(
                "'" + application + "'",
                "('00000000-0000-4000-8000-' || lpad(to_hex(s), 12, '0'))::uuid",
                "v",
                "generate_series(1, " + streams + ") s, generate_series(1, " + length + ") v ORDER BY s, v");
    }

    private void fill(String application, String originatorId, String version, String from) throws SQLException {
        execute("INSERT INTO stored_events (application_name, originator_id, originator_version, topic, state) SELECT "
                + String.join(", ", application, originatorId, version, "'Note.Written'", STATE) + " FROM " + from);
    }

    /** Leaves nothing to the server to tidy up while it is measured. */
    void settle() throws SQLException {
        execute("VACUUM (FREEZE, ANALYZE) stored_events");
    }

    /** How many events of a leader have not exactly one counterpart, of the same originator, among those of a follower. */
    long missed(String leader, String follower) throws SQLException {
        return number(
                "SELECT count(*) FROM (SELECT originator_id FROM stored_events WHERE application_name = '" + leader
                        + "') l FULL JOIN (SELECT originator_id, count(*) AS n FROM stored_events WHERE application_name = '"
                        + follower + "' GROUP BY originator_id) f ON f.originator_id = l.originator_id"
                        + " WHERE l.originator_id IS NULL OR f.n IS DISTINCT FROM 1");
    }

    /** How many transactions recorded the events of an application. */
    long transactions(String application) throws SQLException {
        return number(
                "SELECT count(DISTINCT xmin::text) FROM stored_events WHERE application_name = '" + application + "'");
    }

    long lastId(String application) throws SQLException {
        return number("SELECT coalesce(max(id), 0) FROM stored_events WHERE application_name = '" + application + "'");
    }

    long number(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
