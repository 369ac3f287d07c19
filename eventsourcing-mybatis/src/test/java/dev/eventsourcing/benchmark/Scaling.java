package dev.eventsourcing.benchmark;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How cost grows with the writers, the applications in one table, the followers, and the events in the table. */
final class Scaling {
    private static final int ROUNDS = 5;
    private static final int CONNECTIONS = 40;
    /** So many streams of so many events are the first 10,000 events of a table. */
    private static final int STREAMS = 100;

    private static final long MOST_EVENTS = Long.getLong("benchmark.events", 10_000_000);
    private static final long BACKLOG = 10_000;

    private final BenchmarkServer server;
    private final String only;

    /**
     * Makes it.
     *
     * @param only "writers", "applications", "followers" or "events"; empty for all
     */
    Scaling(BenchmarkServer server, String only) {
        this.server = server;
        this.only = only;
    }

    /** Prints a table for each, and returns how many events were missed. */
    long run() throws Exception {
        if (wanted("writers")) {
            writers();
        }
        if (wanted("applications")) {
            applications();
        }
        long missed = wanted("followers") ? followers() : 0;
        if (wanted("events")) {
            events();
        }
        System.out.println(System.lineSeparator() + "missed events: " + missed);
        return missed;
    }

    private boolean wanted(String part) {
        return only.isEmpty() || only.equals(part);
    }

    private void writers() throws Exception {
        BenchmarkDatabase plain = server.database(CONNECTIONS);
        List<Ours> ours = new ArrayList<>();
        for (Ordering ordering : Ordering.ALL) {
            ours.add(new Ours(server.database(CONNECTIONS), ordering));
        }
        List<String> columns = new ArrayList<>(List.of("writers"));
        Ordering.ALL.forEach(ordering -> columns.add(ordering.name()));
        columns.add("plain");
        Growth growth = new Growth(ROUNDS, true, columns);
        for (int writers = 1; writers <= 32; writers *= 2) {
            List<Program> programs = new ArrayList<>();
            ours.forEach(each -> programs.add(each.append("Appends", 1)));
            programs.add(new Plain(plain).append("Appends", 1));
            growth.row(Integer.toString(writers), writers, programs);
        }
        growth.print("Writers: appends of one event a second, by the way to order them");
        server.dropAll();
    }

    private void applications() throws Exception {
        Growth growth =
                new Growth(ROUNDS, false, List.of("applications", "poll of a quiet one", "last 500 of a busy one"));
        for (int applications : new int[] {1, 10, 100}) {
            BenchmarkDatabase database = server.database(2);
            RecorderFactory recorders = new Ours(database, Ordering.DEFAULT).recorders();
            database.fill("Quiet", 10);
            database.fillApplications(applications, 10_000);
            database.settle();
            growth.row(
                    Integer.toString(applications),
                    1,
                    List.of(emptyPoll(database, recorders, "Quiet"), lastPage(database, recorders, "App0")));
        }
        growth.print("Applications of 10,000 events each in one table: operations a second");
        server.dropAll();
    }

    /** Each turn of a thread is that of a follower which is new, and ends when it has processed all. */
    private long followers() throws Exception {
        BenchmarkDatabase database = server.database(CONNECTIONS);
        Ours ours = new Ours(database, Ordering.DEFAULT);
        database.fill("Leader", BACKLOG);
        database.settle();
        Map<String, Boolean> made = new ConcurrentHashMap<>();
        Program program = () -> {
            String name = "Follower" + Ours.newId();
            made.put(name, true);
            return ours.follow("Leader", name, NotificationSelection.DEFAULT_LIMIT)
                    .begin();
        };
        Growth growth = new Growth(3, false, List.of("followers", "events/s of all"));
        for (int followers = 1; followers <= 32; followers *= 2) {
            growth.row(Integer.toString(followers), followers, List.of(program));
        }
        growth.print(
                "Followers of one leader, a thread for each, each processing 10,000 events (seconds: followers * 10,000 / events/s)");
        long missed = 0;
        for (String name : made.keySet()) {
            missed += database.missed("Leader", name);
        }
        server.dropAll();
        return missed;
    }

    private void events() throws Exception {
        Growth growth = new Growth(
                ROUNDS, false, List.of("events in the table", "append", "load 100", "empty poll", "last page of 500"));
        for (long events = 10_000; events <= MOST_EVENTS; events *= 10) {
            BenchmarkDatabase database = server.database(2);
            database.fillStreams("Busy", STREAMS, 100);
            database.fill("Busy", events - STREAMS * 100);
            database.settle();
            Ours ours = new Ours(database, Ordering.DEFAULT);
            List<Program> programs = new ArrayList<>();
            programs.add(ours.append("Appends", 1));
            programs.add(ours.load("Busy", STREAMS));
            programs.add(emptyPoll(database, ours.recorders(), "Busy"));
            programs.add(lastPage(database, ours.recorders(), "Busy"));
            growth.row("%,d".formatted(events), 1, programs);
        }
        growth.print("Events in the table: operations a second of one thread");
        server.dropAll();
    }

    /** A pull by a follower that has processed all. */
    private static Program emptyPoll(BenchmarkDatabase database, RecorderFactory recorders, String leader)
            throws Exception {
        database.execute(
                "INSERT INTO notification_tracking (application_name, leader_name, notification_id, epoch) VALUES ('Idle', '"
                        + leader + "', " + database.lastId(leader) + ", 0)");
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
}
