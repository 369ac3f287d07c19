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

/** A rehearsal on H2, which does not count rows by table: they are counted by mapped statement. */
final class H2Rehearsal extends DatabaseRehearsal {
    private final StatementCounter counter;
    private RowChanges beforePart = RowChanges.UNKNOWN;
    private int session;
    private int lockTimeout;

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
        try (PreparedStatement statement = other.prepareStatement(
                "SELECT SESSION_ID, USER_NAME FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID = ?")) {
            statement.setInt(1, session);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    waiting.add(new RehearsalGuard.Waiting(
                            "session " + row.getInt(1) + " (" + row.getString(2) + ")", "rows"));
                }
            }
        }
        return waiting;
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
    boolean survives(Throwable error) {
        return !DatabaseErrors.loseTransaction(error);
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
