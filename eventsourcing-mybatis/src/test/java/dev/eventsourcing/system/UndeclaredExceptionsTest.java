package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the user's code throws is a failure: checked exceptions that no signature declares, Throwables of no known kind, and
 * exceptions whose own methods throw or whose causes form a circle.
 */
class UndeclaredExceptionsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What user code may throw besides runtime exceptions and errors. */
    enum Kind {
        CHECKED(() -> new IOException("the printer is on fire")),
        CHECKED_TIMEOUT(() -> new TimeoutException("too slow")),
        OF_NO_KIND(() -> new Throwable("of no kind")),
        INTERRUPTED(() -> new InterruptedException("interrupted")),
        MUTE(MuteException::new),
        HALF_MUTE(HalfMuteException::new),
        WITHOUT_FRAMES(FramelessException::new),
        WRAPPED_MUTE(() -> new IllegalStateException("wrapped", new MuteException())),
        CIRCULAR(() -> {
            Exception one = new Exception("one");
            one.initCause(new Exception("other", one));
            return one;
        });

        private final Supplier<Throwable> thrown;

        Kind(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }
    }

    /** None of its methods works. */
    private static final class MuteException extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("getMessage");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new UnsupportedOperationException("getCause");
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("toString");
        }
    }

    /** Can be printed, but not logged: printing does not ask for the message. */
    private static final class HalfMuteException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("getMessage");
        }

        @Override
        public String toString() {
            return "Half";
        }
    }

    /** Neither its text nor its stack trace can be read. */
    private static final class FramelessException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new UnsupportedOperationException("getStackTrace");
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("toString");
        }
    }

    static Stream<Arguments> kindsAndStores() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Store.values()).map(store -> Arguments.of(kind, store)));
    }

    static Stream<Arguments> kindsStoresAndRunners() {
        return kindsAndStores()
                .flatMap(arguments -> Stream.of(RunnersTest.Kind.values())
                        .map(runner ->
                                Arguments.of(arguments.get()[0], arguments.get()[1], runner)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aTransactionIsRolledBackAndTheCallerGetsTheExceptionItself(Kind kind, Store store) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders.uncounted());
            Throwable exception = kind.thrown.get();

            Throwable thrown = catchThrowable(() -> words.transactions().required(() -> {
                words.say("lost");
                throw sneak(exception);
            }));

            assertThat(thrown == exception).isTrue();
            assertThat(recorded(words)).isZero();
            words.say("kept");
            assertThat(recorded(words)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aListenerThatFailsDoesNotFailTheSave(Kind kind, Store store) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders.uncounted());
            AtomicBoolean told = new AtomicBoolean();
            words.onRecorded(recordings -> {
                throw sneak(kind.thrown.get());
            });
            words.onRecorded(recordings -> told.set(true));

            words.say("a");
            boolean interrupted = Thread.interrupted();
            words.transactions().required(() -> {
                words.say("b");
            });
            Thread.interrupted();

            assertThat(recorded(words)).isEqualTo(2);
            assertThat(told).isTrue();
            assertThat(interrupted).isEqualTo(kind == Kind.INTERRUPTED);
        }
    }

    @ParameterizedTest
    @MethodSource("kindsStoresAndRunners")
    void aRunnerStopsTheFollowerAndSaysSo(Kind kind, Store store, RunnersTest.Kind runners) {
        try (Store.Opened opened = store.open()) {
            Runner runner = runners.of(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class), pipe(Words.class, Echo.Second.class)),
                    opened.recorders.uncounted(),
                    RunnerSettings.defaults().saveWait(Duration.ZERO));
            Echo echo = runner.get(Echo.class);
            AtomicBoolean mended = new AtomicBoolean();
            echo.before = (word, processing) -> {
                if (word.equals("bad") && !mended.get()) {
                    throw sneak(kind.thrown.get());
                }
            };
            runner.start();

            runner.get(Words.class).say("a", "bad", "b");
            Concurrently.awaitUntil(() -> !runner.failures().isEmpty());
            runner.get(Echo.Second.class).waitUntil("Words", 3, LONG);

            assertThat(runner.failures())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            EventProcessingException.class,
                            failed -> assertThat(failed.notificationId()).isEqualTo(2))
                    .satisfies(failed -> assertThat(failed.getMessage()).contains("Echo", "notification 2", "Words"));
            assertThat(runner.health().isHealthy()).isFalse();
            assertThat(runner.health().toString()).contains("STOPPED", "notification 2");
            assertThat(echo.repeated()).containsExactly("a");
            assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a", "bad", "b");

            mended.set(true);
            runner.resume(Echo.class);
            runner.waitUntilCaughtUp(LONG);
            assertThat(echo.repeated()).containsExactly("a", "bad", "b");
            runner.close();
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aFollowerThatParksParksTheEventAndGoesOn(Kind kind, Store store) {
        try (Store.Opened opened = store.open()) {
            Runner runner = new MultiThreadedRunner(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class)), opened.recorders.uncounted());
            Echo echo = runner.get(Echo.class);
            echo.onFailure(FailureAction.PARK);
            echo.before = (word, processing) -> {
                if (word.equals("bad")) {
                    throw sneak(kind.thrown.get());
                }
            };
            Words words = runner.get(Words.class);
            runner.start();

            words.say("bad");
            words.say("b");
            runner.waitUntilCaughtUp(LONG);

            assertThat(echo.repeated()).containsExactly("b");
            assertThat(echo.parking().list("Words", 0, 10))
                    .extracting(ParkedEvent::notificationId)
                    .containsExactly(1L);
            assertThat(runner.failures()).isEmpty();
            runner.close();
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aDryRunAndASynchronisationReportItAndGoOnWithOthers(Kind kind, Store store) {
        try (Store.Opened opened = store.open()) {
            Runner runner = new SingleThreadedRunner(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class), pipe(Words.class, Echo.Second.class)),
                    opened.recorders.uncounted());
            runner.get(Echo.class).before = (word, processing) -> {
                throw sneak(kind.thrown.get());
            };
            runner.get(Words.class).say("a");

            FollowerSyncReport dryRun = new FollowerSync(runner).sync(List.of(), SyncMode.DRY_RUN);
            boolean interrupted = Thread.interrupted();
            FollowerSyncReport sync = new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS);
            Thread.interrupted();

            for (FollowerSyncReport report : List.of(dryRun, sync)) {
                assertThat(report.results().get(0).failure())
                        .hasValueSatisfying(
                                failure -> assertThat(failure.notificationId()).isEqualTo(1));
                assertThat(report.results().get(1).failure()).isEmpty();
                assertThat(report.results().get(1).events()).isEqualTo(Map.of("Words", 1L));
            }
            assertThat(interrupted).isEqualTo(kind == Kind.INTERRUPTED);
            assertThat(runner.get(Echo.class).repeated()).isEmpty();
            assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a");
        }
    }

    /** Databases, and the user's rows in them. */
    enum Product {
        H2,
        POSTGRESQL;

        private TestDatabase migrated() {
            return this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatThePolicyHasWrittenAreRolledBackWithIt(Product product) {
        try (TestDatabase database = product.migrated()) {
            database.execute(Lines.TABLE);
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), Lines.class);
            Words words = new Words(recorders);
            Echo echo = new Echo(recorders);
            echo.follow(words);
            AtomicBoolean mended = new AtomicBoolean();
            echo.before = (word, processing) -> {
                recorders.mapper(Lines.class).insert(word);
                if (!mended.get()) {
                    throw sneak(new IOException("after the row was written"));
                }
            };
            words.say("a", "b");

            assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> echo.pullAndProcess("Words"));
            assertThat(database.count("lines")).isZero();

            mended.set(true);
            echo.pullAndProcess("Words");
            assertThat(database.column("SELECT word FROM lines ORDER BY word")).containsExactly("a", "b");
        }
    }

    /** What gets past everything else, as an error in the runner itself. */
    @Test
    void aRoundThatBreaksOffStopsItsFollowersAndNotTheThread() {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Words words = new Words(opened.recorders.uncounted());
            Echo echo = new Echo(opened.recorders.uncounted());
            echo.follow(words);
            AtomicBoolean stopping = new AtomicBoolean();
            FollowerRun run =
                    new FollowerRun(echo, RunnerSettings.defaults(), new Budget(1), stopping::get, follower -> {});
            Worker worker = new Worker("broken", List.of(run), stopping::get, () -> {
                throw sneak(new IOException("not the policy's"));
            });
            worker.rounds().start();

            // Marked first, and explained then.
            Concurrently.awaitUntil(() -> String.valueOf(run.failure()).contains("not the policy's"));

            assertThat(run.failure())
                    .isInstanceOf(EventSourcingException.class)
                    .hasMessageContaining("not the policy's");
            assertThat(worker.rounds().thread().isAlive()).isTrue();
            stopping.set(true);
            worker.rounds().wake();
        }
    }

    private static long recorded(Application application) {
        return application.notificationLog().end().recorded() == 0
                ? 0
                : application
                        .notificationLog()
                        .select(NotificationSelection.after(0))
                        .size();
    }
}
