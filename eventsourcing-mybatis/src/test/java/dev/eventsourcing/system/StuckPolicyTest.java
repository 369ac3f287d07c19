package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.system.FollowerHealth.State;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A policy that does not come back is seen in health, with its event and its place in the code. */
class StuckPolicyTest {
    private static final Duration LIMIT = Duration.ofMillis(10);
    private static final RunnerSettings SETTINGS =
            RunnerSettings.defaults().policyLimit(LIMIT).saveWait(Duration.ZERO);

    @ParameterizedTest
    @EnumSource
    void aPolicyThatDoesNotComeBackIsUnhealthyAndKeepsItsLease(Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Enhanced.class)),
                        opened.recorders.uncounted(),
                        SETTINGS)) {
            Waiting waiting = runner.get(Enhanced.class);
            runner.start();
            assertThat(runner.health().isHealthy()).isTrue();

            runner.get(Words.class).say("a");
            awaitLimit(waiting);

            FollowerHealth health = runner.health().followers().get(0);
            waiting.go.countDown();
            assertThat(health.state()).isEqualTo(State.STUCK);
            assertThat(health.error())
                    .contains(
                            "Policy of Waiting has processed notification 1 of Words (Words.Spoken) for ",
                            " ms, now at dev.eventsourcing.system.StuckPolicyTest$Waiting.policy(StuckPolicyTest.java:",
                            "This process still holds the lease.")
                    .doesNotContain("app//");
            Concurrently.awaitUntil(() -> runner.health().isHealthy());
        }
    }

    /** The watch of the store waits for the stuck policy here, so the lease runs out. */
    @Test
    void healthSaysThatTheLeaseIsLost() {
        try (Store.Opened opened = Store.MEMORY.open();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Waiting.class)),
                        opened.recorders.uncounted(),
                        SETTINGS.leaseTime(Duration.ofMillis(100)))) {
            Waiting waiting = runner.get(Waiting.class);
            runner.start();

            runner.get(Words.class).say("a");
            awaitLimit(waiting);

            try {
                Concurrently.awaitUntil(
                        () -> runner.health().followers().get(0).error().contains("does not hold the lease"));
                assertThat(runner.health().followers().get(0).state()).isEqualTo(State.STUCK);
            } finally {
                waiting.go.countDown();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTriedAgainDoesNotHideThatThePolicyIsStuck(Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Waiting.class)),
                        opened.recorders.uncounted(),
                        SETTINGS)) {
            Waiting waiting = runner.get(Waiting.class);
            waiting.failures.set(2);
            runner.start();

            runner.get(Words.class).say("a");
            awaitLimit(waiting);

            FollowerHealth health = runner.health().followers().get(0);
            waiting.go.countDown();
            assertThat(health.state()).isEqualTo(State.STUCK);
            assertThat(health.error()).contains("Policy of Waiting has processed notification 1", "the line is cut");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyThatIsStuckInAnotherThreadOfTheProcessIsSeenToo(Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Waiting.class)),
                        opened.recorders.uncounted(),
                        SETTINGS)) {
            Waiting waiting = runner.get(Waiting.class);
            waiting.onFailure(FailureAction.PARK);
            waiting.attempts(1);
            waiting.bad = true;
            runner.start();
            runner.get(Words.class).say("a");
            Concurrently.awaitUntil(() -> waiting.parking().count("Words") == 1);
            waiting.bad = false;

            Running<?> retry = Concurrently.start(() -> waiting.parking().retryAll("Words"));
            awaitLimit(waiting);

            FollowerHealth health = runner.health().followers().get(0);
            waiting.go.countDown();
            retry.get();
            assertThat(health.state()).isEqualTo(State.STUCK);
            assertThat(health.error()).contains("notification 1 of Words");
        }
    }

    static Stream<Arguments> storesAndRunners() {
        return Stream.of(Store.values())
                .flatMap(store -> Stream.of(RunnersTest.Kind.values()).map(kind -> Arguments.of(store, kind)));
    }

    /** The policy may hold the lock of the store, or its only connection. */
    @ParameterizedTest
    @MethodSource("storesAndRunners")
    void healthDoesNotAskAStoreThatAStuckPolicyMayHold(Store store, RunnersTest.Kind kind) {
        try (Store.Opened opened = store.open();
                Runner runner = kind.of(
                        EventDrivenSystem.of(pipe(Words.class, Waiting.class), pipe(Waiting.class, Echo.class)),
                        opened.recorders.uncounted(),
                        SETTINGS)) {
            Waiting waiting = runner.get(Waiting.class);
            runner.start();
            runner.get(Words.class).say("a");
            awaitLimit(waiting);

            Running<SystemHealth> asked = Concurrently.start(runner::health);
            try {
                FollowerHealth behind = asked.get().followers().get(1);

                assertThat(behind.state()).isEqualTo(kind == RunnersTest.Kind.SINGLE ? State.STUCK : State.UNKNOWN);
                assertThat(behind.error()).contains("Policy of Waiting has processed notification 1 of Words");
            } finally {
                waiting.go.countDown();
            }
        }
    }

    @Test
    void aPolicyThatWasNotCalledIsNotStuck() {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Words words = new Words(opened.recorders.uncounted());
            Echo echo = new Echo(unlimited(opened.recorders.uncounted()));
            echo.follow(words);
            words.say("a");
            FollowerRun run = new FollowerRun(echo, SETTINGS, new Budget(1), () -> false, follower -> {});

            Throwable thrown = catchThrowable(() -> run.working(words.notificationLog()
                    .select(NotificationSelection.after(0))
                    .get(0)));
            long failed = System.nanoTime();
            Concurrently.awaitUntil(() -> System.nanoTime() - failed > LIMIT.toNanos());

            assertThat(thrown).hasMessage("the connection is gone");
            assertThat(run.stuck()).isEmpty();
        }
    }

    /** The same recorders, which cannot limit how long a transaction may be idle. */
    private static RecorderFactory unlimited(RecorderFactory recorders) {
        return proxy(RecorderFactory.class, recorders);
    }

    private static <T> T proxy(Class<T> type, T behind) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("limitIdleness")) {
                        throw new CannotConnectException("the connection is gone", null);
                    }
                    try {
                        Object made = method.invoke(behind, arguments);
                        return made instanceof SharedStore shared
                                ? proxy(SharedStore.class, shared)
                                : made instanceof RecorderFactory factory
                                        ? proxy(RecorderFactory.class, factory)
                                        : made;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static void awaitLimit(Waiting waiting) {
        Concurrently.await(waiting.entered);
        long entered = System.nanoTime();
        Concurrently.awaitUntil(() -> System.nanoTime() - entered > LIMIT.toNanos());
    }

    /** Waits in its policy until it may go on. */
    static class Waiting extends Follower {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final AtomicInteger failures = new AtomicInteger();
        private volatile boolean bad;

        Waiting(RecorderFactory recorders) {
            super("Waiting", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (bad) {
                throw new IllegalStateException("cannot process");
            }
            if (failures.getAndDecrement() > 0) {
                throw new CannotConnectException("the line is cut", null);
            }
            entered.countDown();
            Concurrently.await(go);
        }
    }

    /** As a class that a container makes at run time: the policy is in its superclass. */
    static final class Enhanced extends Waiting {
        Enhanced(RecorderFactory recorders) {
            super(recorders);
        }
    }
}
