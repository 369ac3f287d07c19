package dev.eventsourcing.persistence.mybatis;

import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ibatis.executor.Executor;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.defaults.DefaultSqlSession;
import org.apache.ibatis.transaction.managed.ManagedTransactionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that we open, commit and close. The user's mappers and our statements have a session each, over one
 * connection: the user's session holds the transaction, ours only borrows the connection.
 */
final class OwnUnits extends Units {
    private final ThreadLocal<@Nullable Own> current = new ThreadLocal<>();
    private volatile @Nullable SqlSessionFactory borrowers;

    OwnUnits(SqlSessionFactory users, Tables tables) {
        super(users, tables);
    }

    @Override
    boolean activeWithoutCaller() {
        return current.get() != null;
    }

    @Override
    <T> T requiredWithoutCaller(Supplier<T> work) {
        if (current.get() != null) {
            return work.get();
        }
        return run(new OwnTransaction(open()), work);
    }

    @Override
    <T> T requiredForRehearsal(StatementCounter counter, Supplier<T> work) {
        return run(new OwnTransaction(openCounted(counter)), work);
    }

    private <T> T run(OwnTransaction transaction, Supplier<T> work) {
        return transaction.run(
                () -> {
                    current.set(begin(transaction));
                    return work.get();
                },
                () -> own().requireCommittable(),
                current::remove);
    }

    @Override
    boolean activeIsOurs() {
        return true;
    }

    @Override
    boolean afterCommitWithoutCaller(Runnable action) {
        Own own = current.get();
        if (own == null) {
            return false;
        }
        own.transaction.afterCommit(action);
        return true;
    }

    @Override
    <T> T inUnit(Function<Unit, T> work) {
        Own own = own();
        // What the user has batched so far comes first.
        own.sendBatched();
        // Which statements that check, and not all do.
        own.unit.doubt();
        T result = work.apply(own.unit);
        own.provenAlive = !own.unit.isInDoubt();
        return result;
    }

    /** Not yet: code of the user's reaches it by mappers alone. */
    @Override
    void identifyBatch() {}

    @Override
    <M, T> T callMapper(Class<M> mapper, Function<M, T> work) {
        Own own = own();
        own.unit.identifyBatch();
        own.unit.doubt();
        own.provenAlive = false;
        return own.unit.watching(() -> work.apply(own.transaction.session().getMapper(mapper)));
    }

    private SqlSession open() {
        try {
            return users().openSession(false);
        } catch (Exception e) {
            throw DatabaseErrors.translate("Opening a session", e);
        }
    }

    /** Opens a session as the user's factory does, but for the counter around what executes its statements. */
    private SqlSession openCounted(StatementCounter counter) {
        try {
            Configuration configuration = users().getConfiguration();
            Environment environment = configuration.getEnvironment();
            Executor executor = configuration.newExecutor(
                    environment.getTransactionFactory().newTransaction(environment.getDataSource(), null, false),
                    configuration.getDefaultExecutorType());
            return new DefaultSqlSession(
                    configuration, counter.around(executor, configuration.getDefaultExecutorType()), false);
        } catch (Exception e) {
            throw DatabaseErrors.translate("Opening a session", e);
        }
    }

    @Override
    void flush() {
        Own own = own();
        own.sendBatched();
    }

    @Override
    void forgetReads() {
        Own own = own();
        own.transaction.session().clearCache();
        own.unit.forgetReads();
    }

    @Override
    void forgetLoss() {
        own().unit.forgetLoss();
    }

    private Own begin(OwnTransaction transaction) {
        try {
            SqlSession holding = transaction.session();
            Statements statements = statements(holding.getConnection());
            SqlSessionFactory factory = borrowers;
            if (factory == null) {
                factory = borrowers(statements);
                borrowers = factory;
            }
            return new Own(transaction, Unit.begun(factory.openSession(holding.getConnection()), statements, begun()));
        } catch (Exception e) {
            throw DatabaseErrors.translate("Connecting to the database", e);
        }
    }

    /** Makes sessions whose commit, rollback and close leave the connection alone. */
    private SqlSessionFactory borrowers(Statements statements) {
        ManagedTransactionFactory leavingOpen = new ManagedTransactionFactory();
        Properties settings = new Properties();
        settings.setProperty("closeConnection", "false");
        leavingOpen.setProperties(settings);
        Environment environment = new Environment(
                "eventsourcing",
                leavingOpen,
                users().getConfiguration().getEnvironment().getDataSource());
        return new SqlSessionFactoryBuilder().build(statements.in(environment));
    }

    private Own own() {
        Own own = current.get();
        if (own == null) {
            throw new AssertionError("No transaction is open on this thread");
        }
        return own;
    }

    private static final class Own {
        private final OwnTransaction transaction;
        private final Unit unit;
        private boolean provenAlive;

        Own(OwnTransaction transaction, Unit unit) {
            this.transaction = transaction;
            this.unit = unit;
        }

        void sendBatched() {
            unit.watching(() -> Units.sendBatched(transaction.session()));
        }

        void requireCommittable() {
            sendBatched();
            if (!provenAlive) {
                unit.proveAlive();
            }
            unit.requireUsable();
        }
    }
}
