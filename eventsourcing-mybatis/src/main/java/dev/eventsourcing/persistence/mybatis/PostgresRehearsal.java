package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.persistence.RowChanges.Counted;
import dev.eventsourcing.persistence.RowChanges.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A rehearsal on PostgreSQL, whose own counters of the transaction tell the rows by table. */
final class PostgresRehearsal extends DatabaseRehearsal {
    /** Ends the session should this program be stopped, so that not even its guard can. */
    private static final int IDLE_LIMIT_MS = 60_000;

    /**
     * Rows of a transaction are counted when they are changed, and stay so if that is undone.
     * https://www.postgresql.org/docs/current/monitoring-stats.html, "pg_stat_xact_all_tables"
     */
    private static final String COUNTED = """
            SELECT relid::pg_catalog.regclass::text, n_tup_ins, n_tup_upd, n_tup_del
            FROM pg_catalog.pg_stat_xact_user_tables
            WHERE n_tup_ins + n_tup_upd + n_tup_del > 0""";

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
    private RowChanges before = RowChanges.UNKNOWN;
    private RowChanges undone = RowChanges.UNKNOWN;
    private RowChanges beforePart = RowChanges.UNKNOWN;

    PostgresRehearsal(Units units, Connection connection, Duration yieldsAfter) {
        super(units, connection, yieldsAfter);
    }

    @Override
    void begin() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = " + LOCK_TIMEOUT_MS);
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = " + IDLE_LIMIT_MS);
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
                row.next();
                pid = row.getInt(1);
            }
        }
        before = counted();
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
                            "pid " + row.getInt(1) + (name.isEmpty() ? "" : " (" + name + ")"), row.getString(3)));
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

    @Override
    boolean survives(Throwable error) {
        return ErrorKind.of(DatabaseErrors.sqlException(error)) != ErrorKind.NO_CONNECTION;
    }

    @Override
    void beginsPart() throws SQLException {
        beforePart = counted();
    }

    @Override
    void partUndone() throws SQLException {
        undone = undone.plus(counted().since(beforePart));
    }

    @Override
    public RowChanges changes() {
        try {
            return counted().since(before).since(undone);
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Counting the rows that were changed", e);
        }
    }

    /** Undone again: constraints that are put off are so for the rest, too. */
    @Override
    public void requireCommittable() {
        try (Statement statement = connection.createStatement()) {
            Savepoint savepoint = connection.setSavepoint();
            try {
                statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            } finally {
                connection.rollback(savepoint);
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Checking the constraints that are put off until the commit", e);
        }
    }

    private RowChanges counted() throws SQLException {
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
