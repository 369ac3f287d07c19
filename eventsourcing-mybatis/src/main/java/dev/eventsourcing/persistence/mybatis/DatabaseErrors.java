package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.FailureKind;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.OutcomeUnknownException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.persistence.mybatis.ErrorKind.Owner;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns what MyBatis, Flyway, pools and drivers throw into this library's exceptions, by SQLSTATE. Of the database's words only
 * the first line is repeated: what comes after may hold a row with all that is in it.
 */
final class DatabaseErrors {
    /** Before a statement was sent: PostgreSQL's driver knew of the connection's end. */
    private static final String NOT_SENT = "08003";

    /**
     * Of a commit, or a statement that is one: statement completion unknown, transaction resolution unknown, and what H2 says
     * where its file could not be written.
     */
    private static final Set<String> IN_DOUBT = Set.of("40003", "08007", "90028", "90031", "HY000");

    /** A parameter of a URL, or what stands before its host. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)(?<=(?:password|passwd|pwd)=)[^&;\\s\"]*|(?<=//)[^\\s\"]*(?=@)");

    private DatabaseErrors() {}

    /** Whether an id that is given, or is not given, does not fit the column: PostgreSQL's generated always, and not null. */
    static boolean refuseIds(Throwable error) {
        SQLException sql = sqlException(error);
        return sql != null
                && ("428C9".equals(sql.getSQLState())
                        || ("23502".equals(sql.getSQLState())
                                && String.valueOf(sql.getMessage()).contains("\"id\"")));
    }

    /** Whether the database has ended the transaction, would refuse to commit it, or is no longer there. */
    static boolean loseTransaction(Throwable error) {
        return ErrorKind.of(sqlException(error)).losesTransaction();
    }

    /** Whether a database has answered with an error, and may be asked more. */
    static boolean areOfAStatement(Throwable error) {
        SQLException sql = sqlException(error);
        return sql != null && !ErrorKind.of(sql).isOfConnection() && ErrorKind.of(sql) != ErrorKind.POOL_EXHAUSTED;
    }

    /** What an error of one of our statements is about. */
    static FailureKind failureKind(Throwable error) {
        return error instanceof PersistenceException ours
                ? ours.failureKind()
                : ErrorKind.of(sqlException(error)).in(Owner.LIBRARY);
    }

    /** Whether a commit, or a statement that commits by itself, may have succeeded although it has ended with this error. */
    static boolean leaveInDoubt(Throwable error) {
        SQLException sql = sqlException(error);
        if (sql == null || NOT_SENT.equals(sql.getSQLState())) {
            return false;
        }
        ErrorKind kind = ErrorKind.of(sql);
        // Of such an answer the rest is not read, which says whether it was committed.
        return isBroken(kind)
                || kind == ErrorKind.RESULT_TOO_LARGE
                || IN_DOUBT.contains(String.valueOf(sql.getSQLState()));
    }

    private static boolean isBroken(ErrorKind kind) {
        return kind.isOfConnection() && kind != ErrorKind.REJECTED;
    }

    /** The same as {@link #translate} for an error of a commit: what runs then is the user's, such as a deferred trigger. */
    static EventSourcingException translateCommit(String doing, Throwable error) {
        return translateCommit(doing, error, Owner.USER);
    }

    /** The same for a commit, or a statement that commits by itself. */
    static EventSourcingException translateCommit(String doing, Throwable error, Owner statement) {
        SQLException sql = sqlException(error);
        if (error instanceof EventSourcingException || sql == null || !leaveInDoubt(error)) {
            return translate(doing, error, statement);
        }
        return new OutcomeUnknownException(
                doing
                        + (ErrorKind.of(sql) == ErrorKind.RESULT_TOO_LARGE
                                ? ": the answer was not read to its end"
                                : ": the connection broke off before the database answered")
                        + ", so nobody knows whether it was recorded."
                        + " Read again what is recorded before you repeat it. " + words(innermost(sql)),
                error);
    }

    /** The exception for an error of one of our statements; one of ours is returned as it is. */
    static EventSourcingException translate(String doing, Throwable error) {
        return translate(doing, error, Owner.LIBRARY);
    }

