package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Listeners;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.RolledBack;
import java.sql.Connection;
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
        try {
            result = work.get();
            proveAlive.run();
            commit();
        } catch (Throwable e) {
            rollBack(e);
            end.run();
            close(e);
            throw e;
        }
        end.run();
        session.close();
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
        } catch (Throwable e) {
            endConnection(error, e);
        }
    }

    /** Closing the session would commit: it sets autocommit. */
    private void endConnection(Throwable error, Throwable failed) {
        try {
            Connection connection = session.getConnection();
            // Nothing is left to roll back on a connection that the database has ended: a dry run is as good as without
            // that.
            if (!(error instanceof RolledBack) || LostConnection.isAlive(connection)) {
                Thrown.suppress(error, failed);
            }
            LostConnection.end(connection);
        } catch (Throwable e) {
            Thrown.suppress(error, e);
        }
    }

    private void close(Throwable error) {
        try {
            session.close();
        } catch (Throwable e) {
            if (!(error instanceof RolledBack)) {
                Thrown.suppress(error, e);
            }
        }
    }
}
