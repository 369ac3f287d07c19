package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Store;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A policy that does not come back is seen in health, with its event and its place in the code. */
class StuckPolicyTest {
    private static final Duration LIMIT = Duration.ofMillis(10);

    @ParameterizedTest
    @EnumSource
    void aPolicyThatDoesNotComeBackIsUnhealthyAndKeepsItsLease(Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Waiting.class)),
                        opened.recorders.uncounted(),
                        RunnerSettings.defaults().policyLimit(LIMIT))) {
            Waiting waiting = runner.get(Waiting.class);
            runner.start();
            assertThat(runner.health().isHealthy()).isTrue();

            runner.get(Words.class).say("a");
            Concurrently.await(waiting.entered);
            long entered = System.nanoTime();
            Concurrently.awaitUntil(() -> System.nanoTime() - entered > LIMIT.toNanos());

            FollowerHealth health = runner.health().followers().get(0);
            assertThat(health.state()).isEqualTo(FollowerHealth.State.STUCK);
            assertThat(health.error())
                    .contains(
                            "notification 1 (Words.Spoken)",
                            "Waiting.policy(StuckPolicyTest.java:",
                            "keeps the follower's lease");
            waiting.go.countDown();
            Concurrently.awaitUntil(() -> runner.health().isHealthy());
        }
    }

    /** Waits in its policy until it may go on. */
    static final class Waiting extends Follower {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        Waiting(RecorderFactory recorders) {
            super("Waiting", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            entered.countDown();
            Concurrently.await(go);
        }
    }
}
