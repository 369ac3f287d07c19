package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fails in the runner itself, or in a log of the user's, stops no thread, hides no failure, and breaks no answer. */
class BrokenWorkersTest {
    @Test
    void aSecondFailureDoesNotHideTheEventThatStoppedTheFollower() {
        InMemoryRecorders recorders = new InMemoryRecorders();
        Words words = new Words(recorders);
        Echo echo = new Echo(recorders);
        echo.follow(words);
        echo.before = (word, processing) -> {
            throw new IllegalStateException("cannot repeat " + word);
        };
        words.say("a");
        FollowerRun run = new FollowerRun(echo, RunnerSettings.defaults(), new Budget(1), () -> false, follower -> {});
        run.lease().given(System.nanoTime(), Duration.ofHours(1));
        run.promptAll();
        run.step();

        run.broken(new IllegalStateException("the log of the program is full"));

        assertThat(run.failure())
                .isInstanceOfSatisfying(
                        EventProcessingException.class,
                        failed -> assertThat(failed.notificationId()).isEqualTo(1));
        assertThat(run.failure().getSuppressed())
                .singleElement()
                .satisfies(second -> assertThat(second).hasMessage("the log of the program is full"));
    }

    @Test
    void roundsPauseAlsoWhenNeitherTheRoundNorItsReportSucceeds() {
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicInteger reports = new AtomicInteger();
        Rounds rounds = new Rounds(
                "broken rounds",
                () -> {
                    throw new IllegalStateException("the round");
                },
                e -> {
                    reports.incrementAndGet();
                    throw new IllegalStateException("the report");
                },
                stopping::get);

        rounds.start();

        try {
            Concurrently.awaitUntil(
                    () -> reports.get() > 0 && rounds.thread().getState() == Thread.State.TIMED_WAITING);
        } finally {
            stopping.set(true);
            rounds.wake();
        }
    }

    @Test
    void aFollowerWhoseThreadHasEndedIsNotHealthy() {
        InMemoryRecorders recorders = new InMemoryRecorders();
        Echo echo = new Echo(recorders);
        echo.follow(new Words(recorders));
        FollowerRun run = new FollowerRun(echo, RunnerSettings.defaults(), new Budget(1), () -> false, follower -> {});
        run.lease().given(System.nanoTime(), Duration.ofHours(1));
        Worker worker = new Worker("ended", List.of(run), () -> true, () -> {});
        worker.rounds().start();
        Concurrently.awaitUntil(() -> !worker.rounds().thread().isAlive());

        FollowerHealth health =
                new HealthCheck(run, List.of(run), true).of(run.pursuits().get(0));

        assertThat(health.state()).isEqualTo(FollowerHealth.State.STOPPED);
        assertThat(health.error()).contains("Thread ended of follower Echo has ended");
    }

    /** What the log of another program, written by users, may throw. */
    enum Failure {
        CHECKED(() -> new IOException("the log is gone")),
        UNCHECKED(() -> new IllegalStateException("the log is gone")),
        LINKAGE(() -> new NoClassDefFoundError("the log is gone"));

        private final Supplier<Throwable> thrown;

        Failure(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }
    }

    @ParameterizedTest
    @EnumSource
    void healthAnswersWhateverALogThrows(Failure failure) {
        try (Runner runner = new MultiThreadedRunner(
                EventDrivenSystem.of(pipe(RunnersTest.Listener.class)), new InMemoryRecorders())) {
            runner.get(RunnersTest.Listener.class).follow("Words", new BrokenLog(failure));

            SystemHealth health = runner.health();

            assertThat(health.isHealthy()).isFalse();
            assertThat(health.toString()).contains("the log is gone");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHECKED", "UNCHECKED"})
    void aRunnerStartsWhateverALogThrows(Failure failure) {
        Runner runner = new SingleThreadedRunner(
                EventDrivenSystem.of(pipe(RunnersTest.Listener.class)), new InMemoryRecorders());
        runner.get(RunnersTest.Listener.class).follow("Words", new BrokenLog(failure));

        runner.start();

        Concurrently.awaitUntil(() -> !runner.failures().isEmpty());
        assertThat(runner.isRunning()).isTrue();
        assertThatExceptionOfType(EventSourcingException.class)
                .isThrownBy(runner::close)
                .withMessageContaining("the log is gone");
    }

    @ParameterizedTest
    @EnumSource(names = {"CHECKED", "UNCHECKED"})
    void aWaitSaysHowFarTheFollowerIsWhateverALogThrows(Failure failure) {
        Echo echo = Echo.ofWords("Words", new InMemoryRecorders());
        echo.follow("Words", new BrokenLog(failure));

        assertThatExceptionOfType(FollowerBehindException.class)
                .isThrownBy(() -> echo.waitUntil("Words", 1, Duration.ZERO))
                .withMessageContainingAll("it has processed nothing of it yet", "Why is not known", "the log is gone");
    }

    /** A log that throws whatever it is asked. */
    private record BrokenLog(Failure failure) implements NotificationLog {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            throw sneak(failure.thrown.get());
        }

        @Override
        public OptionalLong maxNotificationId() {
            throw sneak(failure.thrown.get());
        }
    }
}
