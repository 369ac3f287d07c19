package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** States in which a runner could stand still, or say what is not so. */
class RunnerTrapsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Too long for a test: what needs it to pass does not pass. */
    private static final Duration NEVER = Duration.ofHours(1);

    private final RecorderFactory recorders = Store.MEMORY.open().recorders.uncounted();

    private Runner runner(RunnersTest.Kind kind, RunnerSettings settings) {
        return kind.of(EventDrivenSystem.of(pipe(Words.class, Echo.class)), recorders, settings);
    }

    /** The batch that fails has used up the time that a pass has: its events have to be processed one by one all the same. */
    @Slow("a policy uses up the time that a pass has")
    @ParameterizedTest
    @EnumSource
    void anEventThatFailsLateStopsTheFollowerAndIsNotTriedForEver(RunnersTest.Kind kind) {
        Runner runner = runner(kind, RunnerSettings.defaults().saveWait(Duration.ZERO));
        Echo echo = runner.get(Echo.class);
        echo.before = (word, processing) -> {
            if (word.equals("bad")) {
                long begun = System.nanoTime();
                Concurrently.awaitUntil(() -> System.nanoTime() - begun > 600_000_000L);
                throw new IllegalStateException("cannot repeat it");
            }
        };
        runner.start();

        runner.get(Words.class).say("a", "bad");
        Concurrently.awaitUntil(() -> !runner.failures().isEmpty());

        assertThat(echo.repeated()).containsExactly("a");
        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(runner::close);
    }

    @ParameterizedTest
    @EnumSource
    void leasesAreKeptHoweverLongThePollPauseIs(RunnersTest.Kind kind) {
        try (Runner runner =
                runner(kind, RunnerSettings.defaults().pollPause(NEVER).leaseTime(Duration.ofMillis(100)))) {
            runner.start();
            AtomicInteger prolonged = new AtomicInteger();
            Duration[] left = {Duration.ZERO};

            Concurrently.awaitUntil(() -> {
                Duration now = recorders.sharedStore().leases(Set.of("Echo")).stream()
                        .map(FollowerLease::left)
                        .findAny()
                        .orElse(Duration.ZERO);
                prolonged.addAndGet(now.compareTo(left[0]) > 0 ? 1 : 0);
                left[0] = now;
                return prolonged.get() >= 10;
            });
        }
    }

    /** As libraries do that are interrupted for a time limit of theirs. */
    @ParameterizedTest
    @EnumSource
    void aPolicyThatLeavesItsThreadInterruptedEndsNothing(RunnersTest.Kind kind) {
        try (Runner runner = runner(kind, RunnerSettings.defaults())) {
            Echo echo = runner.get(Echo.class);
            echo.before = (word, processing) -> Thread.currentThread().interrupt();
            runner.start();

            runner.get(Words.class).say("a");
            runner.waitUntilCaughtUp(LONG);
            runner.get(Words.class).say("b");
            runner.waitUntilCaughtUp(LONG);

            assertThat(echo.seen).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void metricsThatThrowErrorsEndNoThread(RunnersTest.Kind kind) {
        FollowerMetrics broken = new FollowerMetrics() {
            @Override
            public void failed(String follower, String leader) {
                throw new NoClassDefFoundError("io/metrics/Counter");
            }

            @Override
            public void processed(String follower, String leader, long events, Duration batchTime) {
                throw new NoClassDefFoundError("io/metrics/Counter");
            }
        };
        Runner runner = runner(kind, RunnerSettings.defaults().metrics(broken));
        Echo echo = runner.get(Echo.class);
        echo.before = (word, processing) -> {
            throw new IllegalStateException("cannot repeat " + word);
        };
        runner.start();

        runner.get(Words.class).say("bad");
        Concurrently.awaitUntil(() -> !runner.failures().isEmpty());
        echo.before = (word, processing) -> {};
        runner.resume(Echo.class);
        runner.waitUntilCaughtUp(LONG);

        assertThat(echo.seen).containsExactly("bad", "bad", "bad");
        runner.close();
    }

    /** What a dry run has undone is not processed. */
    @Test
    void aDryRunMovesNothingThatTheRunnerGoesBy() {
        Runner runner = runner(RunnersTest.Kind.MULTI, RunnerSettings.defaults());
        runner.get(Words.class).say("a");

        new FollowerSync(runner).sync(Set.of(), SyncMode.DRY_RUN);

        assertThat(runner.get(Echo.class).place("Words").reached()).isZero();
    }

    /** A transaction that the followers may wait for, and that waits for them. */
    @ParameterizedTest
    @EnumSource
    void isNotStartedInATransaction(RunnersTest.Kind kind) {
        try (Runner runner = runner(kind, RunnerSettings.defaults())) {
            runner.get(Words.class).say("a");

            Running<?> starting =
                    Concurrently.start(() -> recorders.transactions().required(runner::start));

            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(starting::get)
                    .withMessageContaining("in a transaction");
            runner.start();
            runner.waitUntilCaughtUp(LONG);
            assertThat(runner.get(Echo.class).seen).containsExactly("a");
        }
    }

    /** W24: every error, also of the batch that was in hand. */
    @ParameterizedTest
    @EnumSource
    void aStopTellsOfWhatFailsMeanwhile(RunnersTest.Kind kind) {
        Runner runner = runner(kind, RunnerSettings.defaults().saveWait(Duration.ZERO));
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        runner.get(Echo.class).before = (word, processing) -> {
            if (tries.incrementAndGet() == 2) {
                working.countDown();
                Concurrently.await(release);
            }
            throw new IllegalStateException("cannot repeat " + word);
        };
        runner.start();
        runner.get(Words.class).say("bad");
        Concurrently.await(working);

        Running<?> stopping = Concurrently.start(runner::stop);
        stopping.awaitDoneOr(thread -> thread.getState() == Thread.State.TIMED_WAITING);
        release.countDown();

        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(stopping::get);
        runner.close();
    }

    /** Nobody is to blame where a pass is given up that waits for its connection. */
    @Test
    void aPassThatIsGivenUpBetweenEventsBlamesNone() {
        Runner runner = runner(RunnersTest.Kind.MULTI, RunnerSettings.defaults());
        runner.get(Words.class).say("a", "bad", "b");
        Echo echo = runner.get(Echo.class);
        echo.before = (word, processing) -> {
            if (word.equals("bad")) {
                throw new IllegalStateException("cannot repeat " + word);
            }
        };

        assertThatExceptionOfType(Budget.GivenUp.class)
                .isThrownBy(() -> echo.pass(
                        "Words",
                        new Pull.Terms(echo.batchSize(), Long.MAX_VALUE, true, givenUpAt(5), PullListener.NOBODY)));
        assertThatExceptionOfType(Budget.GivenUp.class)
                .isThrownBy(() -> echo.pass(
                        "Words",
                        new Pull.Terms(echo.batchSize(), Long.MAX_VALUE, true, givenUpAt(4), PullListener.NOBODY)));
    }

    /** The end, the position, the page, the batch, each of its events: one connection after another. */
    private static Pace givenUpAt(int connection) {
        AtomicInteger connections = new AtomicInteger();
        return new Pace() {
            @Override
            public <T> T withConnection(Supplier<T> work) {
                if (connections.incrementAndGet() == connection) {
                    throw new Budget.GivenUp();
                }
                return work.get();
            }
        };
    }

    /** A listener of a stop that was faster than the end of the start. */
    @Test
    void closesAtOnceWhatComesAfterTheStop() {
        AtomicInteger closed = new AtomicInteger();
        Runner runner = runner(RunnersTest.Kind.SINGLE, RunnerSettings.defaults());
        runner.start();
        runner.stop();

        runner.listen(closed::incrementAndGet);

        assertThat(closed).hasValue(1);
    }

    /** On a database: in memory, all else stands in line behind the policy's transaction. */
    @Test
    void aPolicyThatStopsItsRunnerDoesNotWaitForItself() {
        try (Store.Opened opened = Store.H2.open()) {
            Runner runner = new SingleThreadedRunner(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class)),
                    opened.recorders.uncounted(),
                    RunnerSettings.defaults().saveWait(Duration.ZERO).stopDeadline(NEVER));
            CountDownLatch stopped = new CountDownLatch(1);
            runner.get(Echo.class).before = (word, processing) -> {
                assertThatExceptionOfType(EventSourcingException.class).isThrownBy(runner::stop);
                stopped.countDown();
            };
            runner.start();

            runner.get(Words.class).say("a");

            Concurrently.await(stopped);
            runner.close();
        }
    }

    /** A process that is stopped in any transaction of a follower must not keep its rows locked. */
    @Test
    void everyTransactionOfAFollowerBeginsWithItsLimit() {
        List<String> transactions = new ArrayList<>();
        Pace pace = new Pace() {
            @Override
            public void begins() {
                transactions.add(recorders.transactions().active() ? "limited" : "outside");
            }
        };
        Words words = new Words(recorders);
        words.say("-noise");
        Echo echo = Echo.ofWords("Words", recorders);
        echo.follow(words);
        Pull.Terms terms = new Pull.Terms(echo.batchSize(), Long.MAX_VALUE, true, pace, PullListener.NOBODY);

        echo.pass("Words", terms);
        assertThat(transactions).containsExactly("limited");

        words.say("bad");
        echo.before = (word, processing) -> {
            throw new IllegalStateException("cannot repeat " + word);
        };
        transactions.clear();
        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pass("Words", terms))
                .satisfies(e -> {
                    transactions.clear();
                    echo.park(e, 1, terms);
                });
        assertThat(transactions).containsExactly("limited");
    }

    /** As when the other program is deployed anew just now. */
    @ParameterizedTest
    @EnumSource
    void startsWhileTheLogOfAnotherProgramCannotBeReached(RunnersTest.Kind kind) {
        Words foreign = new Words(Store.MEMORY.open().recorders.uncounted());
        foreign.say("a");
        AtomicBoolean reachable = new AtomicBoolean();
        try (Runner runner =
                kind.of(EventDrivenSystem.of(pipe(RunnersTest.Listener.class)), recorders, RunnerSettings.defaults())) {
            RunnersTest.Listener listener = runner.get(RunnersTest.Listener.class);
            listener.follow("Words", new FarLog(foreign.notificationLog(), reachable));

            runner.start();

            reachable.set(true);
            listener.waitUntil("Words", 1, LONG);
            assertThat(listener.seen).containsExactly("a");
        }
    }

    /** A log that cannot be reached for a while. */
    private record FarLog(NotificationLog log, AtomicBoolean reachable) implements NotificationLog {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            return log.selectPage(selection);
        }

        @Override
        public OptionalLong maxNotificationId() {
            if (!reachable.get()) {
                throw new CannotConnectException("nobody answers", null);
            }
            return log.maxNotificationId();
        }
    }

    /** The last of those who wait for a connection is not passed over by those who come later. */
    @Test
    void whoWaitsForAConnectionKeepsHisPlaceUntilTheRunnerStops() {
        Budget budget = new Budget(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Running<?> holding = Concurrently.start(() -> budget.with(() -> true, () -> {
            taken.countDown();
            Concurrently.await(release);
            return "held";
        }));
        Concurrently.await(taken);
        List<Running<?>> waiting = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            Running<?> next = Concurrently.start(() -> budget.with(() -> true, () -> order.add(name)));
            next.awaitDoneOr(thread -> thread.getState() == Thread.State.WAITING);
            waiting.add(next);
        }
        Running<?> givenUp = Concurrently.start(() -> budget.with(() -> false, () -> order.add("never")));
        givenUp.awaitDoneOr(thread -> thread.getState() == Thread.State.WAITING);

        release.countDown();

        waiting.forEach(Running::get);
        holding.get();
        assertThat(order).containsExactly("first", "second", "third");
        assertThatExceptionOfType(Budget.GivenUp.class).isThrownBy(givenUp::get);
    }

    /** Those who wait for a connection do not wait for a policy that hangs, once the runner stops. */
    @Test
    void nobodyWaitsForAConnectionOnceTheRunnerStops() {
        Budget budget = new Budget(1);
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Running<?> holding = Concurrently.start(() -> budget.with(() -> true, () -> {
            taken.countDown();
            Concurrently.await(release);
            return "held";
        }));
        Concurrently.await(taken);
        Running<?> waiting = Concurrently.start(() -> budget.with(() -> false, () -> "never"));
        waiting.awaitDoneOr(thread -> thread.getState() == Thread.State.WAITING);

        budget.letAllGo();

        assertThatExceptionOfType(Budget.GivenUp.class).isThrownBy(waiting::get);
        release.countDown();
        holding.get();
    }
}
