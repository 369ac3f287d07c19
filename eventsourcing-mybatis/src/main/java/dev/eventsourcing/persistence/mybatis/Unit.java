package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.TransactionLostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.ibatis.session.SqlSession;
import org.jspecify.annotations.Nullable;

/** A transaction in hand: the session that our statements run on, and the statements. Used by one thread. */
final class Unit {
    private final SqlSession session;
    private final Statements statements;
    private @Nullable TransactionLostException lost;

    Unit(SqlSession session, Statements statements) {
        this.session = session;
        this.statements = statements;
    }

    Database database() {
        return statements.database();
    }

    <T> List<T> list(String statement, Map<String, ?> parameters) {
        return watching(() -> statements.list(session, statement, parameters));
    }

    void run(String statement) {
        watching(() -> {
            statements.run(session, statement);
            return this;
        });
    }

    /**
     * Does work in the transaction. An error with which the database ends it is remembered, for it may be swallowed: H2 then
     * goes on in a new transaction, and what was done before is gone.
     */
    <T> T watching(Supplier<T> work) {
        requireUsable();
        try {
            return work.get();
        } catch (RuntimeException e) {
            if (DatabaseErrors.loseTransaction(e)) {
                lose("The database has ended it: " + e.getMessage(), e);
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
        } catch (RuntimeException e) {
            throw DatabaseErrors.translate("Committing", e);
        }
    }

    /**
     * Does several statements as one: if it throws, they are undone and the transaction stays usable, or the error says that
     * it is lost.
     */
    <T> T atomically(String doing, Supplier<T> work) {
        requireUsable();
        Savepoint before;
        try {
            before = connection().setSavepoint();
        } catch (SQLException e) {
            throw lose(doing + " failed: the transaction takes no savepoint", e);
        }
        try {
            T result = work.get();
            connection().releaseSavepoint(before);
            return result;
        } catch (RuntimeException e) {
            throw undo(doing, before, e);
        } catch (Error e) {
            undo(doing, before, new IllegalStateException(e));
            throw e;
        } catch (SQLException e) {
            throw undo(doing, before, new IllegalStateException(e));
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

    private Connection connection() {
        return session.getConnection();
    }

    private RuntimeException undo(String doing, Savepoint before, RuntimeException error) {
        if (DatabaseErrors.loseTransaction(error)) {
            RuntimeException translated = DatabaseErrors.translate(doing, error);
            return translated instanceof TransactionLostException ending ? remember(ending) : translated;
        }
        try {
            connection().rollback(before);
            return error;
        } catch (SQLException e) {
            error.addSuppressed(e);
            return lose(doing + " failed, and could not be undone: " + error.getMessage(), error);
        }
    }

    private TransactionLostException lose(String what, Exception cause) {
        return remember(new TransactionLostException(what + ". The transaction is lost: roll it back.", cause));
    }

    private TransactionLostException remember(TransactionLostException ending) {
        lost = ending;
        return ending;
    }
}
