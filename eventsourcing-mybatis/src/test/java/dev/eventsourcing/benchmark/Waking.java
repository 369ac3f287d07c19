package dev.eventsourcing.benchmark;

import dev.eventsourcing.persistence.SharedStore;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * What it costs writers that followers in other processes wake up: by NOTIFY in the transaction of each append, by NOTIFY behind
 * the commits, by polling; and what one poll costs. Several writers at once share a flush, which NOTIFY keeps them from: it
 * holds a lock, one for all databases of the server, from before the flush until after it.
 */
final class Waking {
    private static final int ROUNDS = 3;
    private static final int CONNECTIONS = 40;
    private static final int POLLING_PROCESSES = 3;
    private static final int APPLICATIONS = 10;
    private static final long NOTIFY_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long POLL_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private static final List<String> NAMES =
            IntStream.range(0, APPLICATIONS).mapToObj(number -> "App" + number).toList();
    private static final String HEADS = """
            SELECT name, (SELECT max(id) FROM stored_events WHERE application_name = name)
            FROM unnest(?::varchar[]) AS names(name)
            """;

    private final BenchmarkServer server;

    Waking(BenchmarkServer server) {
        this.server = server;
    }

    /** Prints appends a second; the trigger that does nothing says what of NOTIFY's cost is the trigger's. */
    void writers() throws Exception {
        List<Program> programs = List.of(
                triggered("PERFORM length('events')"),
                triggered("PERFORM pg_notify('events', '')"),
                notifiedBehind(),
                polled(),
                appends(server.database(CONNECTIONS)));
        Growth growth = new Growth(
                ROUNDS,
                true,
                List.of("writers", "idle trigger", "NOTIFY within", "NOTIFY behind", "polled", "appends alone"));
        for (int writers : new int[] {1, 8, 32}) {
            growth.row(Integer.toString(writers), writers, programs);
        }
        growth.print("Appends of one event a second, with a process that LISTENs, or " + POLLING_PROCESSES
                + " that ask for the heads of " + APPLICATIONS + " logs each 10 ms");
        server.dropAll();
    }

    /** Prints polls a second. */
    void heads(long events) throws Exception {
        BenchmarkDatabase database = server.database(CONNECTIONS);
        for (String name : NAMES) {
            database.fillStreams(name, events / APPLICATIONS / 1_000, 1_000);
        }
        database.settle();
        SharedStore store = new Ours(database, Ordering.DEFAULT).recorders().sharedStore();
        Growth growth = new Growth(ROUNDS, true, List.of("threads", "ours", "plain"));
        for (int threads : new int[] {1, 8}) {
            growth.row(
                    Integer.toString(threads),
                    threads,
                    List.of(() -> () -> store.heads(NAMES).size() / APPLICATIONS, plainHeads(database)));
        }
        growth.print("Heads of %d logs over %,d events: statements a second".formatted(APPLICATIONS, events));
        server.dropAll();
    }

    private static Program appends(BenchmarkDatabase database) {
        return new Ours(database, Ordering.DEFAULT).append("App0", 1);
    }

    private Program triggered(String work) throws SQLException {
        BenchmarkDatabase database = server.database(CONNECTIONS);
        Program appends = appends(database);
        database.execute("CREATE FUNCTION wake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + work
                + "; RETURN NULL; END $$; CREATE TRIGGER wake AFTER INSERT ON stored_events EXECUTE FUNCTION wake()");
        listen(database);
        return appends;
    }

    /** By a thread of its own, at most each 5 ms. What nobody must find again after a crash need not be flushed. */
    private Program notifiedBehind() throws SQLException {
        BenchmarkDatabase database = server.database(CONNECTIONS);
        Program appends = appends(database);
        listen(database);
        Connection connection = connection(database, "SET synchronous_commit = off");
        AtomicBoolean appended = new AtomicBoolean();
        background(() -> {
            if (appended.getAndSet(false)) {
                execute(connection, "NOTIFY events");
            }
            LockSupport.parkNanos(NOTIFY_PAUSE);
        });
        return () -> {
            Program.Turn append = appends.begin();
            return () -> {
                long done = append.run();
                appended.set(true);
                return done;
            };
        };
    }

    private Program polled() throws SQLException {
        BenchmarkDatabase database = server.database(CONNECTIONS);
        Ours ours = new Ours(database, Ordering.DEFAULT);
        Program appends = ours.append("App0", 1);
        SharedStore store = ours.recorders().sharedStore();
        AtomicInteger writers = new AtomicInteger();
        for (int i = 0; i < POLLING_PROCESSES; i++) {
            background(() -> {
                if (writers.get() > 0) {
                    store.heads(NAMES);
                }
                LockSupport.parkNanos(POLL_PAUSE);
            });
        }
        return () -> {
            Program.Turn append = appends.begin();
            writers.incrementAndGet();
            return new Program.Turn() {
                @Override
                public long run() throws Exception {
                    return append.run();
                }

                @Override
                public void close() {
                    writers.decrementAndGet();
                }
            };
        };
    }

    private static Program plainHeads(BenchmarkDatabase database) {
        return () -> {
            Connection connection = connection(database, "SET synchronous_commit = on");
            PreparedStatement statement = connection.prepareStatement(HEADS);
            Array names = connection.createArrayOf("varchar", NAMES.toArray());
            return new Program.Turn() {
                @Override
                public long run() throws SQLException {
                    statement.setArray(1, names);
                    List<Long> heads = new ArrayList<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            heads.add(rows.getLong(2));
                        }
                    }
                    return heads.size() / APPLICATIONS;
                }

                @Override
                public void close() throws SQLException {
                    connection.close();
                }
            };
        };
    }

    private static void listen(BenchmarkDatabase database) throws SQLException {
        Connection connection = connection(database, "LISTEN events");
        background(() -> connection.unwrap(PGConnection.class).getNotifications(0));
    }

    private static Connection connection(BenchmarkDatabase database, String first) throws SQLException {
        Connection connection = database.pool().getConnection();
        connection.setAutoCommit(true);
        execute(connection, first);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Repeats something until the database is gone. */
    private static void background(Repeated repeated) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    repeated.run();
                }
            } catch (Exception ended) {
                System.out.println("  ended: " + ended.getMessage());
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @FunctionalInterface
    private interface Repeated {
        void run() throws Exception;
    }
}
