package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.persistence.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of a container. Each piece of work has a session of its own, from the same transaction factory and data
 * source as the user's, which the container lets take part in the thread's transaction.
 */
final class ContainerUnits extends Units {
    private final Transactions container;
    private final BackgroundWork background;
    private volatile @Nullable SqlSessionFactory ours;

    ContainerUnits(SqlSessionFactory users, Transactions container, Tables tables, BackgroundWork background) {
        super(users, tables);
        this.container = container;
        this.background = background;
    }

    @Override
    boolean activeWithoutCaller() {
        return container.active();
    }

    @Override
    <T> T requiredWithoutCaller(Supplier<T> work) {
        if (!container.active()) {
            return begin(work);
        }
        // Not by way of the container, which would take any error of ours for the end of its transaction.
        try {
            return work.get();
        } catch (Exception e) {
            if (e instanceof TransactionLostException || DatabaseErrors.loseTransaction(e)) {
                // The end of it indeed: by way of the container, so that it is not committed if this is swallowed.
                return inContainer(() -> {
                    throw Thrown.unchanged(e);
                });
            }
            throw e;
        }
    }

    private <T> T begin(Supplier<T> work) {
        AtomicBoolean done = new AtomicBoolean();
        try {
            return inContainer(() -> {
                rememberConnection();
                T result = work.get();
                // The container commits on the word of the driver, which does not tell of an error that was swallowed.
                proveAlive();
                done.set(true);
                return result;
            });
        } catch (Exception e) {
            // What the container throws then is of its commit, and may be checked.
            if (done.get() && DatabaseErrors.sqlException(e) != null) {
                throw DatabaseErrors.translateCommit("Committing", e);
            }
            throw e;
        }
    }

    /** The container has the connection already. */
    private void rememberConnection() {
        BegunTransaction own = begun();
        if (own != null) {
            try (SqlSession session = users().openSession()) {
                own.isOn(session.getConnection());
            } catch (Exception e) {
                throw DatabaseErrors.translate("Connecting to the database", e);
            }
        }
    }

    /** Does work in the container's transaction. Containers commit for checked exceptions, so none is shown to them. */
    private <T> T inContainer(Supplier<T> work) {
        try {
            return container.required(() -> {
                try {
                    return work.get();
                } catch (Throwable e) {
                    if (e instanceof RuntimeException || e instanceof Error) {
                        throw e;
                    }
                    throw new CheckedException(e);
                }
            });
        } catch (Exception e) {
            // Containers may wrap what they roll back for.
            Optional<CheckedException> carried = Thrown.first(e, CheckedException.class);
            if (carried.isPresent()) {
                throw Thrown.unchanged(carried.get().getCause());
            }
            throw e;
        }
    }

    /** Carries a checked exception out of the container's transaction. */
    private static final class CheckedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CheckedException(Throwable checked) {
            super(checked.getClass().getName(), checked, false, false);
        }

        @Override
        public Throwable getCause() {
            return Objects.requireNonNull(super.getCause());
        }
    }

    /** Sessions are the container's, so that nothing is counted. */
    @Override
    <T> T requiredForRehearsal(StatementCounter counter, Supplier<T> work) {
        return requiredWithoutCaller(work);
    }

    /** Each call of a mapper has done so. */
    @Override
    void flush() {}

    /** Each piece of work has a session of its own. */
    @Override
    void forgetReads() {}

    /** Nobody remembers it. */
    @Override
    void forgetLoss() {}

    @Override
    boolean activeIsOurs() {
        return false;
    }

    @Override
    boolean afterCommitWithoutCaller(Runnable action) {
        return container.afterCommit(action);
    }

    /** Containers tell of the commit before they give the connection back. */
    @Override
    public boolean runInBackground(BooleanSupplier work) {
        background.submit(this, work);
        return true;
    }

    @Override
    <T> T inUnit(Function<Unit, T> work) {
        return inUnit(
                connection -> {
                    BegunTransaction own = begun();
                    // The container may have suspended that one, and begun another.
                    return own != null && own.hasConnection(connection) ? own : null;
                },
                work);
    }

    @Override
    <T> T inBegun(Function<Unit, T> work) {
        return inUnit(connection -> begun(), work);
    }

    private <T> T inUnit(Function<Connection, @Nullable BegunTransaction> of, Function<Unit, T> work) {
        SqlSessionFactory factory = ours;
        if (factory == null) {
            // One that has no statements yet: which ones, only a connection can tell.
            try (SqlSession asking = users().openSession()) {
                factory = new SqlSessionFactoryBuilder()
                        .build(statements(asking.getConnection()).in(environment()));
            }
            ours = factory;
        }
        try (SqlSession session = factory.openSession()) {
            BegunTransaction own = of.apply(session.getConnection());
            Unit unit = Unit.begun(session, statements(session.getConnection()), own);
            if (own == null || own.id().isEmpty()) {
                requireJoined(session);
            } else {
                unit.requireUsable();
            }
            return work.apply(unit);
        }
    }

    @Override
    <M, T> T callMapper(Class<M> mapper, Function<M, T> work) {
        try (SqlSession session = users().openSession()) {
            requireJoined(session);
            T result = work.apply(session.getMapper(mapper));
            session.flushStatements();
            return result;
        }
    }

    private Environment environment() {
        Environment theirs = users().getConfiguration().getEnvironment();
        return new Environment("eventsourcing", theirs.getTransactionFactory(), theirs.getDataSource());
    }

    /** Throws if the container's transaction is one of another data source: ours would commit every statement. */
    private void requireJoined(SqlSession session) {
        try {
            if (session.getConnection().getAutoCommit()) {
                throw new ConfigurationException("The container's transaction does not cover the data source "
                        + users().getConfiguration().getEnvironment().getDataSource()
                        + " of the recorders. Give the recorders a SqlSessionFactory on the data source of the"
                        + " transaction manager.");
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Asking whether the connection takes part in the transaction", e);
        }
    }
}
