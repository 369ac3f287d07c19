package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationException.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A migration that has failed on H2, which commits each CREATE by itself: what it had made is there. It is done to its end from
 * where it stopped: what is there is left as it is, nothing is dropped, and the history then says that it was applied.
 */
final class UnfinishedMigration {
    private static final Pattern STATEMENT =
            Pattern.compile("(?s)(CREATE TABLE|CREATE INDEX|INSERT INTO) ([a-z_]+)(?: ON ([a-z_]+))?\\b.*");

    private static final Pattern ADDS_COLUMN =
            Pattern.compile("ALTER TABLE [a-z_]+ ADD COLUMN IF NOT EXISTS [a-z_]+ .*");

    private static final Pattern COLUMN = Pattern.compile("(?m)^  (?!CONSTRAINT )([a-z_]+) ");

    private final Connection connection;
    private final TablesState state;
    private final Migration migration;

    UnfinishedMigration(Connection connection, TablesState state, Migration migration) {
        this.connection = connection;
        this.state = state;
        this.migration = migration;
    }

    /**
     * Does what is left of it, and returns whether it was this process that did.
     *
     * @throws MigrationException if something stands there that it would have made otherwise
     */
    boolean finish() throws SQLException {
        String before = connection.getSchema();
        connection.setSchema(state.schema());
        try {
            int done = 0;
            for (String sql : remaining()) {
                done = run(sql);
            }
            return done == 1;
        } finally {
            connection.setSchema(before);
        }
    }

    /** What is left to be done, for a session that stands in the schema; the last statement notes that it is. */
    List<String> remaining() throws SQLException {
        List<String> remaining = new ArrayList<>();
        for (String sql : statements(migration.text(state.database()))) {
            if (!isDone(sql)) {
                remaining.add(sql);
            }
        }
        remaining.add("UPDATE \"" + EventStoreSchema.HISTORY + "\" SET \"success\" = TRUE WHERE \"version\" = '"
                + migration.version() + "' AND NOT \"success\"");
        return remaining;
    }

    /** The statements of a script, without comments; ours have a semicolon at the end of a line and nowhere else. */
    static List<String> statements(String script) {
        String sql = script.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
        return Arrays.stream(sql.split(";\n|;$"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private boolean isDone(String sql) throws SQLException {
        if (ADDS_COLUMN.matcher(sql).matches()) {
            // Does nothing the second time.
            return false;
        }
        Matcher statement = STATEMENT.matcher(sql);
        if (!statement.matches()) {
            throw new AssertionError("It cannot be told whether this was done: " + sql);
        }
        String name = statement.group(2);
        return switch (statement.group(1)) {
            case "CREATE TABLE" -> hasTable(name, sql);
            // The user may have one of that name on another table.
            case "CREATE INDEX" -> indexes(statement.group(3)).contains(name);
            default -> !columns(name).isEmpty() && hasRows(name);
        };
    }

    private boolean hasTable(String name, String sql) throws SQLException {
        Set<String> columns = columns(name);
        Set<String> ours =
                COLUMN.matcher(sql).results().map(column -> column.group(1)).collect(Collectors.toSet());
        if (!columns.isEmpty() && !columns.equals(ours)) {
            throw new MigrationException(
                    Reason.NAMES_TAKEN,
                    state.schema(),
                    migration + " has failed before, and cannot be done to its end: the table " + name + " in schema "
                            + state.schema() + " is not one of this library. Rename it, and migrate again.",
                    null);
        }
        return !columns.isEmpty();
    }

    private Set<String> columns(String table) throws SQLException {
        return names("COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS", "TABLE_SCHEMA", "TABLE_NAME", table);
    }

    private Set<String> indexes(String table) throws SQLException {
        return names("INDEX_NAME FROM INFORMATION_SCHEMA.INDEXES", "INDEX_SCHEMA", "TABLE_NAME", table);
    }

    private Set<String> names(String what, String schemaColumn, String nameColumn, String name) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT " + what + " WHERE " + schemaColumn + " = ? AND lower(" + nameColumn + ") = ?")) {
            query.setString(1, state.schema());
            query.setString(2, name);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1).toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    private boolean hasRows(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT EXISTS (SELECT 1 FROM " + TablesState.quoted(state.schema()) + '.' + table + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private int run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
