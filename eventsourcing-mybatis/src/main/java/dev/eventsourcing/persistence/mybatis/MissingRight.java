package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationException.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Which right the role of a connection lacks to migrate, and the statement that gives it. */
final class MissingRight {
    private final Connection connection;
    private final Schema named;

    MissingRight(Connection connection, Schema named) {
        this.connection = connection;
        this.named = named;
    }

    /** The exception for an error of the database. */
    MigrationException explain(String doing, Throwable error) throws SQLException {
        TablesState state = TablesState.withoutHistory(connection, named);
        String what = state.database() == Database.H2 ? onH2(state) : onPostgres(state);
        return new MigrationException(
                Reason.MISSING_RIGHT,
                state.schema(),
                doing + " failed: " + what + " The database says: " + DatabaseErrors.firstLine(error) + ".",
                error);
    }

    private String onH2(TablesState state) throws SQLException {
        String role = ask("SELECT CURRENT_USER");
        return "user " + role + " may not make or read tables in schema " + state.schema() + " of " + state.address()
                + ". An administrator can allow it: GRANT ALTER ANY SCHEMA TO " + TablesState.quoted(role) + "; "
                + orScript(state);
    }

    private String onPostgres(TablesState state) throws SQLException {
        String name = ask("SELECT current_user");
        String role = TablesState.quoted(name);
        String schema = TablesState.quoted(state.schema());
        String place = state.schema() + " of " + state.address();
        if (!state.hasSchema()) {
            return "role " + name + " may not create schema " + place
                    + ". An administrator can create it: CREATE SCHEMA " + schema + " AUTHORIZATION " + role
                    + "; or allow it: GRANT CREATE ON DATABASE " + TablesState.quoted(ask("SELECT current_database()"))
                    + " TO " + role + "; " + orScript(state);
        }
        String owner = state.hasHistory()
                ? ask(
                        "SELECT tableowner FROM pg_tables WHERE schemaname = ? AND tablename = ?"
                                + " AND NOT pg_has_role(tableowner, 'USAGE')",
                        state.schema(),
                        EventStoreSchema.HISTORY)
                : "";
        if (!owner.isEmpty()) {
            return "role " + name + " does not own the tables in schema " + place + ". Connect as role " + owner
                    + " to migrate them. To ask what is pending, this is enough: GRANT USAGE ON SCHEMA " + schema
                    + " TO "
                    + role + "; GRANT SELECT ON " + schema + '.' + TablesState.quoted(EventStoreSchema.HISTORY) + " TO "
                    + role + ";";
        }
        return "role " + name + " may not make tables in schema " + place
                + ". An administrator can allow it: GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + role + "; "
                + orScript(state);
    }

    private static String orScript(TablesState state) {
        return "or make the tables: mvn eventsourcing:script -Ddatabase="
                + state.database().id() + " -Deventsourcing.schema=" + state.schema()
                + (state.hasHistory() ? " -Dfrom=.." : "") + " prints the SQL.";
    }

    private String ask(String query, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? String.valueOf(row.getString(1)) : "";
            }
        }
    }
}
