package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Thrown;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions on a connection whose rollback may fail. Setting autocommit, as pools and MyBatis do when a connection is closed,
 * would then commit.
 */
final class LostConnection {
    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);
    private static final int SECONDS_TO_ANSWER = 5;

    private LostConnection() {}

    /**
     * Rolls back and sets autocommit. If that fails, the connection is ended, and with it the transaction.
     *
     * @param error why it is rolled back; what fails here becomes a suppressed exception of it
     */
    static void rollBack(Connection connection, Throwable error) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (Throwable e) {
            Thrown.suppress(error, e);
            end(connection);
        }
    }

    /** Whether the database still answers on the connection. */
    static boolean isAlive(Connection connection) {
        try {
            return !connection.isClosed() && connection.isValid(SECONDS_TO_ANSWER);
        } catch (Throwable e) {
            return false;
        }
    }

    /** Ends the connection to the database, so that the database rolls back what was done on it. */
    static void end(Connection connection) {
        attempt(() -> connection.abort(Runnable::run));
        // H2 ignores abort. A connection of a pool would only be given back by its own close.
        attempt(() -> connection.unwrap(Connection.class).close());
    }

    private static void attempt(Ending ending) {
        try {
            ending.end();
        } catch (Throwable e) {
            LOG.debug("Ending a connection: {}", Thrown.message(e), Thrown.readable(e));
        }
    }

    private interface Ending {
        void end() throws SQLException;
    }
}
