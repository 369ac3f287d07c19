package dev.eventsourcing.testsupport;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** A database of one test, with a pool of connections to it. */
public abstract class TestDatabase implements AutoCloseable {
    private static final Pattern PASSWORD = Pattern.compile("[?&]password=([^&]*)");

    private final String url;
    private final HikariDataSource pool;

    TestDatabase(String url) {
        this.url = url;
        this.pool = pool(url);
    }

    /** A pool over a database. */
    public static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMinimumIdle(1);
        config.setMaximumPoolSize(16);
        config.setConnectionTimeout(20_000);
        return new HikariDataSource(config);
    }

    /** Whether a session waits for a lock that another holds. */
    public abstract boolean somebodyWaits();

    /** Makes every statement wait at most so long for a lock, on connections made from now on through the URL. */
    public abstract String urlWithLockTimeout(int milliseconds);

    public String url() {
        return url;
    }

    /** The settings that lead to it: a password is no part of a URL there. */
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        Matcher password = PASSWORD.matcher(url);
        if (password.find()) {
            settings.put("eventsourcing.password", password.group(1));
        }
        settings.put("eventsourcing.url", url.replaceAll("password=[^&]*&?", ""));
        return settings;
    }

    public DataSource dataSource() {
        return pool;
    }

    /** Runs a statement and commits it. */
    public void execute(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of every row. */
    public List<String> column(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> column = new ArrayList<>();
            while (rows.next()) {
                column.add(rows.getString(1));
            }
            return column;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** How many rows a table has for everybody: what is not committed is not counted. */
    public long count(String table) {
        return Long.parseLong(column("SELECT count(*) FROM " + table).get(0));
    }

    @Override
    public void close() {
        pool.close();
    }
}
