package dev.eventsourcing.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Compares the library with plain JDBC, prints the ratios and writes those that have a goal into the file of the system
 * property {@code benchmark.report}. With {@code benchmark=scaling} shows how cost grows instead, see {@link Scaling}. With
 * {@code benchmark.work} does only that: the id of a {@link Work}, "delay", "sync-followers", "compressors", a part of the scaling,
 * "notify" or "heads", see {@link Waking}, "at-rest", see {@link AtRest}, or "small-pools", see {@link SmallPools}. Ends with 1 if a follower missed an event.
 */
final class Benchmark {
    private static final int CONNECTIONS = 16;
    private static final int WRITERS = 8;
    private static final int STREAMS = 20;
    private static final Program.Preparation NONE = () -> {};

    private final BenchmarkServer server;
    private final String only;
    private final BenchmarkDatabase oursDatabase;
    private final BenchmarkDatabase plainDatabase;
    private final Ours ours;
    private final Plain plain;
    private final Ratios ratios = new Ratios();
    private final List<String> beside = new ArrayList<>();
    private long missed;

    private Benchmark(BenchmarkServer server, String only) throws Exception {
        this.server = server;
        this.only = only;
        oursDatabase = server.database(CONNECTIONS);
        plainDatabase = server.database(CONNECTIONS);
        ours = new Ours(oursDatabase, Ordering.DEFAULT);
        plain = new Plain(plainDatabase);
    }

    /** Runs it and ends the process. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        long start = System.nanoTime();
        String only = System.getProperty("benchmark.work", "");
        long missed = 1;
        try (BenchmarkServer server = BenchmarkServer.open()) {
            server.description().forEach(System.out::println);
            System.out.println();
            missed = System.getProperty("benchmark", "").equals("scaling")
                    ? new Scaling(server, only).run()
                    : askedFor(server, only) ? 0 : new Benchmark(server, only).run();
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.out.println("%nIt took %d s.".formatted(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)));
        System.exit(missed == 0 ? 0 : 1);
    }

    /** What is measured only when it is asked for: what it costs, and how long it takes, to wake followers; and small pools. */
    private static boolean askedFor(BenchmarkServer server, String only) throws Exception {
        switch (only) {
            case "notify" -> new Waking(server).writers();
            case "at-rest" -> new AtRest(server).delays();
            case "small-pools" -> new SmallPools(server).compare();
            case "heads" -> new Waking(server).heads(1_000_000);
            default -> {
                return false;
            }
        }
        return true;
    }

    private long run() throws Exception {
        for (BenchmarkDatabase database : List.of(oursDatabase, plainDatabase)) {
            database.fillStreams("Streams", STREAMS, 1_000);
            database.fill("Log", 100_000);
            database.settle();
        }
        warmUp();
        compare(Work.APPEND_1X1, 1, ours.append("Appends", 1), plain.append("Appends", 1), NONE);
        compare(Work.APPEND_1X8, WRITERS, ours.append("Appends", 1), plain.append("Appends", 1), NONE);
        compare(Work.APPEND_10X8, WRITERS, ours.append("Appends", 10), plain.append("Appends", 10), NONE);
        compare(Work.SAVE_1X8, WRITERS, ours.save("Saves"), plain.save("Saves"), NONE);
        compare(Work.LOAD_1000, 1, ours.load("Streams", STREAMS), plain.load("Streams", STREAMS), NONE);
        compare(Work.GET_1000, 1, ours.get("Streams", STREAMS), plain.get("Streams", STREAMS), NONE);
        compare(Work.CATCH_UP, 1, ours.catchUp("Log"), plain.catchUp("Log"), NONE);
        compareFollowers(Work.FOLLOWER_EACH, 1, 600);
        compareFollowers(Work.FOLLOWER_BATCH_100, 100, 6_000);
        if (wanted("delay")) {
            delay("at rest", 1, 10_000, 300);
            delay("under a load of 8 writers", WRITERS, 8_000, 500);
        }
        if (wanted("sync-followers")) {
            synchronise(100_000);
            synchronise(1_000_000, "-Xmx64m");
        }
        if (wanted("compressors")) {
            beside.addAll(Compressors.lines());
        }
        ratios.print();
        System.out.println();
        beside.forEach(System.out::println);
        System.out.println("missed events: " + missed);
        ratios.write(Path.of(System.getProperty("benchmark.report", "target/benchmark.json")));
        return missed;
    }

    /** An append takes long enough for two warm-ups to be too few calls for the compiler. */
    private void warmUp() throws Exception {
        new Comparison(5, 1).run(WRITERS, ours.append("Before", 1), plain.append("Before", 1), NONE);
        System.out.println("warmed up");
    }

    private boolean wanted(String id) {
        return only.isEmpty() || only.equals(id);
    }

    private boolean compare(Work work, int threads, Program mine, Program theirs, Program.Preparation preparation)
            throws Exception {
        if (!wanted(work.id)) {
            return false;
        }
        ratios.add(work, new Comparison(2, 7).run(threads, mine, theirs, preparation));
        return true;
    }

    /** Each turn finds so many new events in the log of its leader, and ends when they are processed. */
    private void compareFollowers(Work work, int batchSize, long events) throws Exception {
        String leader = "Leader" + batchSize;
        String follower = "Follower" + batchSize;
        Program mine = ours.follow(leader, follower, batchSize);
        Program theirs = plain.follow(leader, follower, batchSize);
        Program.Preparation preparation = () -> {
            oursDatabase.fill(leader, events);
            plainDatabase.fill(leader, events);
        };
        if (!compare(work, 1, mine, theirs, preparation)) {
            return;
        }
        missed += oursDatabase.missed(leader, follower);
        if (plainDatabase.missed(leader, follower) > 0) {
            throw new IllegalStateException("The follower in plain JDBC has missed events: " + work.id);
        }
        double oursEach = eventsPerTransaction(oursDatabase, follower);
        double plainEach = eventsPerTransaction(plainDatabase, follower);
        if (Math.abs(oursEach / plainEach - 1) > 0.05) {
            ratios.disqualify(work);
        }
        note("%s, events a transaction: ours %.1f, plain %.1f".formatted(work.id, oursEach, plainEach));
    }

    private static double eventsPerTransaction(BenchmarkDatabase database, String follower) throws Exception {
        return (double) database.number(
                        "SELECT count(*) FROM stored_events WHERE application_name = '" + follower + "'")
                / database.transactions(follower);
    }

    private void delay(String when, int writers, long distanceMicros, int savesEach) throws Exception {
        Delay.Result warmUp =
                new Delay("Before" + writers, ours.recorders()).measure(writers, distanceMicros, savesEach / 3);
        Delay.Result result =
                new Delay("Delay" + writers, ours.recorders()).measure(writers, distanceMicros, savesEach);
        missed += warmUp.missed() + result.missed();
        note("delay from commit to policy, " + when + ": " + result);
    }

    private void synchronise(long events, String... jvmArguments) throws Exception {
        note("sync-followers over %,d events %s: %s"
                .formatted(
                        events,
                        jvmArguments.length == 0 ? "with the default heap" : "with " + String.join(" ", jvmArguments),
                        new Synchronisation(server).run(events, jvmArguments)));
    }

    private void note(String line) {
        beside.add(line);
        System.out.println(line);
    }
}
