package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.PolicyScope;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.RehearsedUnit;
import dev.eventsourcing.persistence.RolledBack;
import dev.eventsourcing.persistence.TransactionEndedException;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.mybatis.ErrorKind.Owner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.ibatis.executor.BatchResult;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.defaults.DefaultSqlSession;
import org.apache.ibatis.transaction.jdbc.JdbcTransaction;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions in the terms of MyBatis. A session that the caller gives goes before all; what there is without one,
 * subclasses say.
 */
abstract class Units implements Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);

    private final SqlSessionFactory users;
    private final Tables tables;
    private final ThreadLocal<@Nullable CallersUnit> callers = new ThreadLocal<>();
    private final ThreadLocal<@Nullable BegunTransaction> begun = new ThreadLocal<>();
    private volatile @Nullable Statements statements;
    private volatile @Nullable SqlSessionFactory alone;
    private volatile @Nullable EventOrder order;
    private volatile boolean givesEachItsOwn;
    private volatile @Nullable ConfigurationException sharesConnection;

    Units(SqlSessionFactory users, Tables tables) {
        this.users = users;
        this.tables = tables;
    }

    /** Whether the thread is in a transaction that no caller's session stands for. */
    abstract boolean activeWithoutCaller();

    /** {@link #required} where there is no caller's session. */
    abstract <T> T requiredWithoutCaller(Supplier<T> work);

    /** {@link #afterCommit} where there is no caller's session. */
    abstract boolean afterCommitWithoutCaller(Runnable action);

    /** Whether the thread's transaction is one that we have opened, and end. */
    abstract boolean activeIsOurs();

    /** Opens a transaction for a rehearsal, whose statements are counted where the sessions are ours. */
    abstract <T> T requiredForRehearsal(StatementCounter counter, Supplier<T> work);

    /** Sends what the user has batched in the session in hand; called in a rehearsal. */
    abstract void flush();

    /** Has the session in hand forget what it has read; called in a rehearsal. */
    abstract void forgetReads();

    /** Has the transaction in hand forget that it is lost: what lost it was undone; called in a rehearsal. */
    abstract void forgetLoss();

    /** Throws if the transaction in hand could not be committed. */
    final void proveAlive() {
        translating(
                "Committing",
                () -> inBegun(unit -> {
                    unit.proveAlive();
                    return unit;
                }));
    }

    /** The transaction that this thread's {@link #required} has begun; null if it has joined one. */
    final @Nullable BegunTransaction begun() {
        return begun.get();
    }

    /** Does work with the transaction that this thread's {@link #required} has begun, and with no other that is in hand since. */
    <T> T inBegun(Function<Unit, T> work) {
        return inUnit(work);
    }

    /** Limits how long the transaction in hand may be idle. */
    final void limitIdleness(long millis) {
        translating(
                "Limiting how long the transaction may be idle",
                () -> begun.get() == null || callers.get() != null
                        ? inCurrent(unit -> limitIdleness(unit, millis))
                        : inBegun(unit -> limitIdleness(unit, millis)));
    }

    private static Unit limitIdleness(Unit unit, long millis) {
        unit.limitIdleness(millis);
        return unit;
    }

    /** Called in the transaction of a batch before any code of the user's runs in it. */
    final void beginBatch() {
        BegunTransaction own = begun.get();
        if (own != null && callers.get() == null) {
            own.isOfABatch();
            translating("Beginning a batch", () -> {
                identifyBatch();
                return own;
            });
        }
    }

    /** Has the transaction of a batch identified before code of the user's runs in it, which may reach it in whatever way. */
    void identifyBatch() {
        inBegun(unit -> {
            unit.identifyBatch();
            return unit;
        });
    }

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
        if (callers.get() != null) {
            return work.get();
        }
        if (Rehearsal.isOn() && !activeWithoutCaller()) {
            throw outsideOf("A dry run would change this database for good: its transactions are those of"
                    + " recorders that no follower of the system has.");
        }
        return activeWithoutCaller() ? requiredWithoutCaller(work) : begin(work);
    }

    /** Does work in a transaction that only we end. If somebody else does, it is said even where the work has failed. */
    private <T> T begin(Supplier<T> work) {
        translating("Connecting to the database", this::requireConnectionsOfTheirOwn);
        BegunTransaction own = new BegunTransaction();
        BegunTransaction outer = begun.get();
        begun.set(own);
        try {
            return requiredWithoutCaller(() -> {
                try {
                    return work.get();
                } catch (Throwable e) {
                    lookWhetherEnded(own);
                    throw e;
                }
            });
        } catch (Throwable e) {
            lookWhatBecameOf(own);
            throw Thrown.unchanged(ofAnEndedTransaction(own, e));
        } finally {
            if (outer == null) {
                begun.remove();
            } else {
                begun.set(outer);
            }
        }
    }

    /** Looks whether a transaction in which work has failed is there yet to be rolled back, whatever the work made of it. */
    private void lookWhetherEnded(BegunTransaction own) {
        if (own.id().isEmpty()) {
            return;
        }
        try {
            proveAlive();
        } catch (Throwable e) {
            if (own.ended() == null && DatabaseErrors.areOfAStatement(e)) {
                // The transaction in hand has failed, and tells nothing more.
                own.untold();
            }
        }
    }

    /**
     * Looks whether a transaction was committed or prepared that we have rolled back: where it has failed on PostgreSQL since, that cannot be
     * asked before.
     */
    private void lookWhatBecameOf(BegunTransaction own) {
        if (!own.isUntold()) {
            return;
        }
        try {
            aside("Asking what became of a transaction", unit -> unit.endOf(own.id()))
                    .ifPresent(own::isEnded);
        } catch (Throwable e) {
            LOG.warn(
                    "It is not known whether a transaction in which work has failed was ended before it could be rolled back: {}",
                    Thrown.message(e),
                    Thrown.readable(e));
        }
    }

    /** The error of a transaction that was ended, if it was; else the error at hand. */
    private static Throwable ofAnEndedTransaction(BegunTransaction own, Throwable error) {
        TransactionEndedException ended = own.ended();
        if (ended == null || Thrown.chain(error).contains(ended)) {
            return error;
        }
        if (!Thrown.chain(ended).contains(error)) {
            Thrown.suppress(ended, error);
        }
        return ended;
    }

    @Override
    public final <T> T rehearse(Duration yieldsAfter, Function<RehearsedUnit, T> work) {
        if (active()) {
            throw new ConfigurationException("Nothing is rehearsed in a transaction. Do it outside of one.");
        }
        StatementCounter counter = new StatementCounter();
        return RolledBack.of(ending -> requiredForRehearsal(counter, ending), () -> {
            DatabaseRehearsal rehearsal = translating(
                    "Beginning a dry run",
                    () -> DatabaseRehearsal.in(this, inUnit(Unit::connection), counter, yieldsAfter));
            return rehearsal.run(() -> work.apply(rehearsal));
        });
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

    /** Reads with the transaction in hand, else with statements that each are one. */
    final <T> T read(Object doing, Function<Unit, T> work) {
        return translating(doing, () -> active() ? inCurrent(work) : alone(work));
    }

    /** The same for reading a log. */
    final <T> T readLog(Object doing, BiFunction<EventOrder, Unit, T> work) {
        return read(doing, unit -> {
            if (!unit.isAlone()) {
                unit.requireReadCommitted();
            }
            return work.apply(order(unit), unit);
        });
    }

    /**
     * Appends with the transaction in hand, else in one of its own, which may be the statement alone. If it fails, nothing of it
     * stays, and the transaction in hand stays usable.
     */
    final <T> T append(Object doing, BiFunction<EventOrder, Unit, T> work) {
        if (!active()) {
            EventOrder known = order;
            if (known == null) {
                known = translating(doing, () -> alone(this::order));
            }
            if (known.appendsAtOnce()) {
                return translating(doing, () -> alone(unit -> work.apply(order(unit), unit)));
            }
        }
        return writeInOrder(doing, work);
    }

    /** The same for work that is more than an append. */
    final <T> T writeInOrder(Object doing, BiFunction<EventOrder, Unit, T> work) {
        return write(doing, unit -> work.apply(order(unit), unit));
    }

    /** Does work that writes with the transaction in hand, else in one of its own. */
    final <T> T write(Object doing, Function<Unit, T> work) {
        return translating(
                doing,
                () -> active()
                        ? inCurrent(unit -> unit.atomically(doing, () -> work.apply(unit)))
                        : required(() -> inCurrent(work)));
    }

    /**
     * The same for what ends a unit of work. If it fails, a transaction that is ours cannot be committed any more, which saves
     * two round trips for a savepoint.
     */
    final <T> T writeLast(Object doing, BiFunction<EventOrder, Unit, T> work) {
        if (callers.get() != null || begun.get() == null) {
            return writeInOrder(doing, work);
        }
        return translating(
                doing,
                () -> inBegun(unit -> activeIsOurs()
                        ? unit.atLast(() -> work.apply(order(unit), unit))
                        : unit.atomically(doing, () -> work.apply(order(unit), unit))));
    }

    /** Does work with a mapper of the user's, in the transaction in hand or in one of its own. */
    final <M, T> T withMapper(Class<M> type, Function<M, T> work) {
        if (PolicyScope.isOn() && !Rehearsal.isOn() && !active()) {
            throw outsideOf(
                    "Mapper " + type.getName()
                            + " is called in a policy, and is no part of its transaction: what it writes"
                            + " would stay, whatever becomes of the batch, and be written again when the event is processed again.");
        }
        return required(() -> {
            CallersUnit caller = callers.get();
            return caller == null
                    ? callMapper(type, work)
                    : caller.unit().watching(() -> work.apply(caller.session.getMapper(type)));
        });
    }

    private static ConfigurationException outsideOf(String what) {
        return new ConfigurationException(what
                + " Take mappers from the recorders of the follower whose policy uses them; one whose calls are meant to be"
                + " transactions of their own is given by recorders.mapperOutside(..), and refused in a dry run.");
    }

    /**
     * Does work with a mapper of the user's outside of any transaction, on a connection of its own: what it writes is committed by
     * itself, whatever becomes of the transaction in hand.
     */
    final <M, T> T withMapperOutside(Class<M> type, Function<M, T> work) {
        if (Rehearsal.isOn()) {
            throw outsideOf("A dry run would change this database for good: mapper " + type.getName()
                    + " was taken to work outside of the policy's transaction.");
        }
        Configuration configuration = users.getConfiguration();
        Environment environment = configuration.getEnvironment();
        try (SqlSession session = new DefaultSqlSession(
                configuration,
                configuration.newExecutor(
                        new JdbcTransaction(environment.getDataSource(), null, true),
                        configuration.getDefaultExecutorType()),
                true)) {
            T result = work.apply(session.getMapper(type));
            session.flushStatements();
            return result;
        }
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
                known = new Statements(Database.of(connection), tables.schema());
            } catch (SQLException e) {
                throw DatabaseErrors.translate("Asking which database this is", e);
            }
            statements = known;
        }
        return known;
    }

    /** How the log is ordered: as the schema has it recorded; asked once. */
    private EventOrder order(Unit unit) {
        EventOrder known = order;
        if (known == null) {
            synchronized (this) {
                known = order == null ? tables.order(unit) : order;
                order = known;
            }
        }
        return known;
    }

    /**
     * Does work with statements that each are a transaction, whatever the thread's is: on a connection of their own, which a
     * thread that holds one already may have to wait for.
     */
    final <T> T aside(Object doing, Function<Unit, T> work) {
        return translating(doing, () -> alone(work));
    }

    /**
     * Does work with statements that each are a transaction. Not to be called in a transaction: who holds a connection and waits
     * for another one may wait for ever.
     */
    private <T> T alone(Function<Unit, T> work) {
        if (!active()) {
            requireConnectionsOfTheirOwn();
        }
        SqlSessionFactory factory = alone;
        if (factory == null) {
            factory = standingAlone();
            alone = factory;
        }
        try (SqlSession session = factory.openSession(true)) {
            return work.apply(Unit.alone(session, statements(session.getConnection())));
        }
    }

    /** Looks once at the data source; called where this thread holds none of its connections. */
    private DataSource requireConnectionsOfTheirOwn() {
        DataSource dataSource = users.getConfiguration().getEnvironment().getDataSource();
        if (!givesEachItsOwn) {
            ConfigurationException before = sharesConnection;
            if (before != null) {
                throw new ConfigurationException(String.valueOf(before.getMessage()), before);
            }
            try {
                SharedConnection.requireNone(dataSource);
            } catch (ConfigurationException e) {
                // The next look might find nothing but a connection that is closed.
                sharesConnection = e;
                throw e;
            }
            givesEachItsOwn = true;
        }
        return dataSource;
    }

    /** Sessions of our own on the user's data source, past any container. */
    private SqlSessionFactory standingAlone() {
        DataSource dataSource = users.getConfiguration().getEnvironment().getDataSource();
        try (Connection asking = dataSource.getConnection()) {
            return new SqlSessionFactoryBuilder()
                    .build(statements(asking)
                            .in(new Environment("eventsourcing", new JdbcTransactionFactory(), dataSource)));
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Connecting to the database", e);
        }
    }

    /** The unit for a session that is not ours, which then has to know our statements; null if others may end its transaction. */
    final Unit joining(SqlSession session, @Nullable BegunTransaction own) {
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
        sendBatched(session);
        return Unit.begun(session, known, own);
    }

    /** Sends what the user has batched in a session. What fails then is a statement of the user's. */
    static List<BatchResult> sendBatched(SqlSession session) {
        try {
            return session.flushStatements();
        } catch (Exception e) {
            throw DatabaseErrors.translate("Sending the statements that were batched", e, Owner.USER);
        }
    }

    private <T> T inCurrent(Function<Unit, T> work) {
        CallersUnit caller = callers.get();
        return caller == null ? inUnit(work) : work.apply(caller.unit());
    }

    /** What is done is put into words only if it fails. */
    private static <T> T translating(Object doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw DatabaseErrors.translate(doing.toString(), e);
        }
    }

    @Override
    public final Optional<PersistenceException> passing(Throwable error) {
        if (DatabaseErrors.areOfAnErrorBefore(error)) {
            return DatabaseErrors.translate("Work in the database", error, Owner.USER)
                            instanceof PersistenceException known
                    ? Optional.of(known)
                    : Optional.empty();
        }
        return DatabaseErrors.translate("Work in the database", error, Owner.USER) instanceof PersistenceException known
                        && known.isTransient()
                ? Optional.of(Rehearsal.isOn() ? DatabaseRehearsal.inADryRun(known) : known)
                : Optional.empty();
    }

    private final class CallersUnit {
        private final SqlSession session;
        private @Nullable Unit unit;

        CallersUnit(SqlSession session) {
            this.session = session;
        }

        Unit unit() {
            if (unit == null) {
                unit = translating("Joining the session", () -> joining(session, null));
            } else {
                sendBatched(session);
            }
            return unit;
        }
    }
}
