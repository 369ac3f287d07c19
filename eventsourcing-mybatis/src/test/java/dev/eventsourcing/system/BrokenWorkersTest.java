package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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

    /** As where the machine gives the process no more threads: here it is the last thread that cannot be started. */
    @Test
    void aRunnerThatCannotStartAThreadIsStopped() {
        InMemoryRecorders recorders = new InMemoryRecorders();
        Runner runner = new MultiThreadedRunner(EventDrivenSystem.of(pipe(RunnersTest.Listener.class)), recorders);
        List<Watch> watches = new ArrayList<>();
        runner.get(RunnersTest.Listener.class).follow("Words", new AskedLog(recorders, () -> {
            watches.addAll(watchesOf(runner));
            // A thread is started once.
            watches.forEach(watch -> watch.rounds().start());
        }));

        assertThatExceptionOfType(EventSourcingException.class)
                .isThrownBy(runner::start)
                .withMessageStartingWith("The runner could not start its threads, and is stopped: ")
                .withCauseInstanceOf(IllegalThreadStateException.class);

        assertThat(watches).isNotEmpty();
        assertThat(runner.isRunning()).isFalse();
        assertThat(runner.health().isHealthy()).isFalse();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(runner::start)
                .withMessageContaining("make another");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("Listener"));
        runner.close();
    }

    @SuppressWarnings("unchecked")
    private static List<Watch> watchesOf(Runner runner) {
        try {
            Field watches = Runner.class.getDeclaredField("watches");
            watches.setAccessible(true);
            return (List<Watch>) watches.get(runner);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** An empty log that does something when it is first asked for its end, as a runner does before it starts its threads. */
    private static final class AskedLog implements NotificationLog {
        private final InMemoryRecorders recorders;
        private final AtomicReference<Runnable> asked;

        AskedLog(InMemoryRecorders recorders, Runnable asked) {
            this.recorders = recorders;
            this.asked = new AtomicReference<>(asked);
        }

        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            return new NotificationPage(List.of(), selection.after());
        }

        @Override
        public OptionalLong maxNotificationId() {
            asked.getAndSet(() -> {}).run();
            return OptionalLong.empty();
        }

        @Override
        public Optional<SharedStore> store() {
            return Optional.of(recorders.sharedStore());
        }
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
