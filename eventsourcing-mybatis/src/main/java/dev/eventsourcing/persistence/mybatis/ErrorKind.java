package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Thrown;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The errors of databases that are told apart, by SQLSTATE: for each whether it may pass by itself, and what to do about it. */
enum ErrorKind {
    /** All connections of the pool are in use. */
    POOL_EXHAUSTED(
            true, " The pool had no connection free in time: raise its size, or hold connections for less long."),

    /**
     * Beside class 08. PostgreSQL: shut down, crashed, starting, session idle for too long, too many connections. H2: connection
     * broken, closed, database closed, in use.
     */
    NO_CONNECTION(
            true,
            " Check that it runs, the URL, the user and the password.",
            "57P01",
            "57P02",
            "57P03",
            "57P05",
            "53300",
            "90067",
            "90007",
            "90098",
            "90121",
            "90020"),

    /** PostgreSQL: wrong password, wrong user, no such database, dropped. H2: wrong user or password, no such database. */
    CONNECTION_REFUSED(
            false,
            " Check the URL, the user and the password.",
            "28P01",
            "28000",
            "3D000",
            "57P04",
            "90013",
            "90146",
            "90149"),

    /** PostgreSQL: no such table, column or schema. H2: no such table (three kinds), column or schema. */
    NOT_MIGRATED(
            false,
            "tables of this library are missing, or are of an earlier version."
                    + " Run: mvn eventsourcing:migrate (or EventStoreSchema.migrate()). The database says: ",
            "42P01",
            "42703",
            "3F000",
            "42S02",
            "42S03",
            "42S04",
            "42S22",
            "90079"),

    /**
     * Serialization failure or deadlock (H2 has then rolled back the whole transaction), deadlock on PostgreSQL, and its limits
     * for sessions that stay idle in a transaction, and for transactions.
     */
    TRANSACTION_ENDED(
            true,
            " The transaction is lost: roll it back, then try the whole of it again.",
            "40001",
            "40P01",
            "25P03",
            "25P04"),

    /** PostgreSQL: a statement in a transaction that had failed before. */
    FAILED_BEFORE(false, " The transaction is lost: roll it back.", "25P02"),

    /** PostgreSQL's lock_not_available, and H2's lock timeout. */
    LOCK_TIMEOUT(
            true,
            " Another transaction that appends is open for long: find and end it, or raise the lock timeout (H2: LOCK_TIMEOUT in"
                    + " the URL; PostgreSQL: lock_timeout).",
            "55P03",
            "HYT00"),

    /** Both: by a time limit, or on demand. */
    CANCELLED(
            true,
            " The statement was cancelled, by somebody or by a time limit (PostgreSQL: statement_timeout; H2: QUERY_TIMEOUT).",
            "57014"),

    /** PostgreSQL, H2. */
    NO_RIGHT(
            false,
            " The user of the connection lacks a right. Grant SELECT, INSERT and UPDATE on the tables of this library, and DELETE on parked_events.",
            "42501",
            "90096"),

    /** PostgreSQL, H2. */
    READ_ONLY(
            false,
            " Nothing can be written here: a standby, or set to read only. Give the URL of the server that takes writes.",
            "25006",
            "90097"),

    /** Beside class 22, data exceptions. */
    BAD_VALUE(false, " The database cannot keep a value of this call: change the value."),

    /** Class 23: a constraint, though not one of ours that tells of another writer. */
    CONSTRAINT(
            false,
            " A constraint or trigger refuses it, which has nothing to do with other writers of the aggregate: the same will be"
                    + " refused again."),

    /** Beside class 53, no disk, a limit that the administrator has set. */
    NO_ROOM(false, " The server has no room: see its log, and give it more."),

    /** PostgreSQL: out of memory. */
    NO_MEMORY(
            true,
            " The server has no memory left for it: see its log, and give it more, or fewer connections.",
            "53200"),

    /** All else. */
    OTHER(false, "");

    private final boolean passing;
    private final String cure;
    private final Set<String> states;

    ErrorKind(boolean passing, String cure, String... states) {
        this.passing = passing;
        this.cure = cure;
        this.states = Set.of(states);
    }

    /** Whether the same may succeed a little later, without anybody's doing. */
    boolean mayPass() {
        return passing;
    }

    /** What to do about it; empty if nothing is known. */
    String cure() {
        return cure;
    }

    /** Whether the transaction in which it comes up can no longer be committed, whatever is undone. */
    boolean losesTransaction() {
        return this == TRANSACTION_ENDED || this == FAILED_BEFORE || this == NO_CONNECTION;
    }

    /** The kind of an error, which may wrap others. */
    static ErrorKind of(@Nullable SQLException error) {
        if (error == null) {
            return OTHER;
        }
        // A pool wraps the driver's error where it could not make a connection, and has none where all were in use.
        if (error instanceof SQLTransientConnectionException && DatabaseErrors.innermost(error) == error) {
            return POOL_EXHAUSTED;
        }
        ErrorKind connection = OTHER;
        for (Throwable cause : Thrown.chain(error)) {
            if (cause instanceof SQLException sql && isOfConnection(sql)) {
                connection = CONNECTION_REFUSED.states.contains(String.valueOf(sql.getSQLState()))
                        ? CONNECTION_REFUSED
                        : NO_CONNECTION;
            }
        }
        return connection == OTHER ? byState(error) : connection;
    }

    private static boolean isOfConnection(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        return state.startsWith("08")
                || NO_CONNECTION.states.contains(state)
                || CONNECTION_REFUSED.states.contains(state)
                || error instanceof SQLTransientConnectionException
                || error instanceof SQLNonTransientConnectionException;
    }

    private static ErrorKind byState(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        for (ErrorKind kind : values()) {
            if (kind.states.contains(state)) {
                return kind;
            }
        }
        if (error instanceof SQLTimeoutException) {
            return CANCELLED;
        }
        return switch (state.length() < 2 ? state : state.substring(0, 2)) {
            case "22" -> BAD_VALUE;
            case "23" -> CONSTRAINT;
            case "53" -> NO_ROOM;
            default -> OTHER;
        };
    }
}
