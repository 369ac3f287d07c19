package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.testsupport.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An interruption of a thread of the user's that processes events ends the processing, parks nothing, and is not lost. */
class InterruptionsTest {
    /** What policies make of an interruption. */
    enum Kind {
        THROWN(() -> new InterruptedException("interrupted")),
        WRAPPED(() -> new IllegalStateException("wrapped", new InterruptedException())),
        RESTORED(() -> {
            Thread.currentThread().interrupt();
            return new IllegalStateException("gave up");
        });

        private final Supplier<Throwable> thrown;

        Kind(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }
    }

    static Stream<Arguments> kindsAndStores() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Store.values()).map(store -> Arguments.of(kind, store)));
    }

    @AfterEach
    void forgetInterruption() {
        Thread.interrupted();
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aPullOnAnInterruptedThreadEndsAndParksNothing(Kind kind, Store store) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders.uncounted());
            Echo echo = new Echo(opened.recorders.uncounted());
            echo.onFailure(FailureAction.PARK);
            echo.follow(words);
            words.say("a", "b");
            words.say("c");
            echo.before = (word, processing) -> {
                if (word.equals("b")) {
                    throw sneak(kind.thrown.get());
                }
            };

            EventProcessingException thrown =
                    catchThrowableOfType(EventProcessingException.class, () -> echo.pullAndProcess("Words"));
            boolean interrupted = Thread.interrupted();

            assertThat(thrown.notificationId()).isEqualTo(2);
            assertThat(interrupted).isTrue();
            assertThat(echo.seen).containsExactly("a", "b");
            assertThat(echo.parking().count("Words")).isZero();
            echo.before = (word, processing) -> {};
            assertThat(echo.pullAndProcess("Words")).isEqualTo(3);
        }
    }

    /** The second try would succeed, so that nobody would learn of the interruption. */
    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aSynchronisationDoesNotRepeatTheBatchAndGoesOnWithOthers(Kind kind, Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Echo.class), pipe(Words.class, Echo.Second.class)),
                        opened.recorders.uncounted())) {
            Echo echo = runner.get(Echo.class);
            echo.onFailure(FailureAction.PARK);
            AtomicBoolean interrupts = new AtomicBoolean();
            echo.before = (word, processing) -> {
                if (interrupts.getAndSet(false)) {
                    throw sneak(kind.thrown.get());
                }
            };
            runner.get(Words.class).say("a", "b");

            for (SyncMode mode : List.of(SyncMode.DRY_RUN, SyncMode.PROCESS)) {
                interrupts.set(true);
                FollowerSyncReport report = new FollowerSync(runner).sync(List.of(), mode);
                boolean interrupted = Thread.interrupted();

                assertThat(interrupted).isTrue();
                assertThat(report.results().get(0).failure())
                        .hasValueSatisfying(
                                failure -> assertThat(failure.notificationId()).isEqualTo(1));
                assertThat(report.results().get(1).failure()).isEmpty();
                assertThat(report.results().get(1).events()).isEqualTo(Map.of("Words", 2L));
                assertThat(echo.parking().count("Words")).isZero();
                assertThat(echo.repeated()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndStores")
    void aRetryOfParkedEventsEndsAndLeavesThemAsTheyAre(Kind kind, Store store) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders.uncounted());
            Echo echo = new Echo(opened.recorders.uncounted());
            echo.onFailure(FailureAction.PARK);
            echo.follow(words);
            words.say("a");
            words.say("b");
            echo.before = (word, processing) -> {
                throw new IllegalStateException("cannot repeat " + word);
            };
            echo.pullAndProcess("Words");
            List<ParkedEvent> parked = echo.parking().list("Words", 0, 10);
            echo.seen.clear();
            echo.before = (word, processing) -> {
                throw sneak(kind.thrown.get());
            };

            EventProcessingException thrown = catchThrowableOfType(
                    EventProcessingException.class, () -> echo.parking().retryAll("Words"));
            boolean interrupted = Thread.interrupted();

            assertThat(thrown.notificationId()).isEqualTo(1);
            assertThat(interrupted).isTrue();
            assertThat(echo.seen).containsExactly("a");
            assertThat(echo.parking().list("Words", 0, 10)).isEqualTo(parked);
        }
    }

    /** As when a container interrupts the threads of a program that ends. */
    @ParameterizedTest
    @EnumSource
    void aRunnerThatStopsDoesNotTakeAnInterruptionForAFailure(Kind kind) {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Words words = new Words(opened.recorders.uncounted());
            Echo echo = new Echo(opened.recorders.uncounted());
            echo.onFailure(FailureAction.PARK);
            echo.follow(words);
            words.say("a", "b");
            AtomicBoolean stopping = new AtomicBoolean();
            FollowerRun run =
                    new FollowerRun(echo, RunnerSettings.defaults(), new Budget(1), stopping::get, follower -> {});
            run.lease().given(System.nanoTime(), Duration.ofHours(1));
            run.promptAll();
            echo.before = (word, processing) -> {
                stopping.set(true);
                throw sneak(kind.thrown.get());
            };

            run.step();

            assertThat(run.failure()).isNull();
            assertThat(echo.seen).containsExactly("a");
            assertThat(echo.parking().count("Words")).isZero();
        }
    }
}
