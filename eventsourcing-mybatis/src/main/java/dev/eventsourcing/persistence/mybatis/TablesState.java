package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has become of our tables in a database, as its history says at one moment. To read it changes nothing.
 *
 * @param address the product and where it is
 * @param schema the schema that the tables are in, or would be
 * @param hasSchema whether there is that schema
 * @param hasHistory whether there is the table of the history
 * @param history its rows, oldest first
 */
record TablesState(
        Database database,
        String address,
        String schema,
        boolean hasSchema,
        boolean hasHistory,
        List<Applied> history) {
    /**
     * Reads it.
     *
     * @throws MigrationException if the connection stands in no schema, and none is named
     */
    static TablesState of(Connection connection, Schema named) throws SQLException {
        TablesState state = withoutHistory(connection, named);
        return state.hasHistory
                ? new TablesState(
                        state.database,
                        state.address,
                        state.schema,
                        state.hasSchema,
                        true,
                        history(connection, state.schema))
                : state;
    }

    /** The same without the rows of the history, which not everybody may read. */
    static TablesState withoutHistory(Connection connection, Schema named) throws SQLException {
        Database database = Database.of(connection);
        String schema = named.isNamed() ? named.name() : connection.getSchema();
        if (schema == null || schema.isEmpty()) {
            throw new MigrationException(
                    Reason.MISSING_RIGHT,
                    "",
                    "The connections to " + database.address(connection)
                            + " stand in no schema: their search_path names"
                            + " none that exists and may be used. Name one: eventsourcing.schema, or inSchema.",
                    null);
        }
        return new TablesState(
                database,
                database.address(connection),
                schema,
                hasSchema(connection, schema),
                hasTable(connection, schema, EventStoreSchema.HISTORY),
                List.of());
    }

    /** That of a file which is not there; it will be made with the schema that H2 always has. */
    static TablesState ofMissingFile(String url, Schema named) {
        return new TablesState(
                Database.H2,
                "H2 at " + Database.address(url) + ", a file that is not there yet",
                named.isNamed() ? named.name() : "PUBLIC",
                !named.isNamed() || named.name().equals("PUBLIC"),
                false,
                List.of());
    }

    private static List<Applied> history(Connection connection, String schema) throws SQLException {
        List<Applied> history = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT \"version\", \"type\", \"checksum\", \"success\" FROM "
                        + quoted(schema) + '.'
                        + quoted(EventStoreSchema.HISTORY) // Others say that the table was made, and the schema.
                        + " WHERE \"version\" IS NOT NULL ORDER BY \"installed_rank\"")) {
            while (rows.next()) {
                int checksum = rows.getInt(3);
                history.add(new Applied(
                        String.valueOf(rows.getString(1)),
                        "BASELINE".equals(rows.getString(2)),
                        rows.wasNull() ? null : checksum,
                        rows.getBoolean(4)));
            }
        }
        return history;
    }

    static boolean hasSchema(Connection connection, String name) throws SQLException {
        try (ResultSet schemas = connection.getMetaData().getSchemas()) {
            while (schemas.next()) {
                if (name.equals(schemas.getString("TABLE_SCHEM"))) {
                    return true;
                }
            }
            return false;
        }
    }

    static boolean hasTable(Connection connection, String schema, String name) throws SQLException {
        // Both names are patterns there.
        try (ResultSet tables = connection.getMetaData().getTables(null, null, name, null)) {
            while (tables.next()) {
                if (schema.equals(tables.getString("TABLE_SCHEM")) && name.equals(tables.getString("TABLE_NAME"))) {
                    return true;
                }
            }
            return false;
        }
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The version that the tables have; 0 if there are none. */
    int version() {
        return Migration.ALL.stream()
                .filter(this::isDone)
                .mapToInt(Migration::version)
                .max()
                .orElse(0);
    }

    /** What is not applied, oldest first; what has failed is. */
    List<Migration> pending() {
        return Migration.ALL.stream().filter(migration -> !isDone(migration)).toList();
    }

    /** What was begun and has failed. */
    Optional<Migration> failed() {
        return history.stream().filter(row -> !row.success).findFirst().flatMap(row -> Migration.of(row.version));
    }

    private boolean isDone(Migration migration) {
        return history.stream()
                .anyMatch(row -> row.success
                        && (row.isOf(migration)
                                || (row.baseline
                                        && Migration.of(row.version)
                                                .filter(base -> base.version() >= migration.version())
                                                .isPresent())));
    }

    /**
     * Throws if this library must not touch the tables.
     *
     * @throws MigrationException if a newer one has made them, or the history is not as this one would have written it
     */
    void requireOurs() {
        for (Applied row : history) {
            Optional<Migration> known = Migration.of(row.version);
            if (known.isEmpty() && !row.baseline) {
                throw newer(row.version);
            }
            known.filter(migration -> row.success && !row.baseline).ifPresent(migration -> requireSame(row, migration));
        }
        pending().stream()
                .filter(migration -> migration.version() < version())
                .findFirst()
                .ifPresent(migration -> {
                    throw changed(
                            "has no row for " + migration + ", though it has one for version " + version()
                                    + ". If the migration was applied, write the row back; else take the database from a backup");
                });
    }

    private void requireSame(Applied row, Migration migration) {
        if (!Integer.valueOf(migration.checksum(database)).equals(row.checksum)) {
            throw changed("says that " + migration + " was applied with checksum " + row.checksum
                    + ", and the script of this library has " + migration.checksum(database)
                    + ": one of the two was changed. Take the library's jar from where it is released, and compare the tables"
                    + " with those of an empty schema; then correct the row");
        }
    }

    private MigrationException newer(String version) {
        return new MigrationException(
                Reason.NEWER_TABLES,
                schema,
                "The tables in schema " + schema + " of " + address + " are at version " + version
                        + ", which a newer version of the library has made: this one knows versions up to "
                        + Migration.latest()
                        + ", and changed nothing. Use that newer version of eventsourcing-mybatis here.",
                null);
    }

    private MigrationException changed(String what) {
        return new MigrationException(
                Reason.CHANGED_HISTORY,
                schema,
                "The table " + EventStoreSchema.HISTORY + " in schema " + schema + " of " + address + ' ' + what
                        + ". Nothing was changed.",
                null);
    }

    /**
     * A row of the history.
     *
     * @param baseline whether it only says where the history begins
     */
    record Applied(
            String version, boolean baseline, @Nullable Integer checksum, boolean success) {
        boolean isOf(Migration migration) {
            return !baseline && version.equals(String.valueOf(migration.version()));
        }
    }
}
