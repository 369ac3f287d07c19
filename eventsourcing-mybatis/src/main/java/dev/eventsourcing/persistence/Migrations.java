package dev.eventsourcing.persistence;

import java.util.List;

/** Brings the tables of a database to the version that the library works with. */
public interface Migrations {
    /**
     * Applies what is pending; nothing if the tables are up to date. Safe when several processes do it at once.
     *
     * @throws PersistenceException if a migration fails or the database cannot be reached
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
     * The migrations that are not applied yet, oldest first, each as its version and what it does.
     *
     * @throws PersistenceException if the database cannot be reached
     */
    List<String> pending();
}
