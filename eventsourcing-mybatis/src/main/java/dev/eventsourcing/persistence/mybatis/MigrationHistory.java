package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Thrown;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Makes the table in which Flyway notes migrations, with its first row. Flyway makes it too, but where it cannot, it tries ten
 * times with a second between, so that a role without the right to create tables waits 9 s for the answer; and of several
 * processes that start at once, all but one wait a second.
 */
final class MigrationHistory {
    private final Connection connection;
    private final TablesState state;
    private final Schema schema;

    MigrationHistory(Connection connection, TablesState state, Schema schema) {
        this.connection = connection;
        this.state = state;
        this.schema = schema;
    }

    /**
     * Makes what is missing of it. On PostgreSQL this is one transaction; H2 commits each CREATE by itself, so a process that finds
     * the table without its index or its first row adds them, whoever made the table.
     *
     * @throws SQLException also if another process does the same at the same time
     */
    void begin() throws SQLException {
        if (state.database() == Database.H2) {
            onH2();
        } else {
            onPostgres();
        }
    }

    private void onH2() throws SQLException {
        String before = connection.getSchema();
        connection.setSchema(state.schema());
        try {
            run(statement -> statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"));
        } catch (Throwable e) {
            setSchema(before, e);
            throw e;
        }
        connection.setSchema(before);
    }

    private void onPostgres() throws SQLException {
        connection.setAutoCommit(false);
        try {
            // Not by way of the search path, in which PostgreSQL passes by a schema that the role may not use.
            run(statement -> statement.replace(MigrationScript.HISTORY, schema.prefix() + MigrationScript.HISTORY));
            connection.commit();
        } catch (Throwable e) {
            LostConnection.rollBack(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
    }

    private void run(UnaryOperator<String> adapted) throws SQLException {
        List<String> statements =
                new ArrayList<>(UnfinishedMigration.statements(MigrationScript.history(state.database())));
        if (state.hasHistory()) {
            statements.removeIf(sql -> sql.startsWith("CREATE TABLE") || state.database() != Database.H2);
        }
        // The same rank from two processes: the primary key lets one of them write it.
        statements.add(MigrationScript.firstRow() + " HAVING count(\"version\") = 0");
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(adapted.apply(sql));
            }
        }
    }

    /** Sets the schema that the connection had; the error that made it necessary is the one to tell. */
    private void setSchema(String schemaBefore, Throwable error) {
        try {
            connection.setSchema(schemaBefore);
        } catch (Throwable e) {
            Thrown.suppress(error, e);
        }
    }
}
