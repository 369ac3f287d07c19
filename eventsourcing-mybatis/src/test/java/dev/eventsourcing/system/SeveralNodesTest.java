package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.ChildProcess;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Several processes run the same system on one database, while another appends. Each that processes is killed, or stopped in the
 * middle of a batch for longer than its lease: another takes over, and nothing is lost, repeated or disordered.
 */
class SeveralNodesTest {
    static final Duration LEASE = Duration.ofSeconds(2);

    /** A lease, a third of it until somebody asks, the work itself; and a machine that has much to do. */
    private static final double TAKEOVER_SECONDS = LEASE.toSeconds() * 4 / 3.0 + 8;

    /** Appends pause beyond so many events that are not heard: the test is about takeovers, not about speed. */
    private static final long BACKLOG = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final String WORD = "(convert_from(substr(state, 2), 'UTF8')::json #>> '{data,word}')";

    private final TestDatabase database = PostgresDatabase.migrated();
    private final Map<String, ChildProcess> nodes = new LinkedHashMap<>();
    private final AtomicBoolean enough = new AtomicBoolean();

    @AfterEach
    void endProcesses() {
        enough.set(true);
        nodes.values().forEach(ChildProcess::close);
        database.close();
    }

    @Test
    void theyProcessEveryEventOnceAndInOrderWhateverHappensToOneOfThem() {
        database.execute(HeardMapper.TABLE);
        start("a", "b", "c");
        Concurrently.Running<Long> appending = Concurrently.start(this::append);
        awaitTakeover();

        // Nobody but the others can take over from a and b, and nobody but the new ones from c.
        List<Double> takeovers = new ArrayList<>(List.of(killWhoProcesses(), killWhoProcesses()));
        start("d", "e", "f");
        takeovers.add(killWhoProcesses());
        Stopped stopped = stopInTheMiddleOfABatch();
        takeovers.add(stopped.takeover());
        enough.set(true);
        long appended = appending.get();
        await(() -> database.count("heard") >= appended);

        assertThat(takeovers).allSatisfy(seconds -> assertThat(seconds).isBetween(0.0, TAKEOVER_SECONDS));
        assertThat(stopped.lateCommit()).contains("TrackingConflictException");
        assertThat(recorded("Loud")).hasSize((int) appended).isEqualTo(recorded("Words"));
        assertThat(database.column("SELECT originator || ' ' || word FROM heard ORDER BY n"))
                .isEqualTo(database.column("SELECT originator_id || ' ' || " + WORD
                        + " FROM stored_events WHERE application_name = 'Words' ORDER BY id"));
        assertThat(nodes).hasSize(3).allSatisfy((name, node) -> {
            assertThat(node.isAlive()).isTrue();
            assertThat(node.await(node.tell("failures"))).isEqualTo("[]");
            node.order("close");
        });
    }

    /** Asks again and again, and not so often that nobody else has the processor; fails with what the processes have printed. */
    private void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                StringBuilder said = new StringBuilder("Waited in vain.");
                nodes.forEach((name, node) ->
                        said.append("\n").append(name).append(": ").append(node.output()));
                throw new IllegalStateException(said.toString());
            }
        }
    }

    private List<String> recorded(String application) {
        return database.column("SELECT originator_id || ' ' || originator_version || ' ' || " + WORD
                + " FROM stored_events WHERE application_name = '" + application + "' ORDER BY id");
    }

    private void start(String... names) {
        for (String name : names) {
            nodes.put(name, ChildProcess.start(NodeProgram.class, "-Xmx64m"));
        }
        List.of(names).forEach(name -> nodes.get(name).order("start", database.url(), name));
    }

    /** Returns how many events it has appended, once it is enough. */
    private long append() {
        Words words = new Words(MyBatisRecorders.over(database.dataSource()));
        long appended = 0;
        while (!enough.get()) {
            words.say("word " + appended++, "word " + appended++, "word " + appended++);
            long most = appended - BACKLOG;
            await(() -> enough.get() || database.count("heard") >= most);
        }
        return appended;
    }

    /** Kills the process that has heard the last word, and returns the seconds until another had heard one that was said later. */
    private double killWhoProcesses() {
        ChildProcess victim = nodes.remove(database.column("SELECT node FROM heard ORDER BY n DESC LIMIT 1")
                .get(0));
        assertThat(victim.isAlive()).isTrue();
        victim.close();
        return awaitTakeover();
    }

    /** Waits until a word is heard that is said from now on; returns the seconds that took, by the database's clock. */
    private double awaitTakeover() {
        String now = database.column("SELECT clock_timestamp() || ' ' || coalesce(max(id), 0) FROM stored_events"
                        + " WHERE application_name = 'Words'")
                .get(0);
        String time = now.substring(0, now.lastIndexOf(' '));
        String last = now.substring(now.lastIndexOf(' ') + 1);
        String heard = "FROM heard WHERE word IN (SELECT " + WORD
                + " FROM stored_events WHERE application_name = 'Words' AND id > " + last + ")";
        await(() -> !database.column("SELECT n " + heard + " LIMIT 1").isEmpty());
        return Double.parseDouble(
                database.column("SELECT extract(epoch FROM min(at) - '" + time + "'::timestamptz) " + heard)
                        .get(0));
    }

    /** Stops whoever comes to the gate first, until another has taken over; then lets it go on, and awaits the end of its batch. */
    private Stopped stopInTheMiddleOfABatch() {
        Map<ChildProcess, CompletableFuture<String>> holding = new LinkedHashMap<>();
        nodes.values().forEach(node -> holding.put(node, node.tell("hold")));
        await(() -> holding.values().stream().anyMatch(CompletableFuture::isDone));
        ChildProcess held = nodes.values().stream()
                .filter(node -> holding.get(node).isDone())
                .findFirst()
                .orElseThrow();
        assertThat(held.await(holding.get(held))).isEqualTo("held");
        held.stop();
        nodes.values().stream().filter(node -> node != held).forEach(node -> node.order("open"));
        double takeover = awaitTakeover();
        held.goOn();
        held.order("open");
        return new Stopped(takeover, held.await(held.tell("ended")));
    }

    /**
     * What came of a process that was stopped.
     *
     * @param takeover the seconds until another had taken over
     * @param lateCommit how its batch ended
     */
    private record Stopped(double takeover, String lateCommit) {}
}
