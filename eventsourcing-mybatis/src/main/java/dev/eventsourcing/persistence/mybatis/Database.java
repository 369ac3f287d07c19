package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/** The databases that there are statements and migrations for. */
enum Database {
    H2("h2"),
    POSTGRESQL("postgresql");

    private final String id;

    Database(String id) {
        this.id = id;
    }

    /** How statements and migrations name it. */
    String id() {
        return id;
    }

    /**
     * The database that a connection leads to.
     *
     * @throws ConfigurationException if it is none of these
     */
    static Database of(Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        return switch (about.getDatabaseProductName()) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            default ->
                throw new ConfigurationException("Database " + about.getDatabaseProductName() + " "
                        + about.getDatabaseProductVersion() + " is not supported. Use H2 or PostgreSQL.");
        };
    }
}
