package dev.eventsourcing.persistence.mybatis;

import static dev.eventsourcing.persistence.FailureKind.LASTING;
import static dev.eventsourcing.persistence.FailureKind.MOMENT;
import static dev.eventsourcing.persistence.FailureKind.PASSING;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.FailureKind;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The errors of databases that are told apart, by SQLSTATE, or by its first two characters: for each, what it is about, and what to do
 * about it. The README has the same table.
 */
enum ErrorKind {
    /** All connections of the pool are in use. */
    POOL_EXHAUSTED(
            "pool exhausted",
            MOMENT,
            " The pool had no connection free in time: raise its size, or hold connections for less long."),

    /** Nothing listens at the address, or the server takes no more connections. */
    REFUSED(
            "connection refused",
            MOMENT,
            " The connection was refused. Check that it runs, host and port of the URL, and how many connections the server takes.",
            "08001",
            "53300",
            "57P03",
            "90020"),

    /** The server did not answer in the time that the driver or the pool allows. */
    TOO_SLOW(
            "too slow to connect",
            MOMENT,
            " The server was too slow to connect to. Check the network and the load of the server, or raise the timeouts of driver"
                    + " and pool."),

    /**
     * PostgreSQL: shut down, crashed, session idle for too long. H2: connection broken, closed, database closed.
     */
    CLOSED(
            "connection closed by the server",
            MOMENT,
            " The connection was closed, by the server or on the way. Check that the server runs, and its log.",
            "08",
            "57P01",
            "57P02",
            "57P05",
            "90067",
            "90007",
            "90098",
            "90121"),

    /** PostgreSQL: wrong password, wrong user, no such database, dropped. H2: wrong user or password, no such database. */
    REJECTED(
            "connection rejected",
            LASTING,
            " The connection was rejected. Check the URL, the user and the password, and whether TLS is asked for.",
            "08004",
            "28P01",
            "28000",
            "3D000",
            "57P04",
            "90013",
            "90146",
            "90149"),

    /** PostgreSQL: no such table, column or schema. H2: no such table (three kinds), column or schema. */
    MISSING(
            "no such table, column or schema",
            MOMENT,
            LASTING,
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
            "transaction ended",
            PASSING,
            " The transaction is lost: roll it back, then try the whole of it again.",
            "40001",
            "40P01",
            "25P03",
            "25P04"),

    /** PostgreSQL: a statement in a transaction that had failed before. */
    FAILED_BEFORE("after an error before", LASTING, " The transaction is lost: roll it back.", "25P02"),

    /** PostgreSQL's lock_not_available, and H2's lock timeout. */
    LOCK_TIMEOUT(
            "lock not free in time",
            PASSING,
            " Another transaction that appends is open for long: find and end it, or raise the lock timeout (H2: LOCK_TIMEOUT in"
                    + " the URL; PostgreSQL: lock_timeout).",
            "55P03",
            "HYT00"),

    /** Both: by a time limit, or on demand. */
    CANCELLED(
            "statement cancelled",
            PASSING,
            " The statement was cancelled, by somebody or by a time limit (PostgreSQL: statement_timeout; H2: QUERY_TIMEOUT).",
            "57014"),

    /** PostgreSQL, H2. */
    NO_RIGHT(
            "right missing",
            MOMENT,
            LASTING,
            " The user of the connection lacks a right. Grant SELECT, INSERT and UPDATE on the tables of this library, and DELETE on parked_events.",
            "42501",
            "90096"),

    /** PostgreSQL, H2. */
    READ_ONLY(
            "read-only",
            MOMENT,
            " Nothing can be written here: a standby, or set to read only. Give the URL of the server that takes writes.",
            "25006",
            "90097"),

    /** Data exceptions. */
    BAD_VALUE("value refused", LASTING, " The database cannot keep a value of this call: change the value.", "22"),

    /** A constraint, though not one of ours that tells of another writer. */
    CONSTRAINT(
            "constraint violated",
            LASTING,
            " A constraint or trigger refuses it, which has nothing to do with other writers of the aggregate: the same will be"
                    + " refused again.",
            "23"),

    /** No disk, input and output that fail, a limit that the administrator has set. */
    NO_ROOM(
            "no room, I/O error",
            MOMENT,
            " The server has no room, or cannot read or write its files: see its log, and give it more.",
            "53",
            "58",
            "90028",
            "90031"),

    /**
     * PostgreSQL's driver: an answer has more bytes than its property maxResultBuffer allows. It says so with the SQLSTATE of a broken
     * connection.
     */
    RESULT_TOO_LARGE(
            "result larger than maxResultBuffer",
            LASTING,
            " The answer has more bytes than the driver's property maxResultBuffer allows: raise it in the URL, or leave it out, or read"
                    + " less at once (batch-size of a follower)."),

    /** PostgreSQL: a prepared statement is there already, or is not there. The session is not the one that the driver takes it for. */
    PREPARED_ELSEWHERE(
            "prepared statement of another session",
            MOMENT,
            " The connection leads to another session of the server from one transaction to the next, as through PgBouncer in its"
                    + " transaction mode: add prepareThreshold=0 to the URL, or have PgBouncer, from 1.21, keep prepared statements"
                    + " (max_prepared_statements).",
            "42P05",
            "26000"),

