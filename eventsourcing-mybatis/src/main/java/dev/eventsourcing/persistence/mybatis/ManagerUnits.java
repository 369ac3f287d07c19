package dev.eventsourcing.persistence.mybatis;

import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ibatis.session.SqlSessionManager;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of a {@link SqlSessionManager}: the one that the user has started on this thread, else one that we start, so
 * that mappers which the user got from the manager take part in it.
 */
final class ManagerUnits extends Units {
    private final SqlSessionManager manager;
    private final ThreadLocal<@Nullable Started> started = new ThreadLocal<>();

    ManagerUnits(SqlSessionManager manager, Tables tables) {
        super(manager, tables);
        this.manager = manager;
    }

    @Override
    boolean activeWithoutCaller() {
        return manager.isManagedSessionStarted();
    }

    @Override
    <T> T requiredWithoutCaller(Supplier<T> work) {
        // Starting a second session would leak the first.
        if (manager.isManagedSessionStarted()) {
            return work.get();
        }
        start();
        OwnTransaction transaction = new OwnTransaction(manager);
        return transaction.run(
                () -> {
                    started.set(new Started(transaction, begin()));
                    return work.get();
                },
                this::proveAlive,
                started::remove);
    }

    /** The session is the manager's own, so that nothing is counted. */
    @Override
    <T> T requiredForRehearsal(StatementCounter counter, Supplier<T> work) {
        return requiredWithoutCaller(work);
    }

    @Override
    void flush() {
        inUnit(unit -> unit);
    }

    @Override
    void forgetReads() {
        manager.clearCache();
    }

    @Override
    void forgetLoss() {
        inUnit(unit -> {
            unit.forgetLoss();
            return unit;
        });
    }

    @Override
    boolean activeIsOurs() {
        return started.get() != null;
    }

    @Override
    boolean afterCommitWithoutCaller(Runnable action) {
        Started ours = started.get();
        if (ours == null) {
            return false;
        }
        ours.transaction.afterCommit(action);
        return true;
    }

    @Override
    <T> T inUnit(Function<Unit, T> work) {
        Started ours = started.get();
        if (ours == null) {
            return work.apply(joining(manager, null));
        }
        // What the user has batched so far comes first.
        ours.unit.watching(() -> sendBatched(manager));
        return work.apply(ours.unit);
    }

    @Override
    <M, T> T callMapper(Class<M> mapper, Function<M, T> work) {
        Started ours = started.get();
        Supplier<T> call = () -> work.apply(manager.getMapper(mapper));
        return ours == null ? call.get() : ours.unit.watching(call);
    }

    private void start() {
        try {
            manager.startManagedSession(false);
        } catch (Exception e) {
            throw DatabaseErrors.translate("Opening a session", e);
        }
    }

    private Unit begin() {
        try {
            return joining(manager, begun());
        } catch (Exception e) {
            throw DatabaseErrors.translate("Connecting to the database", e);
        }
    }

    /** A transaction that we have started, with one unit throughout, as that remembers whether the transaction is lost. */
    private record Started(OwnTransaction transaction, Unit unit) {}
}