    /** The exception for an error of a statement; one of ours is returned as it is. */
    static EventSourcingException translate(String doing, Throwable error, Owner statement) {
        if (error instanceof EventSourcingException ours) {
            return ours;
        }
        SQLException sql = sqlException(error);
        if (sql == null) {
            return new PersistenceException(doing + " failed: " + firstLine(error), error);
        }
        ErrorKind kind = ErrorKind.of(sql);
        String what = doing + " failed: ";
        return switch (kind) {
            case REFUSED, TOO_SLOW, CLOSED, REJECTED ->
                new CannotConnectException(
                        what + "no connection to the database. " + words(innermost(sql)) + kind.cure(),
                        error,
                        kind != ErrorKind.REJECTED);
            case POOL_EXHAUSTED ->
                new PersistenceException(
                        what + words(sql) + ErrorKind.pool(sql) + kind.cure(), error, kind.in(statement));
            case FAILED_BEFORE -> {
                SQLException first = innermost(sql);
                yield first == sql
                        ? new TransactionLostException(
                                what + words(sql) + kind.cure() + " Look for the error that was before this one.",
                                error)
                        : new TransactionLostException(
                                what + words(sql) + kind.cure()
                                        + " Do not swallow the first error in it, or roll back to a savepoint.",
                                error,
                                // Who swallowed it is the user.
                                ErrorKind.of(first).in(Owner.USER));
            }
            case TRANSACTION_ENDED ->
                new TransactionLostException(what + words(sql) + kind.cure(), error, kind.in(statement));
            // What to do about a table of the user's, or a right to it, is for the user to say.
            case MISSING, NO_RIGHT ->
                statement == Owner.USER
                        ? new PersistenceException(what + words(sql), error, kind.in(statement))
                        : kind == ErrorKind.MISSING
                                ? new NotMigratedException(what + kind.cure() + words(sql), error)
                                : new PersistenceException(what + words(sql) + kind.cure(), error, kind.in(statement));
            default -> new PersistenceException(what + words(sql) + kind.cure(), error, kind.in(statement));
        };
    }

    /** What the database says, without secrets and rows. */
    static String words(SQLException error) {
        return ownLine(error) + state(error) + since(error) + ".";
    }

    private static String state(SQLException error) {
        return error.getSQLState() == null ? "" : " (SQLSTATE " + error.getSQLState() + ")";
    }

    /** The first line of what an error says, which for one of a database is the database's, without a password of a URL. */
    static String firstLine(Throwable error) {
        SQLException sql = error instanceof EventSourcingException ? null : sqlException(error);
        return sql == null ? ownLine(error) : ownLine(sql) + since(sql);
    }

    private static String ownLine(Throwable error) {
        String line = Thrown.message(error).strip().lines().findFirst().orElse("");
        // H2 repeats the statement below, and in this line the values of a unique key.
        line = line.replaceFirst("; SQL statement:$", "").replaceFirst(" VALUES \\( /\\*.*", "\"");
        line = withoutSecrets(line);
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    /** The first error in a transaction that has failed, which somebody has swallowed: PostgreSQL's driver gives it for the cause. */
    private static String since(SQLException error) {
        SQLException first = innermost(error);
        return first == error || ErrorKind.of(error) != ErrorKind.FAILED_BEFORE
                ? ""
                : ". The first error in the transaction was: " + ownLine(first) + state(first);
    }

    /** Whether an error is the consequence of one in the same transaction that somebody has swallowed. */
    static boolean areOfAnErrorBefore(Throwable error) {
        return ErrorKind.of(sqlException(error)) == ErrorKind.FAILED_BEFORE;
    }

    static String withoutSecrets(String text) {
        return SECRET.matcher(text).replaceAll("***");
    }

    /** The driver's own error, which a pool wraps. */
    static SQLException innermost(SQLException error) {
        SQLException innermost = error;
        for (Throwable cause : Thrown.chain(error)) {
            innermost = cause instanceof SQLException sql ? sql : innermost;
        }
        return innermost;
    }

    /** The outermost error of a driver or a pool; null if there is none. */
    static @Nullable SQLException sqlException(Throwable error) {
        return Thrown.first(error, SQLException.class).orElse(null);
    }
}
