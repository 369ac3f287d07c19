package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.system.FollowerHealth.State;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.Store;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each row of the table of health: how a follower gets into a state, and whether that is healthy. */
class HealthTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Long enough for a batch of a test on a busy machine, where none is to pass. */
    private static final Duration NEVER_OVER = Duration.ofMinutes(10);

    private static final Duration SOON_OVER = Duration.ofMillis(300);

    private static final RunnerSettings SETTINGS = RunnerSettings.defaults().saveWait(Duration.ZERO);

    @ParameterizedTest
    @EnumSource
    void whoHasProcessedAllIsHealthy(Store store) {
        run(store, SETTINGS, system -> {
            system.words.say("a");
            system.runner.waitUntilCaughtUp(LONG);

            requireHealthy(system.runner, State.UP_TO_DATE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aBurstAloneMakesNobodyUnhealthy(Store store) {
        if (store == Store.MEMORY) {
            // One transaction at a time there: the lease is not renewed during a batch.
            return;
        }
        run(store, SETTINGS.leaseTime(SOON_OVER), system -> {
            // A batch that takes longer than a lease, and each of its events less.
            system.echo.before = (word, processing) -> pause(SOON_OVER.dividedBy(10));
            String[] burst = new String[40];
            Arrays.fill(burst, "a");
            system.words.say(burst);
            long until = System.nanoTime() + 2 * SOON_OVER.toNanos();

            while (System.nanoTime() < until) {
                assertThat(system.health()).matches(FollowerHealth::isHealthy);
            }
            assertThat(system.health().state()).isEqualTo(State.CATCHING_UP);
            system.runner.waitUntilCaughtUp(LONG);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerThatWaitsForAnOpenAppendIsHealthyHoweverLongThatTakes(Store store) {
        if (store == Store.MEMORY) {
            // One transaction at a time there: nobody could ask.
            return;
        }
        run(store, SETTINGS.leaseTime(SOON_OVER), system -> {
            CountDownLatch appended = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Running<Void> open =
                    Concurrently.start(() -> system.words.transactions().required(() -> {
                        system.words.say("a");
                        appended.countDown();
                        Concurrently.await(release);
                    }));
            Concurrently.await(appended);
            if (store == Store.POSTGRESQL) {
                system.words.say("b");
                Concurrently.awaitUntil(() -> system.health().state() == State.WAITING);
            }
            pause(SOON_OVER.multipliedBy(2));

            assertThat(system.health()).matches(FollowerHealth::isHealthy);
            release.countDown();
            open.get();
            // At once after it was held up for longer than a lease.
            assertThat(system.health()).matches(FollowerHealth::isHealthy);
            system.runner.waitUntilCaughtUp(LONG);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whoeverStandsByIsHealthyWhileAnotherProcessProcesses(Store store) {
        run(store, SETTINGS.leaseTime(NEVER_OVER), system -> {
            try (Runner other = system.another(SETTINGS.leaseTime(NEVER_OVER))) {
                other.start();
                system.words.say("a");
                system.runner.waitUntilCaughtUp(LONG);

                requireHealthy(other, State.ELSEWHERE);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPositionThatDoesNotMoveForLongerThanALeaseIsUnhealthyHereAndElsewhere(Store store) {
        if (store == Store.MEMORY) {
            // The transaction of the stuck policy keeps everybody out.
            return;
        }
        run(store, SETTINGS.leaseTime(SOON_OVER), system -> {
            try (Runner other = system.another(SETTINGS.leaseTime(SOON_OVER))) {
                other.start();
                CountDownLatch go = new CountDownLatch(1);
                system.echo.before = (word, processing) -> Concurrently.await(go);
                system.words.say("a");
                try {
                    Concurrently.awaitUntil(() -> system.health().state() == State.NOT_MOVING);
                    Concurrently.awaitUntil(() -> health(other).state() == State.NOT_MOVING);

                    assertThat(system.health()).matches(health -> !health.isHealthy());
                    assertThat(system.health().error())
                            .contains("Follower Echo has been at id 0 of Words for ", "longer than a lease (300 ms)")
                            .contains("Policy of Echo has processed notification 1 of Words", "now at ");
                    assertThat(health(other).error())
                            .contains("See the log and the health of process", "so that another takes over");
                } finally {
                    go.countDown();
                }
                system.runner.waitUntilCaughtUp(LONG);
                requireHealthy(system.runner, State.UP_TO_DATE);
                assertThat(other.health().isHealthy()).isTrue();
            }
        });
    }

    @Slow("a lease runs out that is long enough to be seen before, on a busy machine")
    @ParameterizedTest
    @EnumSource
    void aFollowerThatNobodyHoldsTheLeaseOfIsHealthyForAsLongAsALeaseLasts(Store store) {
        AtomicBoolean refusing = new AtomicBoolean(true);
        runOver(
                store,
                SETTINGS.leaseTime(Duration.ofSeconds(3)),
                recorders -> leasesRefused(recorders, refusing),
                system -> {
                    requireHealthy(system.runner, State.STANDING_BY);
                    system.words.say("a");

                    Concurrently.awaitUntil(() -> system.health().state() == State.UNATTENDED);

                    assertThat(system.health()).matches(health -> !health.isHealthy());
                    assertThat(system.health().error())
                            .startsWith(
                                    "No process has held the lease of follower Echo for 3 s, longer than it lasts (3 s), so nothing"
                                            + " is processed.")
                            .contains("This process should have taken it");
                    refusing.set(false);
                    system.runner.waitUntilCaughtUp(LONG);
                    requireHealthy(system.runner, State.UP_TO_DATE);
                });
    }

    @Test
    void theReasonSaysWhyTheLeaseCannotBeTaken() {
        AtomicBoolean refusing = new AtomicBoolean();
        AtomicBoolean failing = new AtomicBoolean();
        runOver(
                Store.H2,
                SETTINGS.leaseTime(SOON_OVER),
                recorders -> leases(recorders, () -> {
                    if (failing.get()) {
                        throw new IllegalStateException("no right to write leases");
                    }
                    return refusing.get();
                }),
                system -> {
                    failing.set(true);

                    Concurrently.awaitUntil(() -> system.health().state() == State.UNATTENDED);

                    assertThat(system.health().error())
                            .endsWith("This process cannot take it: no right to write leases");
                    failing.set(false);
                    Concurrently.awaitUntil(() -> system.health().state() == State.UP_TO_DATE);
                });
    }

    @ParameterizedTest
    @EnumSource
    void whatHasFailedIsUnhealthyUntilItHasPassed(Store store) {
        run(store, SETTINGS, system -> {
            requireHealthy(system.runner, State.UP_TO_DATE);
            system.echo.attempts(100);
            AtomicBoolean failing = new AtomicBoolean(true);
            system.echo.before = (word, processing) -> {
                if (failing.get()) {
                    throw new CannotConnectException("the line is cut", null);
                }
            };
            system.words.say("a");

            Concurrently.awaitUntil(() -> system.health().state() == State.RETRYING);
            requireUnhealthy(system.runner, State.RETRYING, "the line is cut");
            failing.set(false);
            system.runner.waitUntilCaughtUp(LONG);
            requireHealthy(system.runner, State.UP_TO_DATE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerThatHasStoppedIsUnhealthyUntilItResumes(Store store) {
        run(store, SETTINGS, system -> {
            system.echo.before = (word, processing) -> {
                throw new IllegalStateException("cannot process it");
            };
            system.words.say("a");

            Concurrently.awaitUntil(() -> system.health().state() == State.STOPPED);
            requireUnhealthy(system.runner, State.STOPPED, "cannot process it");
            system.echo.before = (word, processing) -> {};
            system.runner.resume(Echo.class);
            system.runner.waitUntilCaughtUp(LONG);
            requireHealthy(system.runner, State.UP_TO_DATE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aRunnerThatDoesNotRunIsUnhealthy(Store store) {
        run(store, SETTINGS, system -> {
            requireUnhealthy(system.another(SETTINGS), State.NOT_RUNNING, "");
            system.runner.stop();
            requireUnhealthy(system.runner, State.NOT_RUNNING, "");
        });
    }

    @Test
    void aStoreThatCannotBeAskedIsUnhealthyAndThrowsNothing() {
        AtomicBoolean failing = new AtomicBoolean();
        runOver(
                Store.H2,
                SETTINGS,
                recorders -> intercepted(RecorderFactory.class, recorders, method -> {
                    if (failing.get() && method.equals("leases")) {
                        throw new CannotConnectException("the database is away", null);
                    }
                    return Optional.empty();
                }),
                system -> {
                    failing.set(true);
                    requireUnhealthy(system.runner, State.UNKNOWN, "the database is away");
                    failing.set(false);
                });
    }

    /** The state that has no test here, {@code STUCK}, has a test of its own, {@link StuckPolicyTest}. */
    @Test
    void theReadmeHasTheRuleOfEachState() throws IOException {
        Map<State, Boolean> rows = new EnumMap<>(State.class);
        Matcher row = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| (yes|no) \\| .+ \\|$")
                .matcher(Files.readString(Path.of("../README.md")));
        while (row.find()) {
            rows.put(State.valueOf(row.group(1)), row.group(2).equals("yes"));
        }

        assertThat(rows).containsOnlyKeys(State.values());
        assertThat(rows)
                .allSatisfy((state, healthy) -> assertThat(
                                new FollowerHealth("Echo", "Words", state, 0, 0, Optional.empty(), 0, List.of(), "", "")
                                        .isHealthy())
                        .as(state.name())
                        .isEqualTo(healthy));
    }

    private static void requireHealthy(Runner runner, State state) {
        assertThat(health(runner)).matches(FollowerHealth::isHealthy);
        assertThat(health(runner).state()).isEqualTo(state);
        assertThat(runner.health().isHealthy()).isTrue();
    }

    private static void requireUnhealthy(Runner runner, State state, String reason) {
        assertThat(health(runner).state()).isEqualTo(state);
        assertThat(health(runner).error()).contains(reason);
        assertThat(runner.health().isHealthy()).isFalse();
    }

    private static FollowerHealth health(Runner runner) {
        return runner.health().followers().get(0);
    }

    /** What is waited for is that a time passes which the state depends on. */
    private static void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        Concurrently.awaitUntil(() -> System.nanoTime() - until > 0);
    }

    private static void run(Store store, RunnerSettings settings, Consumer<Started> test) {
        runOver(store, settings, recorders -> recorders, test);
    }

    private static void runOver(
            Store store, RunnerSettings settings, UnaryOperator<RecorderFactory> wrapping, Consumer<Started> test) {
        try (Store.Opened opened = store.open();
                Runner runner = runner(wrapping.apply(opened.recorders.uncounted()), settings)) {
            runner.start();
            test.accept(new Started(opened, runner, runner.get(Words.class), runner.get(Echo.class)));
        } catch (EventSourcingException e) {
            // A follower that had stopped is thrown by the close.
            if (!String.valueOf(e.getMessage()).contains("cannot process it")) {
                throw e;
            }
        }
    }

    private static Runner runner(RecorderFactory recorders, RunnerSettings settings) {
        return new MultiThreadedRunner(EventDrivenSystem.of(pipe(Words.class, Echo.class)), recorders, settings);
    }

    private record Started(Store.Opened opened, Runner runner, Words words, Echo echo) {
        FollowerHealth health() {
            return HealthTest.health(runner);
        }

        /** A runner as another process has it. */
        Runner another(RunnerSettings settings) {
            return HealthTest.runner(opened.ofAnotherProcess(), settings);
        }
    }

    /** Recorders whose leases nobody is given while a flag is set. */
    private static RecorderFactory leasesRefused(RecorderFactory recorders, AtomicBoolean refusing) {
        return leases(recorders, refusing::get);
    }

    private static RecorderFactory leases(RecorderFactory recorders, BooleanSupplier refusing) {
        return intercepted(
                RecorderFactory.class,
                recorders,
                method -> method.equals("takeLeases") && refusing.getAsBoolean()
                        ? Optional.of(Set.of())
                        : Optional.empty());
    }

    private interface Interception {
        Optional<Object> instead(String method);
    }

    private static <T> T intercepted(Class<T> type, T behind, Interception interception) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Optional<Object> instead = interception.instead(method.getName());
                    if (instead.isPresent()) {
                        return instead.get();
                    }
                    if (method.getName().equals("equals")) {
                        return proxy == arguments[0];
                    }
                    try {
                        Object made = method.invoke(behind, arguments);
                        return made instanceof SharedStore shared
                                ? intercepted(SharedStore.class, shared, interception)
                                : made instanceof RecorderFactory factory
                                        ? intercepted(RecorderFactory.class, factory, interception)
                                        : made;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
