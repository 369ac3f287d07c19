package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.RowChanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rehearsal on H2, which does not count rows by table: they are counted by mapped statement. */
final class H2Rehearsal extends DatabaseRehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);

    /**
     * The rehearsal itself, and who may wait for it. A session that wants to insert a key of a unique index is blocked by nobody: it
     * tries again, as a statement that runs for long.
     */
    private static final String WAITING = """
            SELECT s.SESSION_ID, COALESCE(s.USER_NAME, ''), s.BLOCKER_ID, s.EXECUTING_STATEMENT_START
            FROM INFORMATION_SCHEMA.SESSIONS r JOIN INFORMATION_SCHEMA.SESSIONS s
              ON s.SESSION_ID = r.SESSION_ID OR s.BLOCKER_ID = r.SESSION_ID
              OR r.CONTAINS_UNCOMMITTED AND s.BLOCKER_ID IS NULL
                AND UPPER(TRIM(s.EXECUTING_STATEMENT)) REGEXP '^(INSERT|UPDATE|MERGE)'
            WHERE r.SESSION_ID = ?""";

    private final StatementCounter counter;
    private RowChanges beforePart = RowChanges.UNKNOWN;
    private int session;
    private int lockTimeout;
    private boolean isUnseen;

    H2Rehearsal(Units units, Connection connection, StatementCounter counter, Duration yieldsAfter) {
        super(units, connection, yieldsAfter);
        this.counter = counter;
    }

    @Override
    void begin() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("CALL SESSION_ID()")) {
                row.next();
                session = row.getInt(1);
            }
            try (ResultSet row = statement.executeQuery("CALL LOCK_TIMEOUT()")) {
                row.next();
                lockTimeout = row.getInt(1);
            }
            statement.execute("SET LOCK_TIMEOUT " + Math.min(lockTimeout, LOCK_TIMEOUT_MS));
        }
    }

    /** The setting is the session's, which others are given by the pool. */
    @Override
    void restore() throws SQLException {
        connection.rollback();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCK_TIMEOUT " + lockTimeout);
        }
    }

    /** Only those who administrate a database see the sessions of others. */
    @Override
    List<RehearsalGuard.Waiting> waiting(Connection other) throws SQLException {
        List<RehearsalGuard.Waiting> waiting = new ArrayList<>();
        boolean seen = false;
        try (PreparedStatement statement = other.prepareStatement(WAITING)) {
            statement.setInt(1, session);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (row.getInt(1) == session) {
                        seen = true;
                    } else {
                        waiting.add(waiting(row));
                    }
                }
            }
        }
        if (!seen && !isUnseen) {
            isUnseen = true;
            LOG.warn(
                    "The user of the connection does not see other sessions, so a dry run does not yield to those who wait for it."
                            + " Run it as an administrator of the database.");
        }
        return waiting;
    }

    private static RehearsalGuard.Waiting waiting(ResultSet row) throws SQLException {
        String user = row.getString(2);
        return new RehearsalGuard.Waiting(
                "session " + row.getInt(1) + (user.isEmpty() ? "" : " (" + user + ")"),
                row.getObject(3) == null ? "rows (or is slow itself, which H2 does not tell apart)" : "rows",
                row.getString(4));
    }

    @Override
    void end(Connection other) throws SQLException {
        connection.rollback();
    }

    /** H2 begins a new transaction with the next statement of a policy, which may lock again what others want. */
    @Override
    void keepEnded() throws SQLException {
        connection.rollback();
    }

    /** A deadlock has rolled back all of it, and not the last part alone. */
    @Override
    boolean endsTransaction(Throwable error) {
        SQLException sql = DatabaseErrors.sqlException(error);
        return sql != null
                && DatabaseErrors.innermost(sql).getClass().getName().startsWith("org.h2.")
                && DatabaseErrors.loseTransaction(error);
    }

    @Override
    void beginsPart() {
        beforePart = counter.changes();
    }

    @Override
    void partUndone() {
        counter.backTo(beforePart);
    }

    /** H2 puts off nothing. */
    @Override
    void requireCommittable() {}

    @Override
    RowChanges counted() {
        return counter.changes();
    }
}
