package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.Concurrently;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class SingleThreadedRunnerTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final InMemoryRecorders recorders = new InMemoryRecorders();

    @Test
    void processesNothingBeforeTheStartAndCatchesUpThen() {
        try (SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class))) {
            runner.get(Words.class).say("a", "b");
            assertThat(runner.get(Echo.class).seen).isEmpty();

            runner.start();

            assertThat(runner.get(Echo.class).seen).containsExactly("a", "b");
        }
    }

    @Test
    void whatFollowsFromASaveHasHappenedWhenItReturns() {
        try (SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class, Echo.Second.class))) {
            runner.start();

            runner.get(Words.class).say("a");

            assertThat(runner.get(Echo.class).repeated()).containsExactly("a");
            assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a");
        }
    }

    @Test
    void catchesUpAlongAChainWhateverTheOrderOfThePipes() {
        try (SingleThreadedRunner runner = runner(pipe(Echo.class, Echo.Second.class), pipe(Words.class, Echo.class))) {
            runner.get(Words.class).say("a");

            runner.start();

            assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a");
        }
    }

    @Test
    void runsALoopUntilNothingIsLeft() {
        try (SingleThreadedRunner runner =
                runner(pipe(Words.class, Ping.class), pipe(Ping.class, Pong.class, Ping.class))) {
            runner.start();

            runner.get(Words.class).say("xxxxx");

            assertThat(runner.get(Ping.class).words).containsExactly("xxxxx", "xxx", "x");
            assertThat(runner.get(Pong.class).words).containsExactly("xxxx", "xx", "");
            assertThat(runner.failures()).isEmpty();
        }
    }

    @Test
    void promptsNobodyBeforeTheCommit() {
        try (SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class))) {
            runner.start();
            Echo echo = runner.get(Echo.class);

            recorders.transactions().required(() -> {
                runner.get(Words.class).say("a");
                assertThat(echo.seen).isEmpty();
            });

            runner.waitUntilCaughtUp(TEN_SECONDS);
            assertThat(echo.seen).containsExactly("a");
        }
    }

    @Test
    void promptsNobodyOfWhatIsRolledBack() {
        try (SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class))) {
            runner.start();

            assertThatIllegalStateException()
                    .isThrownBy(() -> recorders.transactions().required(() -> {
                        runner.get(Words.class).say("a");
                        throw new IllegalStateException("roll back");
                    }));

            assertThat(runner.get(Echo.class).seen).isEmpty();
            runner.get(Words.class).say("b");
            assertThat(runner.get(Echo.class).seen).containsExactly("b");
        }
    }

    @Test
    void aFollowerThatFailsFailsNeitherTheSaveNorTheOthers() {
        SingleThreadedRunner runner =
                runner(pipe(Words.class, Echo.class, Echo.Third.class), pipe(Words.class, Echo.Second.class));
        runner.start();
        runner.get(Echo.class).before = failing("bad");

        runner.get(Words.class).say("a", "bad", "b");

        assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a", "bad", "b");
        assertThat(runner.get(Echo.class).repeated()).containsExactly("a");
        assertThat(runner.get(Echo.Third.class).repeated()).containsExactly("a");
        assertThat(runner.failures())
                .singleElement()
                .isInstanceOfSatisfying(
                        EventProcessingException.class,
                        e -> assertThat(e.notificationId()).isEqualTo(2));
        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(runner::close)
                .satisfies(e -> assertThat(e.follower()).isEqualTo("Echo"));
    }

    @Test
    void aFollowerThatFailedStaysStoppedUntilItIsToResume() {
        try (SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class))) {
            runner.start();
            Echo echo = runner.get(Echo.class);
            echo.before = failing("bad");
            runner.get(Words.class).say("bad");
            assertThat(runner.failures()).hasSize(1);
            echo.before = (word, processing) -> {};
            runner.get(Words.class).say("b");
            assertThat(echo.repeated()).isEmpty();

            runner.resume(Echo.class);
            runner.waitUntilCaughtUp(TEN_SECONDS);

            assertThat(echo.repeated()).containsExactly("bad", "b");
            assertThat(runner.failures()).isEmpty();
        }
    }

    @Test
    void closingThrowsTheFirstFailureWithTheOthersSuppressed() {
        List<String> closed = new ArrayList<>();
        Runner runner = runner(pipe(Words.class, Echo.class), pipe(Words.class, Echo.Second.class))
                .closing(() -> {
                    closed.add("first");
                    throw new IllegalStateException("stuck");
                })
                .closing(() -> closed.add("second"));
        runner.start();
        runner.get(Echo.class).before = failing("a");
        runner.get(Echo.Second.class).before = failing("a");
        runner.get(Words.class).say("a");

        assertThatExceptionOfType(EventSourcingException.class)
                .isThrownBy(runner::close)
                .withMessageStartingWith("Echo failed")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .satisfiesExactly(
                                second -> assertThat(second).startsWith("Second failed"),
                                stuck -> assertThat(stuck).contains("Closing").endsWith("failed: stuck")));

        assertThat(closed).containsExactly("first", "second");
    }

    /** A set flag would break what is closed later, such as a connection. */
    @Test
    void anInterruptionWhileSomethingIsClosedIsRestoredWhenAllIsClosed() {
        List<Boolean> interrupted = new ArrayList<>();
        Runner runner = runner(pipe(Words.class, Echo.class))
                .closing(() -> {
                    throw new InterruptedException();
                })
                .closing(() -> interrupted.add(Thread.currentThread().isInterrupted()));

        Throwable thrown = catchThrowable(runner::close);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted).containsExactly(false);
        assertThat(thrown).isInstanceOf(EventSourcingException.class);
    }

    @Test
    void closingTwiceIsClosingOnce() {
        List<String> closed = new ArrayList<>();
        Runner runner = runner(pipe(Words.class, Echo.class)).closing(() -> closed.add("once"));

        runner.close();
        runner.close();

        assertThat(closed).containsExactly("once");
    }

    @Test
    void followsNobodyAnyMoreOnceItIsClosed() {
        SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class));
        runner.start();
        runner.close();

        runner.get(Words.class).say("a");

        assertThat(runner.get(Echo.class).seen).isEmpty();
    }

    @Test
    void startsOnceAndNotAfterItWasClosed() {
        SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class));
        runner.start();

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(runner::start)
                .withMessageStartingWith("The runner was started before.");
        runner.close();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(runner::start)
                .withMessageStartingWith("The runner was closed before.");
    }

    @Test
    void aPromptThatComesWhileAnotherThreadProcessesIsNotLost() {
        try (SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class))) {
            runner.start();
            Echo echo = runner.get(Echo.class);
            Words words = runner.get(Words.class);
            CountDownLatch lastPageRead = new CountDownLatch(1);
            CountDownLatch savedMeanwhile = new CountDownLatch(1);
            // Listens behind the runner's own listener: what the first thread has pulled is all that it knew of.
            echo.onRecorded(recordings -> {
                if (echo.seen.size() == 1) {
                    lastPageRead.countDown();
                    Concurrently.await(savedMeanwhile);
                }
            });

            Concurrently.Running<UUID> first = Concurrently.start(() -> words.say("a"));
            Concurrently.await(lastPageRead);
            words.onRecorded(recordings -> savedMeanwhile.countDown());
            Concurrently.Running<UUID> second = Concurrently.start(() -> words.say("b"));
            first.get();
            second.get();

            assertThat(echo.repeated()).containsExactly("a", "b");
        }
    }

    @Test
    void manyThreadsSaveAndNothingIsLost() {
        try (SingleThreadedRunner runner = runner(pipe(Words.class, Echo.class, Echo.Second.class))) {
            runner.start();
            runner.get(Echo.Second.class).repeats = false;
            List<Concurrently.Running<Void>> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                threads.add(Concurrently.start(() -> {
                    for (int i = 0; i < 20; i++) {
                        runner.get(Words.class).say("a");
                    }
                }));
            }

            threads.forEach(Concurrently.Running::get);

            assertThat(runner.get(Echo.class).seen).hasSize(160);
            assertThat(runner.get(Echo.Second.class).seen).hasSize(160);
        }
    }

    private SingleThreadedRunner runner(Pipe... pipes) {
        return new SingleThreadedRunner(EventDrivenSystem.of(pipes), recorders);
    }

    private static BiConsumer<String, ProcessingEvent> failing(String bad) {
        return (word, processing) -> {
            if (word.equals(bad)) {
                throw new IllegalStateException("cannot repeat " + word);
            }
        };
    }

    /** Passes words on, one letter shorter, until they are empty. */
    abstract static class Player extends Follower {
        final List<String> words = new ArrayList<>();

        Player(RecorderFactory recorders) {
            super(recorders);
            repository(Text.class, Text::new);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            String word = ((Spoken) event.payload()).word();
            words.add(word);
            if (!word.isEmpty()) {
                Text text = new Text(UUID.randomUUID());
                text.add(word.substring(1));
                processing.collect(text);
            }
        }
    }

    static final class Ping extends Player {
        Ping(RecorderFactory recorders) {
            super(recorders);
        }
    }

    static final class Pong extends Player {
        Pong(RecorderFactory recorders) {
            super(recorders);
        }
    }
}
