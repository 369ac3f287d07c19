package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.FollowerHealth.State;
import dev.eventsourcing.system.RunnersTest.Kind;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.CuttingProxy;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A runner whose way to the database breaks, in the middle of a batch, of a commit, or for a while: it goes on by itself, and
 * everything is processed once. Who saves here has another way.
 */
@ParameterizedClass
@EnumSource
class OutageTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofMillis(600);

    /** What a thread waits for a connection of a pool that is not short of them. */
    private static final int SHORT_MS = 300;

    private static final int LONG_MS = 30_000;

    @Parameter
    Kind kind;

    private final List<AutoCloseable> closing = new ArrayList<>();
    private TestDatabase database;
    private CuttingProxy proxy;
    private Words words;

    @BeforeEach
    void open() {
        database = PostgresDatabase.migrated();
        URI direct = URI.create(database.url().substring("jdbc:".length()));
        proxy = new CuttingProxy(direct.getHost(), direct.getPort());
        words = new Words(direct());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : closing) {
            resource.close();
        }
        proxy.close();
        database.close();
    }

    private RecorderFactory direct() {
        return MyBatisRecorders.over(database.dataSource());
    }

    private RecorderFactory throughProxy(int timeoutMs) {
        URI direct = URI.create(database.url().substring("jdbc:".length()));
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(
                database.url().replace(direct.getHost() + ":" + direct.getPort(), "localhost:" + proxy.port()));
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(timeoutMs);
        config.setValidationTimeout(Math.min(timeoutMs, 1_000));
        config.setInitializationFailTimeout(-1);
        HikariDataSource pool = new HikariDataSource(config);
        closing.add(pool);
        return MyBatisRecorders.over(pool);
    }

    private static RunnerSettings settings() {
        return RunnerSettings.defaults().leaseTime(LEASE);
    }

    private Runner runner(RecorderFactory recorders, RunnerSettings settings) {
        Runner runner =
                kind.of(EventDrivenSystem.of(pipe(Words.class, Echo.class, Echo.Second.class)), recorders, settings);
        closing.add(0, () -> {
            if (runner.failures().isEmpty()) {
                runner.close();
            }
        });
        return runner;
    }

    /** What the followers have recorded, read past the proxy: Second repeats what Echo has recorded. */
    private void assertRepeatedOnce(String... expected) {
        for (String follower : List.of("Echo", "Second")) {
            assertThat(database.column("SELECT (convert_from(substr(state, 2), 'UTF8')::json #>> '{data,word}')"
                            + " FROM stored_events WHERE application_name = '" + follower + "' ORDER BY id"))
                    .containsExactly(expected);
        }
    }

    /** A pool pauses before it tries to connect again. */
    private static void awaitStart(Runner runner) {
        List<CannotConnectException> failed = new ArrayList<>();
        try {
            Concurrently.awaitUntil(() -> {
                try {
                    runner.start();
                    return true;
                } catch (CannotConnectException e) {
                    failed.add(e);
                    return false;
                }
            });
        } catch (IllegalStateException e) {
            failed.forEach(e::addSuppressed);
            throw e;
        }
    }

    private static List<State> states(Runner runner) {
        return runner.health().followers().stream().map(FollowerHealth::state).toList();
    }

    private static void awaitUpToDate(Runner runner) {
        Concurrently.awaitUntil(() -> states(runner).equals(List.of(State.UP_TO_DATE, State.UP_TO_DATE)));
    }

    @Slow("a pool pauses before it connects again")
    @Test
    void goesOnWhenAllConnectionsAreCutWhileABatchIsProcessed() {
        Runner runner = runner(throughProxy(SHORT_MS), settings());
        AtomicInteger cuts = new AtomicInteger();
        BiConsumer<String, ProcessingEvent> cutting = (word, processing) -> {
            if (word.equals("b") && cuts.incrementAndGet() <= 2) {
                proxy.cutAll();
            }
        };
        runner.get(Echo.class).before = cutting;
        runner.get(Echo.Second.class).before = cutting;
        runner.start();

        words.say("a", "b", "c");
        awaitUpToDateWith(runner, "a", "b", "c");

        assertThat(cuts).hasValueGreaterThan(2);
        assertThat(runner.failures()).isEmpty();
    }

    private void awaitUpToDateWith(Runner runner, String... expected) {
        Concurrently.awaitUntil(
                () -> database.count("stored_events WHERE application_name = 'Second'") >= expected.length);
        awaitUpToDate(runner);
        assertRepeatedOnce(expected);
    }

    /** The answer is lost, or the commit itself: either way somebody finds out what is recorded, and goes on from there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWhenNobodyKnowsWhatWasCommitted(boolean recorded) {
        List<String> failed = new CopyOnWriteArrayList<>();
        Runner runner = runner(throughProxy(SHORT_MS), settings().metrics(new FollowerMetrics() {
            @Override
            public void failed(String follower, String leader) {
                failed.add(follower);
            }
        }));
        AtomicBoolean cut = new AtomicBoolean();
        runner.get(Echo.class).before = (word, processing) -> {
            if (cut.compareAndSet(false, true)) {
                if (recorded) {
                    proxy.cutBeforeAnswer("COMMIT", 0);
                } else {
                    proxy.cutBefore("COMMIT");
                }
            }
        };
        runner.start();

        words.say("a", "b", "c");
        runner.waitUntilCaughtUp(LONG);

        assertRepeatedOnce("a", "b", "c");
        assertThat(failed).contains("Echo");
        assertThat(runner.get(Echo.class).seen).hasSize(recorded ? 3 : 6);
        assertThat(runner.failures()).isEmpty();
        awaitUpToDate(runner);
    }

    /** Longer than the lease: it is lost, and taken again. */
    @Slow("leases run out, and a pool pauses before it tries to connect again")
    @Test
    void goesOnWhenTheDatabaseWasAwayForLongerThanTheLease() {
        Runner runner = runner(throughProxy(SHORT_MS), settings());
        runner.start();
        words.say("a");
        runner.waitUntilCaughtUp(LONG);

        proxy.refuse();
        words.say("b");
        Concurrently.awaitUntil(() -> database.count("follower_leases WHERE until > clock_timestamp()") == 0);

        assertThat(runner.health().followers()).hasSize(2).allSatisfy(follower -> {
            assertThat(follower.state()).isEqualTo(State.UNKNOWN);
            assertThat(follower.error()).contains("no connection to the database");
            assertThat(follower.isHealthy()).isFalse();
        });
        assertThat(runner.failures()).isEmpty();
        assertThatExceptionOfType(EventSourcingException.class)
                .isThrownBy(() -> runner.waitUntilCaughtUp(Duration.ofMillis(1)));
        proxy.admit();
        words.say("c");
        awaitUpToDateWith(runner, "a", "b", "c");
        assertThat(runner.failures()).isEmpty();
    }

    /** However often: what is out of reach is no event's fault. */
    @Test
    void aPolicyThatCannotReachSomethingIsTriedAgainUntilItCan() {
        Runner runner = runner(throughProxy(SHORT_MS), settings());
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger tries = new AtomicInteger();
        runner.get(Echo.class).before = (word, processing) -> {
            tries.incrementAndGet();
            if (away.get()) {
                throw new CannotConnectException("The other database is away", null);
            }
        };
        runner.start();

        words.say("a");
        Concurrently.awaitUntil(() -> tries.get() > runner.get(Echo.class).attempts());

        assertThat(runner.health().followers())
                .filteredOn(follower -> follower.follower().equals("Echo"))
                .singleElement()
                .satisfies(echo -> {
                    assertThat(echo.state()).isEqualTo(State.RETRYING);
                    assertThat(echo.error()).contains("The other database is away");
                });
        away.set(false);
        awaitUpToDateWith(runner, "a");
    }

    @Slow("leases run out, and a pool pauses before it tries to connect again")
    @Test
    void aStartThatCannotReachTheDatabaseMayBeRepeated() {
        Runner runner = runner(throughProxy(SHORT_MS), settings());
        words.say("a");
        proxy.refuse();

        assertThatExceptionOfType(CannotConnectException.class).isThrownBy(runner::start);
        assertThatExceptionOfType(CannotConnectException.class).isThrownBy(runner::start);
        assertThat(states(runner)).containsOnly(State.UNKNOWN);

        proxy.admit();
        awaitStart(runner);
        awaitUpToDateWith(runner, "a");
    }

    /** The leases are elsewhere, where all is well. */
    @Test
    void aStartThatCannotReachALeaderMayBeRepeated() {
        RecorderFactory throughProxy = throughProxy(SHORT_MS);
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Words.class, Echo.class, Echo.Second.class));
        Instances instances = Instances.of(new Words(throughProxy), new Echo(direct()), new Echo.Second(direct()));
        Runner runner = kind == Kind.SINGLE
                ? new SingleThreadedRunner(system, instances, settings())
                : new MultiThreadedRunner(system, instances, settings());
        closing.add(0, runner);
        words.say("a");
        proxy.refuse();

        assertThatExceptionOfType(CannotConnectException.class).isThrownBy(runner::start);
        assertThat(database.count("follower_leases WHERE until > clock_timestamp()"))
                .isZero();

        proxy.admit();
        awaitStart(runner);
        awaitUpToDateWith(runner, "a");
    }

    /** No answer ever comes, and nobody is told that a connection is broken. */
    @Slow("leases run out, and a pool pauses before it tries to connect again")
    @Test
    void aStopKeepsItsDeadlineThoughTheDatabaseDoesNotAnswer() {
        Runner runner = runner(throughProxy(LONG_MS), settings().stopDeadline(Duration.ofMillis(300)));
        runner.start();
        proxy.freeze();
        Concurrently.awaitUntil(() -> database.count("follower_leases WHERE until > clock_timestamp()") == 0);

        Running<?> stopping = Concurrently.start(runner::stop);

        assertThatExceptionOfType(EventSourcingException.class)
                .isThrownBy(stopping::get)
                .withMessageContaining("within 300 ms");
        // Lets the pool be closed, which tries to connect again.
        proxy.refuse();
    }

    /** How long the attempt takes is for the pool to say. */
    @Test
    void aStartThatGetsNoAnswerMayBeStopped() {
        Runner runner = runner(throughProxy(LONG_MS), settings().stopDeadline(Duration.ofMillis(300)));
        proxy.freeze();
        Running<?> starting = Concurrently.start(runner::start);
        starting.awaitDoneOr(OutageTest::connects);

        Running<?> stopping = Concurrently.start(runner::stop);
        stopping.get();

        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(runner::start);
        // Lets the pool be closed, which tries to connect again.
        proxy.refuse();
    }

    private static boolean connects(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(HikariDataSource.class.getName())) {
                return true;
            }
        }
        return false;
    }

    /** Two runners stand for two processes: the first has come into a batch, when it is cut off. */
    @Slow("leases run out, and a pool pauses before it tries to connect again")
    @Test
    void anotherProcessTakesOverFromTheOneThatIsCutOff() {
        Runner first = runner(throughProxy(SHORT_MS), settings());
        Runner second = runner(direct(), settings());
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        first.get(Echo.class).before = (word, processing) -> {
            if (word.equals("b")) {
                working.countDown();
                Concurrently.await(release);
            }
        };
        first.start();
        second.start();
        words.say("a");
        first.waitUntilCaughtUp(LONG);

        words.say("b");
        Concurrently.await(working);
        proxy.refuse();
        long cutOff = System.nanoTime();
        Concurrently.awaitUntil(() -> database.count("stored_events WHERE application_name = 'Second'") == 2);
        Duration takeover = Duration.ofNanos(System.nanoTime() - cutOff);
        proxy.admit();
        release.countDown();
        Concurrently.awaitUntil(() -> states(first).equals(List.of(State.ELSEWHERE, State.ELSEWHERE)));
        words.say("c");
        second.waitUntilCaughtUp(LONG);
        second.stop();
        words.say("d");
        first.waitUntilCaughtUp(LONG);

        assertRepeatedOnce("a", "b", "c", "d");
        assertThat(first.get(Echo.class).seen).containsExactly("a", "b", "d");
        assertThat(second.get(Echo.class).seen).containsExactly("b", "c");
        assertThat(first.failures()).isEmpty();
        assertThat(second.failures()).isEmpty();
        // A lease, a third of it, and a machine that has much to do.
        assertThat(takeover).isLessThan(LEASE.multipliedBy(4).dividedBy(3).plusSeconds(8));
    }
}
