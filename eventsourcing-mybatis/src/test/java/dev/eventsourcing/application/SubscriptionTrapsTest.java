package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Warnings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import training.Dog.Registered;
import training.TrainingSchool;

/** Subscriptions while the log cannot be read, or is written to at the worst of moments. */
class SubscriptionTrapsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final InMemoryRecorders memory = new InMemoryRecorders();
    private final Deque<Runnable> atNextLooks = new ArrayDeque<>();
    private final Deque<Runnable> atNextPages = new ArrayDeque<>();
    private final TrainingSchool school = new TrainingSchool(new Disturbed());

    private static Object payload(Recording recording) {
        return recording.event().payload();
    }

    /** It has seen that there is nothing, and does not wait yet. */
    @Test
    void noticesACommitBetweenALookAndTheWait() {
        atNextLooks.add(() -> school.register("Fido"));
        try (Subscription events = Subscription.to(school).pauses(HOUR, HOUR).open()) {
            Running<Recording> next = Concurrently.start(() -> events.iterator().next());

            assertThat(payload(next.get())).isEqualTo(new Registered("Fido"));
        }
    }

    @Test
    void noticesThatItIsClosedBetweenALookAndTheWait() {
        Subscription events = Subscription.to(school).pauses(HOUR, HOUR).open();
        atNextLooks.add(events::close);

        Running<Boolean> waiting = Concurrently.start(() -> events.iterator().hasNext());

        assertThat(waiting.get()).isFalse();
    }

    @Test
    void waitsForWhatMayPassAndLogsItOnceEachTime() {
        school.register("Fido");
        school.register("Rex");
        for (int i = 0; i < 3; i++) {
            atNextLooks.add(SubscriptionTrapsTest::failForNow);
            atNextPages.add(SubscriptionTrapsTest::failForNow);
        }
        Duration none = Duration.ofNanos(1);
        try (Warnings warnings = new Warnings();
                Subscription events = Subscription.to(school).pauses(none, none).open()) {
            Iterator<Recording> iterator = events.iterator();

            assertThat(payload(iterator.next())).isEqualTo(new Registered("Fido"));

            assertThat(payload(iterator.next())).isEqualTo(new Registered("Rex"));
            assertThat(warnings.text())
                    .containsOnlyOnce("The log of TrainingSchool cannot be read after 0")
                    .contains("no connection for now");
            atNextLooks.add(SubscriptionTrapsTest::failForNow);
            atNextLooks.add(() -> school.register("Lassie"));
            assertThat(payload(iterator.next())).isEqualTo(new Registered("Lassie"));
            assertThat(warnings.text()).containsOnlyOnce("The log of TrainingSchool cannot be read after 2");
        }
    }

    private static void failForNow() {
        throw new CannotConnectException("no connection for now", null);
    }

    @Test
    void throwsWhatDoesNotPassAndSkipsNothing() {
        school.register("Fido");
        atNextPages.add(() -> {
            throw new PersistenceException("no such table", null);
        });
        try (Subscription events = Subscription.to(school).open()) {
            assertThatThrownBy(() -> events.iterator().hasNext()).hasMessage("no such table");

            assertThat(payload(events.iterator().next())).isEqualTo(new Registered("Fido"));
        }
    }

    @Test
    void aDatabaseThatIsClosedWithItIsNoError() {
        school.register("Fido");
        Subscription events = Subscription.to(school).open();
        atNextPages.add(() -> {
            events.close();
            throw new CannotConnectException("the pool is closed", null, false);
        });

        assertThat(events.iterator().hasNext()).isFalse();
    }

    /** Recorders in memory; while the log is read, something happens. */
    private final class Disturbed implements RecorderFactory {
        @Override
        public AggregateRecorder snapshotRecorder(String applicationName) {
            return memory.snapshotRecorder(applicationName);
        }

        @Override
        public ApplicationRecorder applicationRecorder(String applicationName) {
            return new DisturbedRecorder(memory.applicationRecorder(applicationName));
        }

        @Override
        public ProcessRecorder processRecorder(String applicationName) {
            return memory.processRecorder(applicationName);
        }

        @Override
        public Transactions transactions() {
            return memory.transactions();
        }

        @Override
        public void close() {}
    }

    private final class DisturbedRecorder implements ApplicationRecorder {
        private final ApplicationRecorder recorder;

        DisturbedRecorder(ApplicationRecorder recorder) {
            this.recorder = recorder;
        }

        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return recorder.insertEvents(events);
        }

        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return recorder.selectEvents(originatorId, range);
        }

        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            disturb(atNextPages);
            return recorder.selectPage(selection);
        }

        @Override
        public OptionalLong maxNotificationId() {
            OptionalLong id = recorder.maxNotificationId();
            disturb(atNextLooks);
            return id;
        }

        private void disturb(Deque<Runnable> disturbances) {
            Objects.requireNonNullElse(disturbances.poll(), () -> {}).run();
        }
    }
}
