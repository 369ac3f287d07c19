package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.SyncMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What the reading process of the hostile test does: it follows one log in several ways at the same time. */
final class HostileReading {
    /** Two followers of this name compete, as in two processes: they share nothing but the database. */
    static final String TESTED = "Tested";

    static final String IN_TRANSACTIONS = "InTransactions";
    static final String UNPROTECTED = "Unprotected";
    static final String SNAPSHOT_XMAX = "SnapshotXmax";

    private final HostileStore store;
    private final long pause;
    private final ApplicationRecorder log;
    private final List<Reader> readers = new ArrayList<>();
    private final CountDownLatch told = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> loops = new ArrayList<>();

    /**
     * Prepares for reading.
     *
     * @param withDoubles whether there are unsound orders to catch
     */
    HostileReading(String url, boolean withDoubles) {
        store = HostileStore.batching(url);
        // The unsound orders are to be quick; elsewhere processors are better left to the writers.
        pause = withDoubles ? 10 : 50;
        log = recorders().applicationRecorder(HostileNotes.NAME);
        readers.add(follower(TESTED, recorders()));
        readers.add(follower(TESTED, recorders()));
        readers.add(inTransactions(recorders()));
        if (withDoubles) {
            readers.add(follower(UNPROTECTED, recorders().ordering(UnprotectedOrder::make)));
            SnapshotXmaxOrder order = new SnapshotXmaxOrder(store.pool());
            readers.add(follower(SNAPSHOT_XMAX, recorders().ordering((strategy, database) -> order)));
        }
    }

    /** Lets each process what is there, once. */
    void readOnce() {
        readers.forEach(Reader::read);
    }

    /** Lets each process again and again, on a thread of its own. */
    void loop() {
        for (Reader reader : readers) {
            loops.add(threads.submit(() -> {
                while (!told.await(pause, TimeUnit.MILLISECONDS)) {
                    reader.read();
                }
                return null;
            }));
        }
    }

    /** Ends the loops, lets all be processed that is recorded, and closes. */
    void finish() throws Exception {
        told.countDown();
        for (Future<?> loop : loops) {
            loop.get();
        }
        for (Reader reader : readers) {
            while (reader.read() > 0 || !log.end().isSettled()) {
                Thread.onSpinWait();
            }
        }
        threads.shutdown();
        store.close();
    }

    private MyBatisRecorders recorders() {
        return MyBatisRecorders.over(store.factory());
    }

    private static Reader follower(String name, MyBatisRecorders recorders) {
        FollowerSync sync = HostileReader.system(name, recorders).patience(Duration.ZERO);
        return () -> {
            FollowerResult result =
                    sync.sync(List.of(), SyncMode.PROCESS).results().get(0);
            result.failure().ifPresent(failure -> {
                throw new IllegalStateException(name + ": " + failure, failure.cause());
            });
            return result.events().get(HostileNotes.NAME);
        };
    }

    /** Reads the log, and writes down what it is given, in one transaction; nobody else reads under this name. */
    private static Reader inTransactions(MyBatisRecorders recorders) {
        ApplicationRecorder recorder = recorders.applicationRecorder(HostileNotes.NAME);
        HostileMapper mapper = recorders.mapper(HostileMapper.class);
        List<Long> reached = new ArrayList<>(List.of(0L));
        return () -> recorders.transactions().required(() -> {
            List<Notification> page = recorder.selectNotifications(NotificationSelection.after(reached.get(0)));
            for (Notification given : page) {
                mapper.see(
                        IN_TRANSACTIONS,
                        given.id(),
                        given.event().originatorId().toString(),
                        given.event().originatorVersion());
                reached.set(0, given.id());
            }
            return (long) page.size();
        });
    }

    /** One that processes what is there, and returns how much that was. */
    private interface Reader {
        long read();
    }
}
