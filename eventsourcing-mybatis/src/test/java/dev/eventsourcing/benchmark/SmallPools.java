package dev.eventsourcing.benchmark;

import static dev.eventsourcing.application.SnapshotInterval.every;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.StateRepository;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.spring.SpringRecorders;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * More savers than connections, in Spring's transactions: what the snapshots cost that are due in them, whether a saver ever
 * stands still, and how many snapshots are dropped.
 */
final class SmallPools {
    private static final int SAVERS = 24;
    private static final int INTERVAL = 10;
    private static final int LONGEST = 100;

    private final BenchmarkServer server;

    SmallPools(BenchmarkServer server) {
        this.server = server;
    }

    /** Prints a row for each size of the pool. */
    void compare() throws Exception {
        List<String> rows = new ArrayList<>();
        for (int connections : new int[] {2, 4, 10}) {
            rows.add(row(connections));
        }
        System.out.printf(
                "%n%d savers, an event each time, up to %d events of an aggregate, a snapshot every %d%n",
                SAVERS, LONGEST, INTERVAL);
        System.out.println("connections | saves/s with snapshots | without | ratio | longest save | due | dropped");
        rows.forEach(System.out::println);
    }

    private String row(int connections) throws Exception {
        BenchmarkDatabase database = server.database(connections);
        try (MyBatisRecorders recorders = SpringRecorders.over(database.pool())) {
            Tallies with = new Tallies("With", recorders, true);
            Tallies without = new Tallies("Without", recorders, false);
            Comparison.Result result =
                    new Comparison(3, 15).run(SAVERS, with.saves(recorders), without.saves(recorders), () -> {});
            recorders.close();
            long due = database.number("SELECT count(*) FROM stored_events WHERE application_name = 'With'"
                    + " AND originator_version % " + INTERVAL + " = 0");
            return "%11d | %22.0f | %7.0f | %5.2f (%.2f to %.2f) | %9d ms | %d | %.1f %%"
                    .formatted(
                            connections,
                            result.ours(),
                            result.plain(),
                            result.ratio(),
                            result.lowest(),
                            result.highest(),
                            TimeUnit.NANOSECONDS.toMillis(with.longest.get()),
                            due,
                            100.0 * recorders.droppedSnapshots() / due);
        } finally {
            server.drop(database);
        }
    }

    record Added(String text) {}

    record Tally(int characters) {}

    private static final class Tallies extends Application {
        private final StateRepository<Tally> tallies;
        private final AtomicLong longest = new AtomicLong();

        Tallies(String name, RecorderFactory recorders, boolean snapshots) {
            super(name, recorders);
            StateRepository<Tally> plain = repository(
                    Tally.class,
                    Added.class,
                    (before, added) -> new Tally((before == null ? 0 : before.characters())
                            + added.text().length()));
            tallies = snapshots ? plain.snapshots(every(INTERVAL)) : plain;
        }

        /** Each saver has an aggregate of its own, to which it returns in its next turn. */
        Program saves(MyBatisRecorders recorders) {
            Queue<Saver> resting = new ConcurrentLinkedQueue<>();
            return () -> {
                Saver found = resting.poll();
                Saver saver = found == null ? new Saver() : found;
                return new Program.Turn() {
                    @Override
                    public long run() {
                        UUID id = saver.next();
                        long start = System.nanoTime();
                        recorders.transactions().required(() -> add(id));
                        longest.accumulateAndGet(System.nanoTime() - start, Math::max);
                        return 1;
                    }

                    @Override
                    public void close() {
                        resting.add(saver);
                    }
                };
            };
        }

        private void add(UUID id) {
            Added added = new Added(BenchmarkDatabase.TEXT);
            save(tallies.find(id).map(tally -> tally.then(added)).orElseGet(() -> NewEvents.first(id, added)));
        }
    }

    /** Goes from one aggregate to the next when it has become long enough. */
    private static final class Saver {
        private UUID id = Ours.newId();
        private int events;

        UUID next() {
            if (events == LONGEST) {
                id = Ours.newId();
                events = 0;
            }
            events++;
            return id;
        }
    }
}
