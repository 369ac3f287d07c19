package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.MdcInUse;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.Warnings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What both runners promise, in memory and on both databases. */
class RunnersTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Too long for a test: what needs it to pass does not pass. */
    private static final Duration NEVER = Duration.ofHours(1);

    static Stream<Arguments> kindsAndStores() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Store.values()).map(store -> Arguments.of(kind, store)));
    }

    /** The runners. */
    enum Kind {
        SINGLE,
        MULTI;

        Runner of(
                EventDrivenSystem system,
                Function<Class<? extends Application>, Application> instances,
                RunnerSettings settings) {
            return this == SINGLE
                    ? new SingleThreadedRunner(system, instances, settings)
                    : new MultiThreadedRunner(system, instances, settings);
        }

        Runner of(EventDrivenSystem system, RecorderFactory recorders, RunnerSettings settings) {
            return this == SINGLE
                    ? new SingleThreadedRunner(system, recorders, settings)
                    : new MultiThreadedRunner(system, recorders, settings);
        }
    }

    private static Runner runner(Kind kind, RecorderFactory recorders, Pipe... pipes) {
        return kind.of(EventDrivenSystem.of(pipes), recorders, RunnerSettings.defaults());
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void processesAlongAChainWhatIsRecordedBeforeAndAfterTheStart(Kind kind, Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = runner(
                        kind,
                        opened.recorders.uncounted(),
                        pipe(Words.class, Echo.class, Echo.Second.class),
                        pipe(Words.class, Echo.Third.class))) {
            runner.get(Words.class).say("a");
            runner.start();
            runner.get(Words.class).say("b", "c");

            runner.waitUntilCaughtUp(LONG);

            assertThat(runner.get(Echo.class).repeated()).containsExactly("a", "b", "c");
            assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a", "b", "c");
            assertThat(runner.get(Echo.Third.class).repeated()).containsExactly("a", "b", "c");
            assertThat(runner.health().isHealthy()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void runsALoopUntilNothingIsLeft(Kind kind, Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = runner(
                        kind,
                        opened.recorders.uncounted(),
                        pipe(Words.class, SingleThreadedRunnerTest.Ping.class),
                        pipe(
                                SingleThreadedRunnerTest.Ping.class,
                                SingleThreadedRunnerTest.Pong.class,
                                SingleThreadedRunnerTest.Ping.class))) {
            runner.start();

            runner.get(Words.class).say("xxxxx");
            runner.waitUntilCaughtUp(LONG);

            assertThat(runner.get(SingleThreadedRunnerTest.Ping.class).words).containsExactly("xxxxx", "xxx", "x");
            assertThat(runner.get(SingleThreadedRunnerTest.Pong.class).words).containsExactly("xxxx", "xx", "");
        }
    }

    /** W18, W19, W25: a foreign event between two of this process, and nobody of this process saves afterwards. */
    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void seesWhatOtherProcessesRecordBetweenAndAfterItsOwn(Kind kind, Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = runner(kind, opened.recorders.uncounted(), pipe(Words.class, Echo.class))) {
            Words foreign = new Words(opened.recorders.uncounted());
            runner.start();
            runner.get(Words.class).say("own 1");
            foreign.say("foreign 2");
            runner.get(Words.class).say("own 3");
            foreign.say("foreign 4");

            runner.waitUntilCaughtUp(LONG);

            assertThat(runner.get(Echo.class).repeated()).containsExactly("own 1", "foreign 2", "own 3", "foreign 4");
        }
    }

    /** W11: with polling out of the way, only a prompt could wake the follower. */
    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void promptsNobodyOfWhatIsRolledBackAndAfterTheCommitOnly(Kind kind, Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = kind.of(
                        EventDrivenSystem.of(pipe(Words.class, Echo.class)),
                        opened.recorders.uncounted(),
                        RunnerSettings.defaults().pollPause(NEVER).leaseTime(NEVER))) {
            runner.start();
            Words words = runner.get(Words.class);
            Echo echo = runner.get(Echo.class);

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> words.transactions().required(() -> {
                        words.say("never");
                        throw new IllegalStateException("roll back");
                    }));
            words.transactions().required(() -> {
                words.say("a");
                assertThat(echo.seen).isEmpty();
            });

            runner.waitUntilCaughtUp(LONG);
            assertThat(echo.repeated()).containsExactly("a");
        }
    }

    /** W23, W24: others go on, and every error is told. */
    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aFollowerThatFailsStopsAloneAndStoppingTellsOfEach(Kind kind, Store store) {
        try (Store.Opened opened = store.open()) {
            Runner runner = runner(
                    kind,
                    opened.recorders.uncounted(),
                    pipe(Words.class, Echo.class),
                    pipe(Words.class, Echo.Second.class),
                    pipe(Words.class, Echo.Third.class));
            runner.get(Echo.class).before = failing("bad");
            runner.get(Echo.Third.class).before = failing("b");
            runner.start();

            runner.get(Words.class).say("a", "bad", "b");
            Concurrently.awaitUntil(
                    () -> runner.get(Echo.Second.class).place("Words").reached() >= 3);
            Concurrently.awaitUntil(() -> runner.failures().size() == 2);

            assertThat(runner.get(Echo.class).repeated()).containsExactly("a");
            assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a", "bad", "b");
            assertThat(runner.get(Echo.Third.class).repeated()).containsExactly("a", "bad");
            assertThat(runner.health().followers())
                    .extracting(FollowerHealth::state)
                    .containsExactly(
                            FollowerHealth.State.STOPPED,
                            FollowerHealth.State.UP_TO_DATE,
                            FollowerHealth.State.STOPPED);
            assertThat(runner.health().isHealthy()).isFalse();
            assertThatExceptionOfType(FollowerBehindException.class)
                    .isThrownBy(() -> runner.waitUntilCaughtUp(LONG))
                    .satisfies(e -> assertThat(e.follower()).isEqualTo("Echo"))
                    .withMessageContaining("cannot repeat bad");
            assertThatExceptionOfType(EventProcessingException.class)
                    .isThrownBy(runner::stop)
                    .satisfies(e -> {
                        assertThat(e.follower()).isEqualTo("Echo");
                        assertThat(e.getSuppressed())
                                .singleElement()
                                .isInstanceOfSatisfying(
                                        EventProcessingException.class,
                                        third -> assertThat(third.follower()).isEqualTo("Third"));
                    });
            runner.close();
        }
    }

    /** W24: a stop does not wait for ever, says who is in the way, and takes nothing away from whoever still works. */
    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aStopHasADeadlineAndNamesWhoDoesNotStop(Kind kind, Store store) {
        if (store == Store.MEMORY) {
            // Its transactions stand in line behind the one of the policy that hangs.
            return;
        }
        try (Store.Opened opened = store.open()) {
            Runner runner = kind.of(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class)),
                    opened.recorders.uncounted(),
                    RunnerSettings.defaults().saveWait(Duration.ZERO).stopDeadline(Duration.ofMillis(200)));
            CountDownLatch working = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Echo echo = runner.get(Echo.class);
            echo.before = (word, processing) -> {
                working.countDown();
                Concurrently.await(release);
            };
            runner.start();
            runner.get(Words.class).say("a");
            Concurrently.await(working);

            assertThatExceptionOfType(EventSourcingException.class)
                    .isThrownBy(runner::stop)
                    .withMessageStartingWith("Followers [Echo] have not stopped within 200 ms: a policy is in ");

            release.countDown();
            echo.waitUntil("Words", 1, LONG);
            assertThat(echo.repeated()).containsExactly("a");
            runner.close();
        }
    }

    /** Two runners stand for two processes: they share nothing but the store. */
    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void ofTwoProcessesOneProcessesForAFollowerUntilItStops(Kind kind, Store store) {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Words.class, Echo.class));
        // If the first did not give its lease back, nobody would take over.
        RunnerSettings keeping = RunnerSettings.defaults().leaseTime(NEVER);
        RunnerSettings asking = RunnerSettings.defaults().leaseTime(Duration.ofMillis(600));
        try (Store.Opened opened = store.open();
                Runner first = kind.of(system, opened.recorders.uncounted(), keeping);
                Runner second = kind.of(system, opened.recorders.uncounted(), asking)) {
            first.start();
            second.start();
            Words words = new Words(opened.recorders.uncounted());
            words.say("a");
            first.waitUntilCaughtUp(LONG);
            // Whatever the second saves, the first processes, and the second's save knows.
            second.get(Words.class).say("b");
            second.waitUntilCaughtUp(LONG);

            assertThat(first.get(Echo.class).seen).containsExactly("a", "b");
            assertThat(second.get(Echo.class).seen).isEmpty();
            assertThat(second.health().followers()).singleElement().satisfies(follower -> {
                assertThat(follower.state()).isEqualTo(FollowerHealth.State.ELSEWHERE);
                assertThat(follower.holder())
                        .startsWith("process " + ProcessHandle.current().pid() + " on ");
            });
            first.stop();
            words.say("c");
            second.waitUntilCaughtUp(LONG);

            assertThat(second.get(Echo.class).seen).containsExactly("c");
            assertThat(second.get(Echo.class).repeated()).containsExactly("a", "b", "c");
        }
    }

    /** The lease is over by the store's clock, and its holder does not know: what it has in hand is refused. */
    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void whatIsProcessedBesideANewHolderIsRefused(Kind kind, Store store) {
        if (store == Store.MEMORY) {
            // Its transactions stand in line: nobody processes beside another.
            return;
        }
        try (Store.Opened opened = store.open();
                Runner runner = runner(kind, opened.recorders.uncounted(), pipe(Words.class, Echo.class))) {
            Echo echo = runner.get(Echo.class);
            echo.repeats = false;
            CountDownLatch working = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            echo.before = (word, processing) -> {
                working.countDown();
                Concurrently.await(release);
                Words.Text text = echo.text();
                text.add(word);
                processing.collect(text);
            };
            runner.start();
            Running<?> saving = Concurrently.start(() -> runner.get(Words.class).say("a"));
            Concurrently.await(working);
            Echo other = new Echo(opened.recorders.uncounted());
            other.follow(new Words(opened.recorders.uncounted()));

            other.pullAndProcess("Words");
            release.countDown();
            saving.get();
            runner.waitUntilCaughtUp(LONG);

            assertThat(echo.seen).containsExactly("a");
            assertThat(other.repeated()).containsExactly("a");
            assertThat(runner.failures()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void namesFollowerLeaderAndNotificationToLoggersInPolicies(Kind kind, Store store) {
        try (MdcInUse mdc = new MdcInUse();
                Store.Opened opened = store.open();
                Runner runner = runner(kind, opened.recorders.uncounted(), pipe(Words.class, Echo.class))) {
            Map<String, String> named = new ConcurrentHashMap<>();
            runner.get(Echo.class).before = (word, processing) -> named.putAll(mdc.now());
            runner.start();

            runner.get(Words.class).say("a");
            runner.waitUntilCaughtUp(LONG);

            assertThat(named)
                    .containsEntry("follower", "Echo")
                    .containsEntry("leader", "Words")
                    .containsEntry("notificationId", "1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsMetricsAndIsNotHarmedByThem(Kind kind) {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Map<String, Long> told = new ConcurrentHashMap<>();
            FollowerMetrics metrics = new FollowerMetrics() {
                @Override
                public void processed(String follower, String leader, long events, Duration batchTime) {
                    told.merge(follower + " processed of " + leader, events, Long::sum);
                    throw new IllegalStateException("cannot count");
                }

                @Override
                public void failed(String follower, String leader) {
                    told.merge(follower + " failed in " + leader, 1L, Long::sum);
                }

                @Override
                public void lag(String follower, String leader, long events, Duration age) {
                    told.putIfAbsent(follower + " at first behind " + leader, events);
                }
            };
            Runner runner = kind.of(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class)),
                    opened.recorders.uncounted(),
                    RunnerSettings.defaults().metrics(metrics));
            runner.get(Echo.class).before = failing("bad");
            runner.start();
            Concurrently.awaitUntil(() -> !told.isEmpty());

            runner.get(Words.class).say("a", "b");
            runner.waitUntilCaughtUp(LONG);
            runner.get(Words.class).say("bad");
            Concurrently.awaitUntil(() -> !runner.failures().isEmpty());

            assertThat(told)
                    .containsEntry("Echo processed of Words", 2L)
                    .containsEntry("Echo failed in Words", 1L)
                    .containsEntry("Echo at first behind Words", 0L)
                    .hasSize(3);
            assertThatExceptionOfType(EventProcessingException.class).isThrownBy(runner::close);
        }
    }

    /** A deployment must not set off alarms. */
    @ParameterizedTest
    @EnumSource
    void tellsNoLagOfAFollowerThatIsUpToDateWhenItStartsAnew(Kind kind) {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Words words = new Words(opened.recorders.uncounted());
            words.say("a", "b");
            Echo before = new Echo(opened.recorders.uncounted());
            before.follow(words);
            before.pullAndProcess("Words");
            List<Long> lags = new CopyOnWriteArrayList<>();
            FollowerMetrics metrics = new FollowerMetrics() {
                @Override
                public void lag(String follower, String leader, long events, Duration age) {
                    lags.add(events);
                }
            };
            try (Runner runner = kind.of(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class)),
                    opened.recorders.uncounted(),
                    RunnerSettings.defaults().metrics(metrics))) {
                runner.start();

                Concurrently.awaitUntil(() -> !lags.isEmpty());

                assertThat(lags).startsWith(0L);
            }
        }
    }

    /** Of two processes that stopped at one event, one is mended and goes on: the other stands by again. */
    @ParameterizedTest
    @EnumSource
    void aFollowerThatWasLetGoOnElsewhereStandsByAgain(Kind kind) {
        try (Store.Opened opened = Store.MEMORY.open();
                Runner first = kind.of(
                        EventDrivenSystem.of(pipe(Words.class, Echo.class)),
                        opened.recorders.uncounted(),
                        RunnerSettings.defaults().leaseTime(Duration.ofMillis(300)))) {
            first.get(Echo.class).before = failing("bad");
            first.start();
            first.get(Words.class).say("bad");
            Concurrently.awaitUntil(() -> !first.failures().isEmpty());
            assertThatExceptionOfType(FollowerBehindException.class)
                    .isThrownBy(() -> first.get(Echo.class).waitUntil("Words", 1, Duration.ZERO))
                    .withMessageContaining("It has stopped in this process: Echo failed to process notification 1");

            Echo mended = new Echo(opened.recorders.uncounted());
            mended.follow(new Words(opened.recorders.uncounted()));
            mended.pullAndProcess("Words");

            Concurrently.awaitUntil(() -> first.failures().isEmpty());
            first.waitUntilCaughtUp(LONG);
            assertThat(first.health().isHealthy()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLeaderOfAnotherProgramIsFollowedByItsLog(Kind kind) {
        try (Store.Opened elsewhere = Store.MEMORY.open();
                Store.Opened opened = Store.MEMORY.open();
                Runner runner = kind.of(
                        EventDrivenSystem.of(pipe(Listener.class)),
                        opened.recorders.uncounted(),
                        RunnerSettings.defaults())) {
            Words foreign = new Words(elsewhere.recorders.uncounted());
            foreign.say("before");
            Listener listener = runner.get(Listener.class);
            listener.follow("Words", new OtherLog(foreign.notificationLog()));
            runner.start();

            foreign.say("after");

            listener.waitUntil("Words", 2, LONG);
            assertThat(listener.seen).containsExactly("before", "after");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyWaitsInATransactionOrBeforeTheStart(Kind kind) {
        try (Store.Opened opened = Store.MEMORY.open();
                Runner runner = runner(kind, opened.recorders.uncounted(), pipe(Words.class, Echo.class))) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> runner.waitUntilCaughtUp(LONG))
                    .withMessageContaining("not running");
            assertThat(runner.health().followers())
                    .extracting(FollowerHealth::state)
                    .containsExactly(FollowerHealth.State.NOT_RUNNING);
            runner.start();

            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(
                            () -> runner.get(Words.class).transactions().required(() -> runner.waitUntilCaughtUp(LONG)))
                    .withMessageContaining("in a transaction");
        }
    }

    /** A save whose consequences take long: the saver is told who is behind, and has saved. */
    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void aSaveThatHasWaitedLongEnoughSaysWhoIsBehind(Store store) {
        try (Store.Opened opened = store.open();
                Warnings warnings = new Warnings();
                Runner runner = Kind.SINGLE.of(
                        EventDrivenSystem.of(pipe(Words.class, Echo.class)),
                        opened.recorders.uncounted(),
                        RunnerSettings.defaults().saveWait(Duration.ofMillis(100)))) {
            CountDownLatch release = new CountDownLatch(1);
            runner.get(Echo.class).before = (word, processing) -> Concurrently.await(release);
            runner.start();

            runner.get(Words.class).say("a");

            assertThat(warnings.text())
                    .contains("What was saved up to notification 1 of Words is saved, but after 100 ms")
                    .contains("Follower Echo has not processed notification 1 of Words yet.")
                    .contains("CATCHING_UP, at id 0 of 1, 1 event ");
            release.countDown();
            runner.waitUntilCaughtUp(LONG);
            assertThat(runner.get(Echo.class).repeated()).containsExactly("a");
        }
    }

    /** What a policy saves in another store is no part of its transaction; if it waited for followers, it would wait for itself. */
    @ParameterizedTest
    @EnumSource
    void aPolicyThatSavesInAnotherStoreWaitsForNobody(Kind kind) {
        try (Store.Opened one = Store.MEMORY.open();
                Store.Opened another = Store.MEMORY.open()) {
            Words words = new Words(one.recorders.uncounted());
            Echo echo = new Echo(one.recorders.uncounted());
            Louder louder = new Louder(another.recorders.uncounted());
            Echo.Second second = new Echo.Second(another.recorders.uncounted());
            echo.before = (word, processing) -> louder.say(word);
            try (Runner runner = kind.of(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class), pipe(Louder.class, Echo.Second.class)),
                    Instances.of(words, echo, louder, second),
                    RunnerSettings.defaults().saveWait(NEVER))) {
                runner.start();

                Concurrently.start(() -> words.say("a")).get();
                runner.waitUntilCaughtUp(LONG);
                // Louder follows nobody: what it records in the policy of another is recorded only now, and waited for
                // from now on.
                runner.waitUntilCaughtUp(LONG);

                assertThat(second.repeated()).containsExactly("a");
            }
        }
    }

    @Test
    void recordersThatKeepNoParkedEventsAreRefusedWhereAFollowerParks() {
        try (Store.Opened opened = Store.MEMORY.open()) {
            // The counting ones keep none.
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> new Parker(opened.recorders))
                    .withMessageContaining("Follower Parker is to park events", "recorders keep none");
        }
    }

    private static BiConsumer<String, ProcessingEvent> failing(String bad) {
        return (word, processing) -> {
            if (word.equals(bad)) {
                throw new IllegalStateException("cannot repeat " + word);
            }
        };
    }

    /** A log that tells nothing of its store, as that of another program. */
    private record OtherLog(NotificationLog log) implements NotificationLog {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            return log.selectPage(selection);
        }

        @Override
        public OptionalLong maxNotificationId() {
            return log.maxNotificationId();
        }
    }

    /** A follower of another program's words. */
    static final class Listener extends Follower {
        final List<String> seen = new CopyOnWriteArrayList<>();

        Listener(RecorderFactory recorders) {
            super("Listener", recorders);
            follows("Words", Spoken.class);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            seen.add(((Spoken) event.payload()).word());
        }
    }

    /** A leader that is in another store than the words. */
    static final class Louder extends Application {
        Louder(RecorderFactory recorders) {
            super("Louder", recorders);
            repository(Words.Text.class, Words.Text::new);
        }

        void say(String word) {
            Words.Text text = new Words.Text(UUID.randomUUID());
            text.add(word);
            save(text);
        }
    }

    /** A follower that parks. */
    static final class Parker extends Follower {
        Parker(RecorderFactory recorders) {
            super("Parker", recorders);
            onFailure(FailureAction.PARK);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }
}
