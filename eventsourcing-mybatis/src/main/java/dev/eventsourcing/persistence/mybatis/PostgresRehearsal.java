package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.persistence.RowChanges.Counted;
import dev.eventsourcing.persistence.RowChanges.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rehearsal on PostgreSQL, whose own counters of the transaction tell the rows by table. */
final class PostgresRehearsal extends DatabaseRehearsal {
    /** Ends the session should this program be stopped, so that not even its guard can. */
    private static final int IDLE_LIMIT_MS = 60_000;

    private static final long STAYS_AWAKE_NS = TimeUnit.MILLISECONDS.toNanos(IDLE_LIMIT_MS / 6);
    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);

    /**
     * Rows of a transaction are counted when they are changed, and stay so if that is undone.
     * https://www.postgresql.org/docs/current/monitoring-stats.html, "pg_stat_xact_all_tables"
     */
    private static final String COUNTED = """
            SELECT relid::pg_catalog.regclass::text, n_tup_ins, n_tup_upd, n_tup_del
            FROM pg_catalog.pg_stat_xact_user_tables
            WHERE n_tup_ins + n_tup_upd + n_tup_del > 0""";

    /** Limits that are shorter already stay. */
    private static final String BEGINNING = """
            SELECT pg_catalog.pg_backend_pid() AS pid,
                   pg_catalog.current_setting('track_counts')::boolean AS counts,
                   (SELECT COALESCE(string_agg(DISTINCT pg_catalog.format('%%I.%%I', n.nspname, c.conname), ', '), '')
                    FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
                    WHERE c.condeferred AND NOT EXISTS (
                      SELECT FROM pg_catalog.pg_constraint o
                      WHERE o.connamespace = c.connamespace AND o.conname = c.conname AND NOT o.condeferrable)) AS deferred,
                   (SELECT max(pg_catalog.set_config(s.name, COALESCE(
                      least(NULLIF(s.setting::bigint, 0), l.limit_ms), l.limit_ms)::text, true))
                    FROM (VALUES ('lock_timeout', %d), ('idle_in_transaction_session_timeout', %d)) AS l(name, limit_ms)
                         JOIN pg_catalog.pg_settings s ON s.name = l.name) AS limits""".formatted(LOCK_TIMEOUT_MS, IDLE_LIMIT_MS);

    /** Who waits for a row waits for its transaction, and has marked the table by a lock of the row. */
    private static final String WAITING = """
            SELECT l.pid, COALESCE(a.application_name, ''),
                   COALESCE(
                     l.relation::pg_catalog.regclass::text,
                     (SELECT t.relation::pg_catalog.regclass::text FROM pg_catalog.pg_locks t
                      WHERE t.pid = l.pid AND t.locktype = 'tuple' LIMIT 1),
                     l.locktype)
            FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
            WHERE NOT l.granted AND ? = ANY(pg_catalog.pg_blocking_pids(l.pid))""";

    private int pid;
    private boolean counts;
    private String deferred = "";
    private long awake = System.nanoTime();
    private RowChanges before = RowChanges.UNKNOWN;
    private RowChanges undone = RowChanges.UNKNOWN;
    private RowChanges beforePart = RowChanges.UNKNOWN;

    PostgresRehearsal(Units units, Connection connection, Duration yieldsAfter) {
        super(units, connection, yieldsAfter);
    }

    @Override
    void begin() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(BEGINNING)) {
            row.next();
            pid = row.getInt("pid");
            counts = row.getBoolean("counts");
            deferred = row.getString("deferred");
        }
        before = all();
    }

    /** The transaction's end does. */
    @Override
    void restore() {}

    @Override
    List<RehearsalGuard.Waiting> waiting(Connection other) throws SQLException {
        List<RehearsalGuard.Waiting> waiting = new ArrayList<>();
        try (PreparedStatement statement = other.prepareStatement(WAITING)) {
            statement.setInt(1, pid);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String name = row.getString(2);
                    waiting.add(new RehearsalGuard.Waiting(
                            "pid " + row.getInt(1) + (name.isEmpty() ? "" : " (" + name + ")"), row.getString(3), ""));
                }
            }
        }
        return waiting;
    }

    /** At once, whatever it is at: a session may end another one of its own role. */
    @Override
    void end(Connection other) throws SQLException {
        try (PreparedStatement statement = other.prepareStatement("SELECT pg_catalog.pg_terminate_backend(?)")) {
            statement.setInt(1, pid);
            statement.execute();
        }
    }

    /** Lets the transaction not be idle, whatever it is at. */
    @Override
    public void goOn() {
        super.goOn();
        if (System.nanoTime() - awake > STAYS_AWAKE_NS) {
            awake = System.nanoTime();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            } catch (SQLException e) {
                LOG.debug("The transaction of a dry run has failed, which its next statement will say, too.", e);
            }
        }
    }

    @Override
    void beginsPart() throws SQLException {
        beforePart = all();
    }

    @Override
    void partUndone() throws SQLException {
        undone = undone.plus(all().since(beforePart));
    }

    @Override
    RowChanges counted() throws SQLException {
        return counts ? all().since(before).since(undone) : RowChanges.UNKNOWN;
    }

    /** As a commit does; constraints are then as they are at the beginning of a transaction. */
    @Override
    void requireCommittable() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            if (!deferred.isEmpty()) {
                statement.execute("SET CONSTRAINTS " + deferred + " DEFERRED");
            }
        }
    }

    private RowChanges all() throws SQLException {
        Map<String, Rows> rows = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COUNTED)) {
            while (row.next()) {
                rows.put(row.getString(1), new Rows(row.getLong(2), row.getLong(3), row.getLong(4)));
            }
        }
        return new RowChanges(Counted.TABLE, rows);
    }
}
