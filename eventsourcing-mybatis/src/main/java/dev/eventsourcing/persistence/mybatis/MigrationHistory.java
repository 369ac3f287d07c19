package dev.eventsourcing.persistence.mybatis;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

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
     * the table without a row writes the row, whoever made the table.
     *
     * @return whether this process has written the first row
     * @throws SQLException also if another process does the same at the same time
     */
    boolean begin() throws SQLException {
        return state.database() == Database.H2 ? onH2() : onPostgres();
    }

    private boolean onH2() throws SQLException {
        String before = connection.getSchema();
        connection.setSchema(state.schema());
        try {
            return run() == 1;
        } finally {
            connection.setSchema(before);
        }
    }

    private boolean onPostgres() throws SQLException {
        connection.setAutoCommit(false);
        try {
            int rows = run();
            connection.commit();
            return rows == 1;
        } catch (Throwable e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Returns how many rows the last statement has written. */
    private int run() throws SQLException {
        int rows = 0;
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements()) {
                rows = statement.executeUpdate(sql);
            }
        }
        return rows;
    }

    private List<String> statements() {
        List<String> statements = new ArrayList<>();
        if (state.database() == Database.POSTGRESQL && schema.isNamed()) {
            statements.add("SET LOCAL search_path TO " + schema.quoted());
        }
        if (!state.hasHistory()) {
            statements.addAll(UnfinishedMigration.statements(MigrationScript.history(state.database())));
        }
        // The same rank from two processes: the primary key lets one of them write it.
        statements.add(MigrationScript.firstRow() + " HAVING count(\"version\") = 0");
        return statements;
    }
}
