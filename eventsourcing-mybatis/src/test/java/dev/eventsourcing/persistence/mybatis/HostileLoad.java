package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.testsupport.ChildProgram;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.ibatis.session.SqlSession;

/**
 * What one process of the hostile test writes to one database.
 *
 * @param url of the database
 * @param writersWait whether writers wait for each other, so that nothing may stay open for long
 * @param seed of all that is random
 * @param threads how many append
 * @param milliseconds for how long
 */
record HostileLoad(String url, boolean writersWait, long seed, int threads, long milliseconds) {
    /** The load that a command is about. */
    static HostileLoad of(String[] words) {
        return new HostileLoad(
                words[1],
                Boolean.parseBoolean(words[2]),
                Long.parseLong(words[3]),
                Integer.parseInt(words[4]),
                Long.parseLong(words[5]));
    }

    /** The same with another seed, for another process. */
    HostileLoad withSeed(long other) {
        return new HostileLoad(url, writersWait, other, threads, milliseconds);
    }

    /** The command. */
    String command() {
        return ChildProgram.command(
                "write",
                url,
                String.valueOf(writersWait),
                String.valueOf(seed),
                String.valueOf(threads),
                String.valueOf(milliseconds));
    }

    /** Appends, and returns the ids that were committed. */
    List<Long> run(HostileStore store) throws Exception {
        List<Callable<List<Long>>> work = new ArrayList<>();
        IntStream.range(0, threads)
                .mapToObj(thread -> new HostileWriter(store, seed + thread))
                .forEach(writer -> work.add(() -> writer.run(milliseconds)));
        work.add(() -> writeElsewhereAndStayOpen(store));
        work.add(() -> appendAndStayOpen(store));
        if (!writersWait) {
            work.add(() -> commitLateAgainAndAgain(store));
        }
        return allOf(work);
    }

    private static List<Long> allOf(List<Callable<List<Long>>> work) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Long> ids = new ArrayList<>();
            for (Future<List<Long>> done : threads.invokeAll(work)) {
                ids.addAll(done.get());
            }
            return ids;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Has nothing to do with the log, but has a transaction id, over most of the time. */
    private List<Long> writeElsewhereAndStayOpen(HostileStore store) throws Exception {
        TimeUnit.MILLISECONDS.sleep(milliseconds / 8);
        try (Connection connection = store.pool().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO elsewhere VALUES ('unrelated')");
            TimeUnit.MILLISECONDS.sleep(milliseconds * 3 / 4);
            connection.commit();
        }
        return List.of();
    }

    /** Its ids are low, and come late. */
    private List<Long> appendAndStayOpen(HostileStore store) throws Exception {
        ApplicationRecorder recorder = store.recorders().applicationRecorder(HostileNotes.NAME);
        HostileNotes notes = new HostileNotes(store.recorders());
        TimeUnit.MILLISECONDS.sleep(milliseconds / 4);
        try (SqlSession session = store.factory().openSession(false)) {
            List<Long> ids = store.recorders()
                    .within(session, () -> recorder.insertEvents(notes.events(UUID.randomUUID(), 0, 3)));
            TimeUnit.MILLISECONDS.sleep(writersWait ? 300 : milliseconds / 3);
            session.commit();
            return ids;
        }
    }

    private List<Long> commitLateAgainAndAgain(HostileStore store) throws Exception {
        LateCommit lateCommit = new LateCommit(store);
        List<Long> ids = new ArrayList<>();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        while (System.nanoTime() < until) {
            ids.addAll(lateCommit.happen(() -> {}));
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return ids;
    }
}