    /** What one session may use, as temp_file_limit: another statement may fit. */
    LIMIT(
            "limit of a session",
            LASTING,
            " The server has no room for this statement under a limit of its settings: raise the limit, or have the statement need"
                    + " less.",
            "53400"),

    /** Out of memory. */
    NO_MEMORY(
            "no memory",
            MOMENT,
            " The server has no memory left for it: see its log, and give it more, or fewer connections.",
            "53200",
            "90108"),

    /** All else. */
    OTHER("all else", LASTING, "");

    /** What the pool says of itself. */
    private static final Pattern POOL = Pattern.compile("total=(\\d+), active=(\\d+), idle=\\d+, waiting=(\\d+)");

    /** Whatever the language of the message, it has the name of the property. */
    private static final String RESULT_LIMIT = "maxResultBuffer";

    private final String title;
    private final FailureKind ofOurs;
    private final FailureKind ofUsers;
    private final String cure;
    private final List<String> states;

    ErrorKind(String title, FailureKind ofBoth, String cure, String... states) {
        this(title, ofBoth, ofBoth, cure, states);
    }

    ErrorKind(String title, FailureKind ofOurs, FailureKind ofUsers, String cure, String... states) {
        this.title = title;
        this.ofOurs = ofOurs;
        this.ofUsers = ofUsers;
        this.cure = cure;
        this.states = List.of(states);
    }

    /** What the error is about, in a statement of the given owner. */
    FailureKind in(Owner statement) {
        return statement == Owner.LIBRARY ? ofOurs : ofUsers;
    }

    /** What to do about it; empty if nothing is known. */
    String cure() {
        return cure;
    }

    /** Whether there is no connection to the server, or none any more. */
    boolean isOfConnection() {
        return this == REFUSED || this == TOO_SLOW || this == CLOSED || this == REJECTED;
    }

    /** Whether the transaction in which it comes up can no longer be committed, whatever is undone. */
    boolean losesTransaction() {
        // Pools end a connection for the SQLSTATE of the last.
        return this == TRANSACTION_ENDED
                || this == FAILED_BEFORE
                || this == RESULT_TOO_LARGE
                || (isOfConnection() && this != REJECTED);
    }

    /** Its row of the table in the README. */
    String row() {
        String codes = String.join(
                ", ",
                new TreeSet<>(states)
                        .stream()
                                .map(state -> state.length() == 2 ? "class " + state : state)
                                .toList());
        return "| " + title + " | " + (codes.isEmpty() ? "-" : codes) + " | " + word(ofOurs) + " | " + word(ofUsers)
                + " |";
    }

    private static String word(FailureKind kind) {
        return switch (kind) {
            case MOMENT -> "moment";
            case PASSING -> "event, may pass";
            case LASTING -> "event";
        };
    }

    /** The kind of an error, which may wrap others. */
    static ErrorKind of(@Nullable SQLException error) {
        if (error == null) {
            return OTHER;
        }
        // A pool wraps the driver's error where it could not make a connection, and has none where all were in use, or
        // none was made in time.
        if (error instanceof SQLTransientConnectionException && DatabaseErrors.innermost(error) == error) {
            Matcher pool = POOL.matcher(String.valueOf(error.getMessage()));
            return pool.find() && pool.group(1).equals("0") ? TOO_SLOW : POOL_EXHAUSTED;
        }
        SQLException ofConnection = null;
        for (Throwable cause : Thrown.chain(error)) {
            if (cause instanceof SQLException sql && isOfConnection(sql)) {
                ofConnection = sql;
            }
        }
        return ofConnection == null ? byState(error) : ofConnection(ofConnection);
    }

    /** What a pool says of its connections, as a sentence; empty if it says nothing. */
    static String pool(SQLException error) {
        Matcher pool = POOL.matcher(String.valueOf(error.getMessage()));
        return pool.find() ? " In use: " + pool.group(2) + ", waiting: " + pool.group(3) + "." : "";
    }

    private static boolean isOfConnection(SQLException error) {
        return byState(error).isOfConnection()
                || error instanceof SQLTransientConnectionException
                || error instanceof SQLNonTransientConnectionException;
    }

    private static ErrorKind ofConnection(SQLException error) {
        for (Throwable cause : Thrown.chain(error)) {
            if (cause instanceof SocketTimeoutException) {
                return TOO_SLOW;
            }
            if (cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException) {
                return REFUSED;
            }
            if (cause instanceof SSLHandshakeException && !(cause.getCause() instanceof EOFException)) {
                return REJECTED;
            }
        }
        ErrorKind known = byState(error);
        return known.isOfConnection() ? known : CLOSED;
    }

    private static ErrorKind byState(SQLException error) {
        if (String.valueOf(error.getMessage()).contains(RESULT_LIMIT)) {
            return RESULT_TOO_LARGE;
        }
        String state = String.valueOf(error.getSQLState());
        for (ErrorKind kind : values()) {
            if (kind.states.contains(state)) {
                return kind;
            }
        }
        if (error instanceof SQLTimeoutException) {
            return CANCELLED;
        }
        for (ErrorKind kind : values()) {
            if (state.length() == 5 && kind.states.contains(state.substring(0, 2))) {
                return kind;
            }
        }
        return OTHER;
    }

    /** Whose statement has failed. */
    enum Owner {
        LIBRARY,
        USER
    }
}
