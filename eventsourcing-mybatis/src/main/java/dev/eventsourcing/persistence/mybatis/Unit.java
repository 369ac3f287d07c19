package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.TransactionLostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.ibatis.session.SqlSession;
import org.jspecify.annotations.Nullable;

/**
 * A transaction in hand, or a connection on which each statement is one: the session that our statements run on, and the
 * statements. Used by one thread.
 */
final class Unit {
    private final SqlSession session;
    private final Statements statements;
    private final boolean alone;
    private @Nullable TransactionLostException lost;

    private Unit(SqlSession session, Statements statements, boolean alone) {
        this.session = session;
        this.statements = statements;
        this.alone = alone;
    }

    /** A transaction of several statements. */
    static Unit joined(SqlSession session, Statements statements) {
        return new Unit(session, statements, false);
    }

    /**
     * A connection on which each statement is a transaction of its own, and sees what is committed then.
     *
     * @throws ConfigurationException if it is not one
     */
    static Unit alone(SqlSession session, Statements statements) {
        try {
            if (!session.getConnection().getAutoCommit()) {
                throw new ConfigurationException(
                        "The data source gives connections that cannot be set to autocommit, so"
                                + " that a statement would not see what others have committed meanwhile. Give the recorders one"
                                + " that does.");
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Asking whether the connection commits each statement", e);
        }
        return new Unit(session, statements, true);
    }

    Database database() {
        return statements.database();
    }

    /** Whether each statement is a transaction of its own. */
    boolean isAlone() {
        return alone;
    }

    /** Whether an error tells that another writer was faster. */
    boolean violates(Throwable error, Key key) {
        return statements.violates(error, key);
    }

    <T> List<T> list(String statement, Map<String, ?> parameters) {
        return watching(() -> statements.list(session, statement, parameters));
    }

    /**
     * Does work in the transaction. An error with which the database ends it is remembered, for it may be swallowed: H2 then
     * goes on in a new transaction, and what was done before is gone.
     */
    <T> T watching(Supplier<T> work) {
        requireUsable();
        try {
            return work.get();
        } catch (Exception e) {
            if (DatabaseErrors.loseTransaction(e)) {
                lose("The database has ended it: " + DatabaseErrors.firstLine(e), e);
            }
            throw e;
        }
    }

    /**
     * Throws if the transaction could not be committed. PostgreSQL's driver returns from a commit that became a rollback because
     * an error before it was swallowed; from a statement it does not.
     */
    void proveAlive() {
        try {
            list("proveAlive", Map.of());
        } catch (Exception e) {
            throw DatabaseErrors.translate("Committing", e);
        }
    }

    /**
     * Throws if a log cannot be read in this transaction, which is not ours. Above READ COMMITTED it would see its own events and
     * not those that others committed below them; what is not committed nobody may see.
     */
    void requireReadCommitted() {
        try {
            if (connection().getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
                throw new ConfigurationException("A log is read at READ COMMITTED only; this transaction has another"
                        + " isolation. Read the log outside of it.");
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Asking for the isolation of the transaction", e);
        }
    }

    /**
     * Does several statements as one: if it throws, they are undone and the transaction stays usable, or the error says that
     * it is lost.
     */
    <T> T atomically(Object doing, Supplier<T> work) {
        requireUsable();
        Savepoint before = savepoint(doing);
        try {
            T result = work.get();
            if (before != null) {
                connection().releaseSavepoint(before);
            }
            return result;
        } catch (RuntimeException e) {
            throw undo(doing, before, e);
        } catch (SQLException e) {
            throw undo(doing, before, DatabaseErrors.translate(doing.toString(), e));
        } catch (Throwable e) {
            undo(doing, before, new PersistenceException(doing + " failed: " + Thrown.text(e), e));
            throw e;
        }
    }

    /** Null where the transaction takes none, as those of some containers; a failure in it then loses it. */
    private @Nullable Savepoint savepoint(Object doing) {
        try {
            return connection().setSavepoint();
        } catch (SQLException e) {
            if (DatabaseErrors.loseTransaction(e)) {
                throw undo(doing, null, DatabaseErrors.translate(doing.toString(), e));
            }
            return null;
        }
    }

    /** Does the last statements of a transaction of ours: if they fail, it cannot be committed any more. */
    <T> T atLast(Supplier<T> work) {
        requireUsable();
        try {
            return work.get();
        } catch (Throwable e) {
            lose("Its last statements failed: " + DatabaseErrors.firstLine(e), e);
            throw e;
        }
    }

    /** Throws again what ended the transaction, if something has. */
    void requireUsable() {
        if (lost != null) {
            throw new TransactionLostException(
                    "The transaction is lost since an error in it: roll it back. The error was: " + lost.getMessage(),
                    lost);
        }
    }

    Connection connection() {
        return session.getConnection();
    }

    /** Has the session forget what it has read, and what for. */
    void forgetReads() {
        session.clearCache();
    }

    /** Forgets that it is lost, as what lost it was undone. */
    void forgetLoss() {
        lost = null;
    }

    private RuntimeException undo(Object doing, @Nullable Savepoint before, RuntimeException error) {
        if (DatabaseErrors.loseTransaction(error)) {
            RuntimeException translated = DatabaseErrors.translate(doing.toString(), error);
            if (translated instanceof TransactionLostException ending) {
                return remember(ending);
            }
            lose(DatabaseErrors.firstLine(translated), error);
            return translated;
        }
        if (before == null) {
            return lose(
                    doing + " failed, and the transaction takes no savepoint: " + DatabaseErrors.firstLine(error),
                    error);
        }
        try {
            connection().rollback(before);
            return error;
        } catch (SQLException e) {
            error.addSuppressed(e);
            return lose(doing + " failed, and could not be undone: " + DatabaseErrors.firstLine(error), error);
        }
    }

    private TransactionLostException lose(String what, Throwable cause) {
        return remember(new TransactionLostException(
                what + ". The transaction is lost: roll it back.", cause, DatabaseErrors.mayPass(cause)));
    }

    private TransactionLostException remember(TransactionLostException ending) {
        lost = ending;
        return ending;
    }
}
