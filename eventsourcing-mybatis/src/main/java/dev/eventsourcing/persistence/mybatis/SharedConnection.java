package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Recognises data sources that hand out one connection for all, as Spring's {@code SingleConnectionDataSource} does: transactions of
 * several threads would be one, and a statement that stands alone would commit the others.
 */
final class SharedConnection {
    private SharedConnection() {}

    /**
     * Takes a connection and gives it back, twice. One that is open after its close was not given back, and one that is closed when it is
     * handed out was not made for the caller. It never holds two, which a pool may not have.
     *
     * @throws ConfigurationException if the data source hands out one connection for all
     */
    static void requireNone(DataSource dataSource) {
        try {
            if (isOpenAfterItsClose(dataSource.getConnection())) {
                throw refused(dataSource, "it stays open when it is closed", null);
            }
            requireAnother(dataSource);
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Connecting to the database", e);
        }
    }

    private static boolean isOpenAfterItsClose(Connection connection) throws SQLException {
        connection.close();
        try {
            return !connection.isClosed();
        } catch (SQLException e) {
            // Some that were given back answer nothing any more.
            return false;
        }
    }

    private static void requireAnother(DataSource dataSource) throws SQLException {
        try (Connection other = dataSource.getConnection()) {
            if (other.isClosed()) {
                throw refused(dataSource, "it is closed for all when one has closed it", null);
            }
        } catch (SQLException e) {
            if (e.getSQLState() == null && ErrorKind.of(e) == ErrorKind.OTHER) {
                throw refused(dataSource, "there is none when one has closed it", e);
            }
            throw e;
        }
    }

    private static ConfigurationException refused(DataSource dataSource, String sign, @Nullable SQLException cause) {
        String message =
                "The data source " + dataSource.getClass().getName() + " hands out one connection for all: " + sign
                        + ". Transactions of several threads would be one. Give the recorders a data source that gives each caller a"
                        + " connection of its own, as a pool does.";
        return cause == null ? new ConfigurationException(message) : new ConfigurationException(message, cause);
    }
}
