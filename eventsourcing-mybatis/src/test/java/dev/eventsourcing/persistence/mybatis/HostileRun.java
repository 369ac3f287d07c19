package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.testsupport.ChildProcess;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The processes of the hostile test, and what they say they have done. They serve all databases at the same time. */
final class HostileRun implements AutoCloseable {
    private static final int LATE_COMMITS = 10;

    private final List<ChildProcess> writing = List.of(start(), start());
    private final ChildProcess toBeKilled = start();
    private final ChildProcess following = start();
    private final Map<TestDatabase, List<Long>> committed = new HashMap<>();

    /** Has databases followed, one of them also by those who trust in unsound orders. */
    void follow(Collection<TestDatabase> databases, TestDatabase withDoubles) {
        Map<ChildProcess, List<CompletableFuture<String>>> connecting = new HashMap<>();
        for (ChildProcess process : List.of(writing.get(0), writing.get(1), toBeKilled)) {
            connecting.put(process, tell(process, "connect", databases));
        }
        for (TestDatabase database : databases) {
            committed.put(database, new ArrayList<>());
            following.order("follow", database.url(), database == withDoubles ? "with-doubles" : "alone");
        }
        connecting.forEach((process, answers) -> answers.forEach(process::await));
    }

    /** Lets followers read between late commits, while nobody else is at work: what the unsound orders do is no matter of luck. */
    void commitLate(TestDatabase database) {
        try (HostileStore store = HostileStore.open(database.url())) {
            LateCommit lateCommit = new LateCommit(store);
            for (int i = 0; i < LATE_COMMITS; i++) {
                committed.get(database).addAll(lateCommit.happen(() -> following.order("read-once", database.url())));
            }
        }
        following.order("read-once", database.url());
    }

    /** Lets all the processes do their worst, until followers have processed all that came of it. */
    void write(Map<TestDatabase, HostileLoad> loads) {
        tell(following, "loop", loads.keySet()).forEach(following::await);
        List<Runnable> ends = new ArrayList<>();
        loads.forEach((database, load) -> writing.forEach(process -> {
            CompletableFuture<String> answer =
                    process.tell(load.withSeed(load.seed() + 1_000 * writing.indexOf(process))
                            .command());
            ends.add(() -> committed.get(database).addAll(ids(process.await(answer))));
        }));
        killInMidTransaction(loads);
        ends.forEach(Runnable::run);
        tell(following, "finish", loads.keySet()).forEach(following::await);
    }

    private void killInMidTransaction(Map<TestDatabase, HostileLoad> loads) {
        List<CompletableFuture<String>> open = new ArrayList<>();
        loads.forEach((database, load) -> open.add(
                toBeKilled.tell("append-and-stay-open", database.url(), String.valueOf(load.milliseconds() / 2))));
        open.forEach(toBeKilled::await);
        toBeKilled.close();
    }

    private static ChildProcess start() {
        return ChildProcess.start(HostileProgram.class, "-Xmx128m");
    }

    private static List<CompletableFuture<String>> tell(
            ChildProcess process, String command, Collection<TestDatabase> databases) {
        return databases.stream()
                .map(database -> process.tell(command, database.url()))
                .toList();
    }

    /** The ids that writers say they have committed, ascending. */
    List<Long> committed(TestDatabase database) {
        return committed.get(database).stream().sorted().toList();
    }

    @Override
    public void close() {
        writing.forEach(ChildProcess::close);
        toBeKilled.close();
        following.close();
    }

    private static List<Long> ids(String answer) {
        return answer.isEmpty()
                ? List.of()
                : Stream.of(answer.split(",")).map(Long::valueOf).toList();
    }
}
