package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.ChildProcess;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Several processes run the same system on one database, while another appends. Each in turn that processes is killed, or stopped
 * in the middle of a batch for longer than its lease: another takes over, and nothing is lost, repeated or disordered.
 */
@Slow("starts three processes, and has four leases run out")
class SeveralNodesTest {
    static final Duration LEASE = Duration.ofSeconds(1);

    /** The work itself, on a machine that has much to do. */
    private static final double WORK_SECONDS = 8;

    /** Until somebody asks. */
    private static final double THIRD_SECONDS = LEASE.toMillis() / 3_000.0;

    /** Appends pause beyond so many events that are not heard: the test is about takeovers, not about speed. */
    private static final long BACKLOG = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final List<String> FOLLOWERS = List.of("Heard", "Loud");
    private static final String WORD = "(convert_from(substr(state, 2), 'UTF8')::json #>> '{data,word}')";

    /** Notes when which lease went from whom to whom, and until when it was the former's. */
    private static final String LEASE_CHANGES = """
            CREATE TABLE lease_changes (
                follower TEXT NOT NULL,
                former TEXT NOT NULL,
                until TIMESTAMPTZ NOT NULL,
                taker TEXT NOT NULL,
                at TIMESTAMPTZ NOT NULL);
            CREATE FUNCTION note_lease_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO lease_changes VALUES (OLD.follower_name, OLD.holder, OLD.until, NEW.holder, clock_timestamp());
                RETURN NULL;
            END $$;
            CREATE TRIGGER note_lease_change AFTER UPDATE ON follower_leases FOR EACH ROW
                WHEN (OLD.holder <> NEW.holder) EXECUTE FUNCTION note_lease_change();
            """;

    private final TestDatabase database = PostgresDatabase.migrated();
    private final MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
    private final Map<String, ChildProcess> nodes = new ConcurrentSkipListMap<>();
    private final AtomicLong said = new AtomicLong();
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
        database.execute(LEASE_CHANGES);
        start("a", "b", "c");
        Concurrently.Running<Void> appending = Concurrently.start(this::append);
        await(() -> database.count("heard") > BACKLOG);

        // From here on, there are two: each can only be relieved by the other, which was stopped before.
        Takeover first = killWhoProcesses();
        Stopped loud = stopInTheMiddleOfABatch("Loud");
        Stopped heard = stopInTheMiddleOfABatch("Heard");
        Takeover last = killWhoProcesses();
        enough.set(true);
        appending.get();
        await(() -> database.count("heard") >= said.get());

