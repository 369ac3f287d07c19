package dev.eventsourcing.maven.it;

import java.io.File;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A look into a database, for scripts; these cannot use the driver manager, whose search for drivers leaves them out. */
public final class ItDatabase {
    private ItDatabase() {}

    /** The URL of the database that goals fall back to in a module. */
    public static String defaultOf(File module) {
        return "jdbc:h2:file:" + new File(module, "target/eventsourcing").getAbsolutePath();
    }

    /** The rows of a query: each a list of its columns' values, or the value itself where there is one column. */
    public static List<@Nullable Object> rows(String url, String query) {
        return rows(url, new Properties(), query);
    }

    /** The same for a user with a password. */
    public static List<@Nullable Object> rows(String url, String user, String password, String query) {
        Properties credentials = new Properties();
        credentials.setProperty("user", user);
        credentials.setProperty("password", password);
        return rows(url, credentials, query);
    }

    /** The number that a query gives. */
    public static long number(String url, String query) {
        Object number = rows(url, query).get(0);
        if (number == null) {
            throw new IllegalStateException(query + " gives null");
        }
        return ((Number) number).longValue();
    }

    /** How many rows tables have, in their order. */
    public static List<Long> counts(String url, String... tables) {
        List<Long> counts = new ArrayList<>();
        for (String table : tables) {
            counts.add(number(url, "SELECT count(*) FROM " + table));
        }
        return counts;
    }

    /** Executes a statement that has no result. */
    public static void execute(String url, String sql) {
        try (Connection connection = connect(url, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static List<@Nullable Object> rows(String url, Properties credentials, String query) {
        List<@Nullable Object> rows = new ArrayList<>();
        try (Connection connection = connect(url, credentials);
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(query)) {
            int columns = results.getMetaData().getColumnCount();
            while (results.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(results.getObject(column));
                }
                rows.add(columns == 1 ? row.get(0) : row);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private static Connection connect(String url, Properties credentials) throws SQLException {
        boolean h2 = url.startsWith("jdbc:h2:");
        Driver driver = h2 ? new org.h2.Driver() : new org.postgresql.Driver();
        // A typing error is not to make a new, empty database.
        Connection connection = driver.connect(h2 ? url + ";IFEXISTS=TRUE" : url, credentials);
        if (connection == null) {
            throw new SQLException("No connection for " + url);
        }
        return connection;
    }
}
