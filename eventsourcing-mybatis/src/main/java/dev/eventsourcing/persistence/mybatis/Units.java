package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Transactions in the terms of MyBatis. A session that the caller gives goes before all; what there is without one,
 * subclasses say.
 */
abstract class Units implements Transactions {
    private final SqlSessionFactory users;
    private final Schema schema;
    private final ThreadLocal<@Nullable CallersUnit> callers = new ThreadLocal<>();
    private volatile @Nullable Statements statements;

    Units(SqlSessionFactory users, Schema schema) {
        this.users = users;
        this.schema = schema;
    }

    /** Whether the thread is in a transaction that no caller's session stands for. */
    abstract boolean activeWithoutCaller();

    /** {@link #required} where there is no caller's session. */
    abstract <T> T requiredWithoutCaller(Supplier<T> work);

    /** {@link #afterCommit} where there is no caller's session. */
    abstract boolean afterCommitWithoutCaller(Runnable action);

    /** Does work with the transaction in hand; called in one only. */
    abstract <T> T inUnit(Function<Unit, T> work);

    /** Does work with a mapper of the user's in the transaction in hand; called in one only. */
    abstract <M, T> T callMapper(Class<M> mapper, Function<M, T> work);

    @Override
    public final boolean active() {
        return callers.get() != null || activeWithoutCaller();
    }

    @Override
    public final <T> T required(Supplier<T> work) {
        return callers.get() != null ? work.get() : requiredWithoutCaller(work);
    }

    @Override
    public final boolean afterCommit(Runnable action) {
        return callers.get() == null && afterCommitWithoutCaller(action);
    }

    /** Does work whose every statement goes through a session that the caller has opened, and closes. */
    final <T> T within(SqlSession session, Supplier<T> work) {
        if (active()) {
            throw new ConfigurationException("This thread is in a transaction already, which the session is no part of."
                    + " Call within(session, ..) outside of any other transaction.");
        }
        callers.set(new CallersUnit(session));
        try {
            return work.get();
        } finally {
            callers.remove();
        }
    }

    /** Does work with the transaction in hand, or in one of its own. */
    final <T> T read(String doing, Function<Unit, T> work) {
        return translating(doing, () -> required(() -> inCurrent(work)));
    }

    /** The same for reading a log. */
    final <T> T readLog(String doing, Function<Unit, T> work) {
        return active()
                ? read(doing, unit -> {
                    unit.requireReadCommitted();
                    return work.apply(unit);
                })
                : read(doing, work);
    }

    /** The same for work that writes: if it fails, nothing of it stays, and the transaction in hand stays usable. */
    final <T> T write(String doing, Function<Unit, T> work) {
        return active() ? read(doing, unit -> unit.atomically(doing, () -> work.apply(unit))) : read(doing, work);
    }

    /** Does work with a mapper of the user's, in the transaction in hand or in one of its own. */
    final <M, T> T withMapper(Class<M> type, Function<M, T> work) {
        return required(() -> {
            CallersUnit caller = callers.get();
            return caller == null
                    ? callMapper(type, work)
                    : caller.unit().watching(() -> work.apply(caller.session.getMapper(type)));
        });
    }

    final SqlSessionFactory users() {
        return users;
    }

    /** The statements for the database that a connection leads to; asked once. */
    final Statements statements(Connection connection) {
        Statements known = statements;
        if (known == null) {
            try {
                if (connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED) {
                    throw new ConfigurationException(
                            "Connections are at READ UNCOMMITTED, where events are seen that may"
                                    + " never have been. Set READ COMMITTED.");
                }
                known = new Statements(Database.of(connection), schema);
            } catch (SQLException e) {
                throw DatabaseErrors.translate("Asking which database this is", e);
            }
            statements = known;
        }
        return known;
    }

    /** The unit for a session that is not ours, which then has to know our statements. */
    final Unit joining(SqlSession session) {
        Connection connection = session.getConnection();
        try {
            if (connection.getAutoCommit()) {
                throw new ConfigurationException(
                        "The session commits every statement, so that several cannot be one"
                                + " transaction. Open it with openSession(false), or start it with startManagedSession(false).");
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Asking whether the session commits by itself", e);
        }
        Statements known = statements(connection);
        known.copyTo(session.getConfiguration());
        // What the user has batched so far comes first.
        session.flushStatements();
        return new Unit(session, known);
    }

    private <T> T inCurrent(Function<Unit, T> work) {
        CallersUnit caller = callers.get();
        return caller == null ? inUnit(work) : work.apply(caller.unit());
    }

    private static <T> T translating(String doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw DatabaseErrors.translate(doing, e);
        }
    }

    private final class CallersUnit {
        private final SqlSession session;
        private @Nullable Unit unit;

        CallersUnit(SqlSession session) {
            this.session = session;
        }

        Unit unit() {
            if (unit == null) {
                unit = joining(session);
            } else {
                session.flushStatements();
            }
            return unit;
        }
    }
}
