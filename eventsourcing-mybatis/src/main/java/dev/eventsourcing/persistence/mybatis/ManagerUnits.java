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
    private final ThreadLocal<@Nullable OwnTransaction> started = new ThreadLocal<>();

    ManagerUnits(SqlSessionManager manager, Schema schema) {
        super(manager, schema);
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
        manager.startManagedSession(false);
        OwnTransaction transaction = new OwnTransaction(manager);
        started.set(transaction);
        return transaction.run(
                work,
                () -> {
                    manager.flushStatements();
                    inUnit(unit -> {
                        unit.proveAlive();
                        return unit;
                    });
                },
                started::remove);
    }

    @Override
    boolean afterCommitWithoutCaller(Runnable action) {
        OwnTransaction transaction = started.get();
        if (transaction == null) {
            return false;
        }
        transaction.afterCommit(action);
        return true;
    }

    @Override
    <T> T inUnit(Function<Unit, T> work) {
        return work.apply(joining(manager));
    }

    @Override
    <M, T> T callMapper(Class<M> mapper, Function<M, T> work) {
        return work.apply(manager.getMapper(mapper));
    }
}
