package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationException.Reason;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that a schema is the place for our tables, before anything is written there: a migration and its dry run refuse the same.
 */
record MigrationPlace(TablesDatabase tables, MigrationWaits waits) {
    /** How often the schema is looked at while another process makes the same tables at the same time. */
    private static final int TRIES = 20;

    /**
     * Checks it.
     *
     * @throws MigrationException if the schema has tables of others with the names of ours, or no schema is named and another one
     *     of the search path has our tables
     */
    void requireFit() {
        for (int tries = 1; ; tries++) {
            Set<String> taken = tables.ask(FlywayMigration.MIGRATING, this::takenNames);
            if (taken.isEmpty()) {
                return;
            }
            if (tries == TRIES) {
                String schema = tables.state(FlywayMigration.MIGRATING).schema();
                throw new MigrationException(
                        Reason.NAMES_TAKEN,
                        schema,
                        "Migrating the tables failed: the schema " + schema
                                + " has tables of these names already: " + taken
                                + ". If they are yours, rename them, or give the library a schema of its own"
                                + " (eventsourcing.schema, or inSchema). If a process was ended in the middle of a"
                                + " migration, and they are empty, rename them too, and drop them when all is well.",
                        null);
            }
            // Another process may be about to note that it has made them.
            waits.pause();
        }
    }

    /** The names of ours that others have. What a migration has made that failed is looked at when it is gone on with. */
    private Set<String> takenNames(Connection connection) throws SQLException {
        TablesState state = TablesState.of(connection, tables.schema());
        requireNoOtherSchema(connection, state);
        Set<String> taken = new TreeSet<>();
        try (ResultSet found = connection.getMetaData().getTables(null, null, null, null)) {
            while (found.next()) {
                if (state.schema().equals(found.getString("TABLE_SCHEM"))) {
                    taken.add(found.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
                }
            }
        }
        taken.retainAll(state.pending().stream()
                .filter(migration -> state.failed().filter(migration::equals).isEmpty())
                .flatMap(migration -> migration.tables(state.database()).stream())
                .collect(Collectors.toSet()));
        return taken;
    }

    /** A schema that has come before ours in the search path, as one of the role's name, would get tables of its own. */
    private void requireNoOtherSchema(Connection connection, TablesState state) throws SQLException {
        if (tables.schema().isNamed() || state.hasHistory() || state.database() != Database.POSTGRESQL) {
            return;
        }
        for (String other : searchPath(connection)) {
            // In its own another process may have made it since.
            if (!other.equals(state.schema()) && TablesState.hasTable(connection, other, EventStoreSchema.HISTORY)) {
                throw new MigrationException(
                        Reason.OTHER_SCHEMA,
                        state.schema(),
                        "The schema " + other + " of " + state.address()
                                + " has the tables already, and the connection stands in "
                                + state.schema()
                                + ", which comes before it in the search_path. New tables there would be another,"
                                + " empty store. Nothing was changed. If " + other + " is the right one, name it:"
                                + " eventsourcing.schema=" + other + ", or inSchema. For another store name "
                                + state.schema() + ".",
                        null);
            }
        }
    }

    private static List<String> searchPath(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.current_schemas(FALSE)::text[]")) {
            row.next();
            Array schemas = row.getArray(1);
            return Stream.of((String[]) schemas.getArray()).toList();
        }
    }
}