        assertThat(recorded("Loud")).hasSize((int) said.get()).isEqualTo(recorded("Words"));
        assertThat(database.column("SELECT originator || ' ' || word FROM heard ORDER BY n"))
                .isEqualTo(database.column("SELECT originator_id || ' ' || " + WORD
                        + " FROM stored_events WHERE application_name = 'Words' ORDER BY id"));
        assertThat(List.of(loud.lateCommit(), heard.lateCommit()))
                .allSatisfy(end -> assertThat(end).contains("TrackingConflictException"));
        assertThat(List.of(first, loud.takeover(), heard.takeover(), last)).allSatisfy(Takeover::assertInTime);
        assertThat(database.column("SELECT follower FROM lease_changes WHERE at < until"))
                .isEmpty();
        assertThat(nodes).hasSize(1).allSatisfy((name, node) -> {
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
                StringBuilder printed = new StringBuilder("Waited in vain. Leases: " + leases());
                nodes.forEach((name, node) ->
                        printed.append("\n").append(name).append(": ").append(node.output()));
                throw new IllegalStateException(printed.toString());
            }
        }
    }

    private List<String> recorded(String application) {
        return database.column("SELECT originator_id || ' ' || originator_version || ' ' || " + WORD
                + " FROM stored_events WHERE application_name = '" + application + "' ORDER BY id");
    }

    private void start(String... names) {
        for (String name : names) {
            nodes.put(name, ChildProcess.start(NodeProgram.class, "-Xmx64m", "-XX:-UsePerfData"));
        }
        Map<ChildProcess, CompletableFuture<String>> starting = new LinkedHashMap<>();
        nodes.forEach((name, node) ->
                starting.put(node, node.tell("start", database.url() + "&ApplicationName=" + name, name)));
        starting.forEach(ChildProcess::await);
    }

    private void append() {
        Words words = new Words(recorders);
        while (!enough.get()) {
            long n = said.get();
            words.say("word " + n, "word " + (n + 1), "word " + (n + 2));
            said.addAndGet(3);
            await(() -> enough.get() || database.count("heard") >= said.get() - BACKLOG);
        }
    }

    private Map<String, String> leases() {
        return recorders.sharedStore().leases(FOLLOWERS).stream()
                .collect(Collectors.toMap(FollowerLease::follower, FollowerLease::holder));
    }

    private static String holder(ChildProcess node) {
        return "process " + node.pid() + " on ";
    }

    /** Kills the process that has the lease of the first follower, and waits until another does its work. */
    private Takeover killWhoProcesses() {
        await(() -> leases().keySet().containsAll(FOLLOWERS));
        Map<String, String> leases = leases();
        String name = nodes.keySet().stream()
                .filter(node -> leases.get("Loud").startsWith(holder(nodes.get(node))))
                .findFirst()
                .orElseThrow();
        ChildProcess victim = nodes.remove(name);
        assertThat(victim.isAlive()).isTrue();
        String time = now();
        victim.close();
        return awaitTakeover(victim, leases, time);
    }

    /** Stops whoever comes to the gate of a follower first, until another has taken over; then lets it go on, and awaits the end of its batch. */
    private Stopped stopInTheMiddleOfABatch(String follower) {
        Map<String, CompletableFuture<String>> holding = new LinkedHashMap<>();
        nodes.forEach((name, node) -> holding.put(name, node.tell("hold", follower)));
        await(() -> holding.values().stream().anyMatch(CompletableFuture::isDone));
        String name = holding.keySet().stream()
                .filter(node -> holding.get(node).isDone())
                .findFirst()
                .orElseThrow();
        ChildProcess held = nodes.get(name);
        assertThat(held.await(holding.get(name))).isEqualTo("held");
        Map<String, String> leases = leases();
        stopWithNothingButItsBatchOpen(name, held);
        String time = now();
        nodes.values().stream().filter(node -> node != held).forEach(node -> node.order("open", follower));
        Takeover takeover = awaitTakeover(held, leases, time);
        held.goOn();
        held.order("open", follower);
        return new Stopped(takeover, held.await(held.tell("ended", follower)));
    }

    /**
     * Stops a process of which one thread is at the gate. Its other threads are not to be in a transaction: rows that they have
     * locked would keep others out until the database ends that transaction, which another test is about.
     */
    private void stopWithNothingButItsBatchOpen(String name, ChildProcess node) {
        node.stop();
        while (openTransactions(name) > 1) {
            node.goOn();
            LockSupport.parkNanos(PAUSE.toNanos());
            node.stop();
        }
    }

    private long openTransactions(String name) {
        String sessions = "pg_stat_activity WHERE datname = current_database() AND application_name = '" + name + "'";
        // What the database is still doing for it ends without it.
        await(() -> database.count(sessions + " AND state = 'active'") == 0);
        return database.count(sessions + " AND state LIKE 'idle in transaction%'");
    }

    private String now() {
        return database.column("SELECT clock_timestamp()").get(0);
    }

    /** Waits until a word is heard that is said from now on. */
    private Takeover awaitTakeover(ChildProcess victim, Map<String, String> leases, String time) {
        // Three more may be on their way.
        long before = said.get() + 3;
        await(() -> database.count("heard") > before);
        String until = "SELECT extract(epoch FROM at - '" + time + "'::timestamptz) FROM heard ORDER BY n";
        Map<String, Double> beyond = new LinkedHashMap<>();
        for (String follower : FOLLOWERS) {
            database.column("SELECT extract(epoch FROM at - until) FROM lease_changes WHERE follower = '" + follower
                            + "' AND former LIKE '" + holder(victim) + "%' ORDER BY at DESC LIMIT 1")
                    .forEach(seconds -> beyond.put(follower, Double.parseDouble(seconds)));
        }
        leases.values().removeIf(holder -> !holder.startsWith(holder(victim)));
        return new Takeover(
                leases,
                Double.parseDouble(database.column(until + " OFFSET " + before + " LIMIT 1")
                        .get(0)),
                beyond);
    }

    /**
     * How another process took over.
     *
     * @param leases which the former one had, and what it called itself
     * @param seconds until it had heard what was said later
     * @param secondsBeyondLeases from the end of each lease of the former one until another had it
     */
    private record Takeover(Map<String, String> leases, double seconds, Map<String, Double> secondsBeyondLeases) {
        void assertInTime() {
            assertThat(seconds).as("%s", this).isBetween(0.0, LEASE.toSeconds() + THIRD_SECONDS + WORK_SECONDS);
            assertThat(secondsBeyondLeases.keySet())
                    .as("%s", this)
                    .contains("Loud")
                    .containsAll(leases.keySet());
            assertThat(secondsBeyondLeases.values())
                    .as("%s", this)
                    .allSatisfy(late -> assertThat(late).isBetween(0.0, THIRD_SECONDS + WORK_SECONDS));
        }
    }

    /**
     * What came of a process that was stopped.
     *
     * @param lateCommit how its batch ended
     */
    private record Stopped(Takeover takeover, String lateCommit) {}
}
