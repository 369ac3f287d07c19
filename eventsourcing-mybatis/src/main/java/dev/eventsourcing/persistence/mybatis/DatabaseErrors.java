package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.TransactionLostException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what MyBatis and the drivers throw into this library's exceptions, by SQLSTATE. */
final class DatabaseErrors {
    /** Both databases: a unique constraint is violated. */
    private static final String UNIQUE_VIOLATION = "23505";

    /** PostgreSQL: no such table, no such schema. H2: no such table (three kinds), no such schema. */
    private static final Set<String> NO_SUCH_TABLE = Set.of("42P01", "3F000", "42S02", "42S03", "42S04", "90079");

    /**
     * Serialization failure or deadlock (both databases; H2 has then rolled back the whole transaction), deadlock on
     * PostgreSQL, and a statement in a transaction that had failed before.
     */
    private static final Set<String> TRANSACTION_LOST = Set.of("40001", "40P01", "25P02");

    /** PostgreSQL's lock_not_available, and H2's lock timeout. */
    private static final Set<String> LOCK_TIMEOUT = Set.of("55P03", "HYT00");

    /**
     * Connections that could not be made, beside class 08. PostgreSQL: wrong password, wrong user, no such database, shutting
     * down, starting. H2: wrong user or password, file in use, no such database, connection broken, closed.
     */
    private static final Set<String> NO_CONNECTION = Set.of(
            "28P01", "28000", "3D000", "57P01", "57P02", "57P03", "90020", "90146", "90149", "90067", "90098", "90121");

    private DatabaseErrors() {}

    /** Whether a unique constraint with this name was violated. */
    static boolean violates(Throwable error, String constraint) {
        SQLException sql = sqlException(error);
        return sql != null
                && UNIQUE_VIOLATION.equals(sql.getSQLState())
                && String.valueOf(sql.getMessage()).toLowerCase(Locale.ROOT).contains(constraint);
    }

    /** Whether an id that is given, or is not given, does not fit the column: PostgreSQL's generated always, and not null. */
    static boolean refuseIds(Throwable error) {
        SQLException sql = sqlException(error);
        return sql != null
                && ("428C9".equals(sql.getSQLState())
                        || ("23502".equals(sql.getSQLState())
                                && String.valueOf(sql.getMessage()).contains("\"id\"")));
    }

    /** Whether the database has ended the transaction, or would refuse to commit it. */
    static boolean loseTransaction(Throwable error) {
        SQLException sql = sqlException(error);
        return sql != null && TRANSACTION_LOST.contains(String.valueOf(sql.getSQLState()));
    }

    /** The exception for an error; one of ours is returned as it is. */
    static EventSourcingException translate(String doing, Throwable error) {
        if (error instanceof EventSourcingException ours) {
            return ours;
        }
        SQLException sql = sqlException(error);
        if (sql == null) {
            return new PersistenceException(doing + " failed: " + error.getMessage(), error);
        }
        if (sql instanceof SQLTransientConnectionException && innermost(sql) == sql) {
            return new PersistenceException(
                    doing + " failed: the pool had no connection free in time: " + sql.getMessage()
                            + " Raise its size, or hold connections for less long.",
                    error);
        }
        if (cannotConnect(sql)) {
            return new CannotConnectException(
                    doing + " failed: no connection to the database. "
                            + innermost(sql).getMessage() + " Check that it runs, the URL, the user and the password.",
                    error);
        }
        String state = String.valueOf(sql.getSQLState());
        String what = doing + " failed: " + sql.getMessage() + " (SQLSTATE " + state + ")";
        if (NO_SUCH_TABLE.contains(state)) {
            return new NotMigratedException(
                    doing + " failed: the database has not the tables of this library. Run: mvn eventsourcing:migrate"
                            + " (or EventStoreSchema.migrate()). The database says: " + sql.getMessage(),
                    error);
        }
        if (TRANSACTION_LOST.contains(state)) {
            return new TransactionLostException(
                    what + ". The transaction is lost: roll it back, then try the whole of it again.", error);
        }
        if (LOCK_TIMEOUT.contains(state)) {
            return new PersistenceException(
                    what + ". Another transaction that appends is open for long: find and end it, or raise the lock"
                            + " timeout (H2: LOCK_TIMEOUT in the URL; PostgreSQL: lock_timeout).",
                    error);
        }
        return new PersistenceException(what, error);
    }

    private static boolean cannotConnect(SQLException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException
                    || cause instanceof SQLNonTransientConnectionException
                    || (cause instanceof SQLException sql
                            && sql.getSQLState() != null
                            && (sql.getSQLState().startsWith("08") || NO_CONNECTION.contains(sql.getSQLState())))) {
                return true;
            }
        }
        return false;
    }

    /** The driver's own error, which a pool wraps. */
    private static SQLException innermost(SQLException error) {
        SQLException innermost = error;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            innermost = cause instanceof SQLException sql ? sql : innermost;
        }
        return innermost;
    }

    private static @Nullable SQLException sqlException(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
