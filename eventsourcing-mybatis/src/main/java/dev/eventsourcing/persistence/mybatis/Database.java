package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The databases that there are statements and migrations for. */
enum Database {
    H2("h2", 2),
    POSTGRESQL("postgresql", 13);

    private final String id;
    private final int oldest;

    Database(String id, int oldest) {
        this.id = id;
        this.oldest = oldest;
    }

    /** How statements and migrations name it. */
    String id() {
        return id;
    }

    /**
     * The database that a connection leads to.
     *
     * @throws ConfigurationException if it is none of these, too old, or an H2 that takes empty texts for NULL
     */
    static Database of(Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        Database database = switch (about.getDatabaseProductName()) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            default ->
                throw new ConfigurationException("Database " + about.getDatabaseProductName() + " "
                        + about.getDatabaseProductVersion() + " is not supported. Use H2 or PostgreSQL.");
        };
        if (about.getDatabaseMajorVersion() < database.oldest) {
            throw new ConfigurationException(about.getDatabaseProductName() + " " + about.getDatabaseProductVersion()
                    + " is not supported: use " + database.oldest + " or newer.");
        }
        if (database == H2) {
            requireEmptyTexts(connection);
        }
        return database;
    }

    /** In the mode for Oracle a topic, a state or a reason that is empty would be NULL. The other modes store what they are given. */
    private static void requireEmptyTexts(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet mode = statement.executeQuery(
                        "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'MODE'")) {
            if (mode.next() && "Oracle".equalsIgnoreCase(mode.getString(1))) {
                throw new ConfigurationException(
                        "H2 is in its mode for Oracle, which stores empty texts as NULL, so events would"
                                + " not be stored as they are. Use another mode, or leave MODE=Oracle out of the URL.");
            }
        }
    }

    /**
     * The database of a name.
     *
     * @throws ConfigurationException if there is none
     */
    static Database named(String id) {
        return Arrays.stream(values())
                .filter(database -> database.id.equals(id))
                .findAny()
                .orElseThrow(() -> new ConfigurationException("Database '" + id + "' is unknown. Known databases: "
                        + Arrays.stream(values()).map(Database::id).collect(Collectors.joining(", ")) + "."));
    }

    /** Product and address; what follows the address in a URL, and may hold a password, is left out. */
    String address(Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        return about.getDatabaseProductName() + " " + about.getDatabaseProductVersion() + " at "
                + address(about.getURL());
    }

    /** A URL without what may hold a password. */
    static String address(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
    }
}
