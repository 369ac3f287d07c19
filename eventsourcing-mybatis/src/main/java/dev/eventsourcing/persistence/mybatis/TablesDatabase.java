package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.EventSourcingException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The database that has our tables in a schema, or is to have them: who asks it something gets errors that can be understood. */
record TablesDatabase(DataSource dataSource, Schema schema) {
    /** Asks a connection of its own, which commits each statement. */
    <T> T ask(String doing, Question<T> question) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(true);
            return question.of(connection);
        } catch (Exception e) {
            // Pools have errors of their own for a first connection that fails.
            throw explain(doing, e);
        }
    }

    /** What has become of the tables. */
    TablesState state(String doing) {
        return ask(doing, connection -> TablesState.of(connection, schema));
    }

    /** The exception for an error; where a right is missing, it says which. */
    EventSourcingException explain(String doing, Throwable error) {
        if (!(error instanceof EventSourcingException)
                && ErrorKind.of(DatabaseErrors.sqlException(error)) == ErrorKind.NO_RIGHT) {
            try (Connection connection = dataSource.getConnection()) {
                return new MissingRight(connection, schema).explain(doing, error);
            } catch (Exception e) {
                error.addSuppressed(e);
            }
        }
        return DatabaseErrors.translate(doing, error);
    }

    /** Something to ask of a connection. */
    interface Question<T> {
        T of(Connection connection) throws SQLException;
    }
}
