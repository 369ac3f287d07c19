package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Listeners;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.ibatis.session.SqlSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transaction that we opened: it is committed, or rolled back, and its session closed, whatever happens. */
final class OwnTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);

    private final SqlSession session;
    private final List<Runnable> afterCommit = new ArrayList<>();

    OwnTransaction(SqlSession session) {
        this.session = session;
    }

    SqlSession session() {
        return session;
    }

    void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    /**
     * Does the work and ends the transaction.
     *
     * @param proveAlive throws if the transaction could not be committed; called last
     * @param end called when the session is about to be closed
     */
    <T> T run(Supplier<T> work, Runnable proveAlive, Runnable end) {
        T result;
        try (session) {
            try {
                result = work.get();
                proveAlive.run();
                commit();
            } catch (Throwable e) {
                rollBack(e);
                throw e;
            } finally {
                end.run();
            }
        }
        Listeners.callAll(
                afterCommit,
                Runnable::run,
                e -> LOG.error("An action after a commit failed; what was committed stays.", e));
        return result;
    }

    private void commit() {
        try {
            session.commit(true);
        } catch (Exception e) {
            throw DatabaseErrors.translateCommit("Committing", e);
        }
    }

    private void rollBack(Throwable error) {
        try {
            session.rollback(true);
        } catch (Exception e) {
            error.addSuppressed(e);
        }
    }
}
