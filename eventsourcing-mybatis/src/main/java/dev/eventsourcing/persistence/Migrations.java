package dev.eventsourcing.persistence;

import java.util.List;

/** Brings the tables of a database to the version that the library works with. Never drops a table. */
public interface Migrations {
    /**
     * Applies what is pending; nothing if the tables are up to date. Safe when several processes do it at once.
     *
     * @throws MigrationException if a migration fails, or must not be applied
     * @throws PersistenceException if the database cannot be reached
     */
    MigrationReport migrate();

    /** The schema that the tables were asked to be in; empty for the one that connections stand in. */
    String schema();

    /** How the log is to be ordered, as settings name it; empty for "as the schema has it recorded". */
    default String ordering() {
        return "";
    }

    /**
     * Where the user and the password of the connections come from, in words and without their values; empty if a data source was
     * given that has them on its own.
     */
    default String credentials() {
        return "";
    }

    /**
     * Where the tables are, or would be. Asks the database, which need not have the tables; changes nothing.
     *
     * @throws CannotConnectException if the database cannot be reached
     * @throws PersistenceException if it does not answer
     */
    default TablesPlace place() {
        MigrationPlan plan = plan();
        return new TablesPlace(plan.database(), plan.schema());
    }

    /**
     * Whether a JDBC URL names the database that the connections lead to, however it is written; true if that cannot be told. Asks the
     * connections for their URL.
     *
     * @throws CannotConnectException if the database cannot be reached
     */
    default boolean isIn(String url) {
        return true;
    }

    /**
     * What {@link #migrate} would do now. Changes nothing, and waits for no other process that migrates: of what that has not
     * committed yet, nothing is seen.
     *
     * @throws MigrationException if the tables must not be migrated with this version of the library
     * @throws PersistenceException if the database cannot be reached
     */
    MigrationPlan plan();

    /**
     * The migrations that are not applied yet, oldest first, each as its version and what it does.
     *
     * @throws MigrationException if the tables must not be migrated with this version of the library
     * @throws PersistenceException if the database cannot be reached
     */
    default List<String> pending() {
        return plan().pending();
    }

    /**
     * The SQL that makes or upgrades tables, for who runs it by hand: with the rows of the history, so that {@link #migrate} and
     * {@link #pending} know afterwards what was applied. Connects to nothing.
     *
     * @param database what the recorders call the database, as {@code postgresql}
     * @param above the version that the tables have already; 0 for none
     * @param settings say which recorders, in which schema, and how the log is to be ordered
     * @throws dev.eventsourcing.domain.ConfigurationException if the recorders have no tables, or do not know the database, the
     *     version or a setting
     */
    static String script(String database, int above, Settings settings) {
        return ChosenRecorders.provider(settings).script(database, above, settings);
    }
}
