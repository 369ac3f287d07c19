package dev.eventsourcing.benchmark;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How cost grows with the events in the table, the writers, the applications in one table, and the followers. */
final class Scaling {
    private static final int CONNECTIONS = 48;
    /** So many streams of so many events are the first 10,000 events of the table that grows. */
    private static final int STREAMS = 100;

    private final BenchmarkServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Scaling(BenchmarkServer server) {
        this.server = server;
    }

    /** Prints a table for each, and returns how many events were missed. */
    long run() throws Exception {
        writers();
        applications();
        long missed = followers();
        events();
        System.out.println(System.lineSeparator() + "missed events: " + missed);
        return missed;
    }

    private void events() throws Exception {
        BenchmarkDatabase database = server.database(CONNECTIONS);
        RecorderFactory recorders = new Ours(database, Ordering.DEFAULT).recorders();
        List<String> columns = new ArrayList<>(List.of("events in the table"));
        Ordering.ALL.forEach(ordering -> columns.addAll(List.of("append, " + ordering.name(), "")));
        columns.addAll(List.of("load 100", "", "empty poll", "", "last page of 500", ""));
        Series series = new Series(columns);
        for (long size = 10_000; size <= Long.getLong("benchmark.events", 10_000_000); size *= 10) {
            if (size == 10_000) {
                database.fillStreams("Busy", STREAMS, 100);
            } else {
                database.fill("Busy", size - size / 10);
            }
            database.settle();
            List<Double> rates = new ArrayList<>();
            for (Ordering ordering : Ordering.ALL) {
                rates.add(rate(new Ours(database, ordering).append("Appends", 1)));
            }
            rates.add(rate(new Ours(database, Ordering.DEFAULT).load("Busy", STREAMS)));
            rates.add(rate(emptyPoll(database, recorders, "Busy")));
            rates.add(rate(lastPage(database, recorders, "Busy")));
            series.add("%,d".formatted(size), rates);
        }
        series.print("Events in the table: operations a second of one thread, and as a share of the first row");
        server.drop(database);
    }

    private void writers() throws Exception {
        BenchmarkDatabase oursDatabase = server.database(CONNECTIONS);
        BenchmarkDatabase plainDatabase = server.database(CONNECTIONS);
        for (Ordering ordering : Ordering.ALL) {
            Series series = new Series(List.of("writers", "ours", "", "plain", "", "ratio", ""));
            for (int writers = 1; writers <= 32; writers *= 2) {
                Comparison.Result result = new Comparison(1, 5)
                        .run(
                                writers,
                                new Ours(oursDatabase, ordering).append("Appends", 1),
                                new Plain(plainDatabase).append("Appends", 1),
                                () -> {});
                series.add(Integer.toString(writers), List.of(result.ours(), result.plain(), result.ratio()));
            }
            series.print("Writers, order of appends " + ordering.name()
                    + ": appends of one event a second, and as a share of the first row");
        }
        server.drop(oursDatabase);
        server.drop(plainDatabase);
    }

    private void applications() throws Exception {
        Series series = new Series(List.of("applications", "poll of a quiet one", "", "page of a busy one", ""));
        for (int applications : new int[] {1, 10, 100}) {
            BenchmarkDatabase database = server.database(CONNECTIONS);
            RecorderFactory recorders = new Ours(database, Ordering.DEFAULT).recorders();
            database.fill("Quiet", 10);
            database.fillApplications(applications, 10_000);
            database.settle();
            series.add(
                    Integer.toString(applications),
                    List.of(
                            rate(emptyPoll(database, recorders, "Quiet")),
                            rate(lastPage(database, recorders, "App0"))));
            server.drop(database);
        }
        series.print(
                "Applications of 10,000 events in one table: operations a second, and as a share of the first row");
    }

    private long followers() throws Exception {
        BenchmarkDatabase database = server.database(CONNECTIONS);
        Ours ours = new Ours(database, Ordering.DEFAULT);
        database.fill("Leader", 10_000);
        database.settle();
        long missed = 0;
        Series series = new Series(List.of("followers", "seconds", "", "events/s of all", ""));
        for (int count = 1; count <= 32; count *= 2) {
            List<Callable<Long>> following = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add("Follower" + count + "of" + i);
                Program program = ours.follow("Leader", names.get(i), NotificationSelection.DEFAULT_LIMIT);
                following.add(() -> program.begin().run());
            }
            long start = System.nanoTime();
            for (Future<Long> follower : threads.invokeAll(following)) {
                follower.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            for (String name : names) {
                missed += database.missed("Leader", name);
            }
            series.add(Integer.toString(count), List.of(seconds, count * 10_000 / seconds));
        }
        series.print("Followers of one leader, a thread each: 10,000 events for each, and as a share of the first row");
        server.drop(database);
        return missed;
    }

    /** A pull by a follower that has processed all. */
    private static Program emptyPoll(BenchmarkDatabase database, RecorderFactory recorders, String leader)
            throws Exception {
        long end = database.lastId(leader);
        database.execute("INSERT INTO notification_tracking VALUES ('Idle', '" + leader + "', " + end + ", 0)"
                + " ON CONFLICT (application_name, leader_name) DO UPDATE SET notification_id = " + end);
        Copier follower = new Copier("Idle", NotificationSelection.DEFAULT_LIMIT, recorders);
        follower.follow(new Notebook(leader, recorders));
        return () -> () -> 1 + follower.pullAndProcess(leader);
    }

    private static Program lastPage(BenchmarkDatabase database, RecorderFactory recorders, String application)
            throws Exception {
        long after = database.number("SELECT id FROM stored_events WHERE application_name = '" + application
                + "' ORDER BY id DESC OFFSET 500 LIMIT 1");
        ApplicationRecorder recorder = recorders.applicationRecorder(application);
        return () -> () ->
                recorder.selectNotifications(NotificationSelection.after(after)).size()
                        / NotificationSelection.DEFAULT_LIMIT;
    }

    /** Operations a second of one thread: the median of three turns behind one to warm up. */
    private double rate(Program program) throws Exception {
        Comparison.rate(threads, 1, program);
        return Comparison.median(
                Comparison.rate(threads, 1, program),
                Comparison.rate(threads, 1, program),
                Comparison.rate(threads, 1, program));
    }

    /** A table whose values are followed by their share of those in its first row. */
    private static final class Series {
        private final Table table;
        private List<Double> first = List.of();

        Series(List<String> columns) {
            table = new Table(columns.toArray(String[]::new));
        }

        void add(String name, List<Double> values) {
            first = first.isEmpty() ? values : first;
            List<String> cells = new ArrayList<>(List.of(name));
            for (int i = 0; i < values.size(); i++) {
                double value = values.get(i);
                cells.add(value < 100 ? Table.ratio(value) : Table.number(value));
                cells.add(Table.ratio(value / first.get(i)));
            }
            table.row(cells.toArray(String[]::new));
            System.out.println("  " + String.join("  ", cells));
        }

        void print(String title) {
            table.print(title);
            System.out.println();
        }
    }
}
