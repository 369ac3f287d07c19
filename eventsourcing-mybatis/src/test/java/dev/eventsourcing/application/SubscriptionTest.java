package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.persistence.EventDecodingException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import training.Dog;
import training.Dog.Registered;
import training.Dog.TrickAdded;
import training.TrainingSchool;

@ParameterizedClass
@EnumSource
class SubscriptionTest {
    /** Longer than any test: what comes before it did not wait for it. */
    private static final Duration HOUR = Duration.ofHours(1);

    @Parameter
    Store store;

    private Store.Opened opened;
    private TrainingSchool school;
    private TrainingSchool counted;

    @BeforeEach
    void open() {
        opened = store.open();
        school = new TrainingSchool(opened.recorders.uncounted());
        counted = new TrainingSchool(opened.recorders);
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private static Subscription.Terms withoutPolling(TrainingSchool school) {
        return Subscription.to(school).pauses(HOUR, HOUR);
    }

    /** Whether a thread has found nothing and waits. */
    static boolean waits(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().endsWith("Subscription$Events")
                    && frame.getMethodName().equals("await")) {
                return thread.getState() == Thread.State.TIMED_WAITING;
            }
        }
        return false;
    }

    private static Running<Object> startNext(Subscription events) {
        Running<Object> next =
                Concurrently.start(() -> events.iterator().next().event().payload());
        next.awaitDoneOr(SubscriptionTest::waits);
        return next;
    }

    private static List<Object> take(Subscription events, int count) {
        Iterator<Recording> iterator = events.iterator();
        List<Object> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(iterator.next().event().payload());
        }
        return taken;
    }

    private void learn(String name, int tricks) {
        Dog dog = Dog.register(name);
        IntStream.range(0, tricks).forEach(trick -> dog.addTrick("trick " + trick));
        school.save(dog);
    }

    @Test
    void givesWhatIsThereThenWhatComes() {
        school.register("Fido");
        school.addTrick("Fido", "sit");
        try (Subscription events = Subscription.to(school).open()) {
            assertThat(take(events, 2)).containsExactly(new Registered("Fido"), new TrickAdded("sit"));
            Running<Object> next = startNext(events);
            assertThat(next.isDone()).isFalse();

            school.addTrick("Fido", "roll over");

            assertThat(next.get()).isEqualTo(new TrickAdded("roll over"));
        }
    }

    @Test
    void givesEachEventWithItsPlaceFromWhichItGoesOnLater() {
        school.register("Fido");
        school.register("Rex");
        long id;
        try (Subscription events = Subscription.to(school).open()) {
            Recording first = events.iterator().next();
            assertThat(first.event().originatorId()).isEqualTo(Dog.idOf("Fido"));
            id = first.notification().id();
        }

        try (Subscription later = Subscription.to(school).after(id).open()) {
            assertThat(take(later, 1)).containsExactly(new Registered("Rex"));
        }
    }

    @Test
    void isWokenByACommitOfThisProcess() {
        try (Subscription events = withoutPolling(school).open()) {
            Running<Object> next = startNext(events);

            school.register("Fido");

            assertThat(next.get()).isEqualTo(new Registered("Fido"));
        }
    }

    @Test
    void seesWhatAnotherProcessRecords() {
        TrainingSchool elsewhere = new TrainingSchool(opened.recorders.uncounted());
        try (Subscription events = Subscription.to(school).open()) {
            Running<Object> next = startNext(events);

            elsewhere.register("Fido");

            assertThat(next.get()).isEqualTo(new Registered("Fido"));
        }
    }

    @Test
    void neverSeesWhatIsRolledBack() {
        try (Subscription events = Subscription.to(school).open()) {
            Running<Object> next = startNext(events);
            assertThatThrownBy(() -> school.transactions().required(() -> {
                        school.register("Ghost");
                        throw new IllegalStateException("changed my mind");
                    }))
                    .hasMessage("changed my mind");

            school.transactions().required(() -> school.register("Fido"));

            assertThat(next.get()).isEqualTo(new Registered("Fido"));
        }
    }

    @Test
    void closingEndsAWait() {
        Subscription events = withoutPolling(school).open();
        Running<Boolean> waiting = Concurrently.start(() -> events.iterator().hasNext());
        waiting.awaitDoneOr(SubscriptionTest::waits);

        events.close();

        assertThat(waiting.get()).isFalse();
        assertThatThrownBy(() -> events.iterator().next()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void closingEndsALoopAtTheNextEvent() {
        learn("Fido", 10);
        Subscription events = Subscription.to(school).open();
        List<Object> seen = new ArrayList<>();

        for (Recording recording : events) {
            seen.add(recording.event().payload());
            events.close();
        }
        events.forEach(recording -> seen.add(recording));
        events.close();

        assertThat(seen).containsExactly(new Registered("Fido"));
    }

    @Test
    void whoWasToldThatThereIsAnEventGetsItEvenIfSomebodyClosesInBetween() {
        learn("Fido", 1);
        Subscription events = Subscription.to(school).open();
        assertThat(events.iterator().hasNext()).isTrue();

        events.close();

        assertThat(events.iterator().hasNext()).isTrue();
        assertThat(events.iterator().next().event().payload()).isEqualTo(new Registered("Fido"));
        assertThat(events.iterator().hasNext()).isFalse();
    }

    @Test
    void aSecondLoopGoesOnWhereTheFirstStopped() {
        learn("Fido", 2);
        try (Subscription events = Subscription.to(school).open()) {
            assertThat(take(events, 1)).containsExactly(new Registered("Fido"));
            assertThat(events.iterator().hasNext()).isTrue();
            assertThat(take(events, 2)).containsExactly(new TrickAdded("trick 0"), new TrickAdded("trick 1"));
        }
    }

    @Test
    void readsAPageWhenTheOneBeforeHasBeenTaken() {
        learn("Fido", 1_099);
        List<Integer> pages = opened.recorders.of("TrainingSchool").pages;
        try (Subscription events = Subscription.to(counted).open()) {
            assertThat(pages).isEmpty();
            take(events, 500);
            assertThat(pages).containsExactly(500);
            take(events, 1);
            assertThat(pages).containsExactly(500, 500);
            take(events, 599);
            assertThat(pages).containsExactly(500, 500, 500);
        }
    }

    @Test
    void givesEventsOfTheNamedTypesOnly() {
        learn("Fido", 2);
        learn("Rex", 1);
        try (Subscription ofTwo = Subscription.to(school)
                        .of(Registered.class)
                        .of(TrickAdded.class)
                        .open();
                Subscription ofAll = Subscription.to(school).of(Dog.Event.class).open();
                Subscription ofOne =
                        Subscription.to(school).of(Registered.class).open()) {
            assertThat(take(ofOne, 2)).containsExactly(new Registered("Fido"), new Registered("Rex"));
            assertThat(take(ofTwo, 5)).isEqualTo(take(ofAll, 5));
        }
    }

    @Test
    void doesNotReadAgainWhatItPassesBy() {
        learn("Fido", 10_000);
        List<Integer> pages = opened.recorders.of("TrainingSchool").pages;
        try (Subscription events = withoutPolling(counted).of(Registered.class).open()) {
            assertThat(take(events, 1)).containsExactly(new Registered("Fido"));
            Running<Object> next = startNext(events);
            assertThat(pages).containsExactly(500);

            counted.register("Rex");

            assertThat(next.get()).isEqualTo(new Registered("Rex"));
            assertThat(pages).containsExactly(500, 500);
        }
    }

    @Test
    void findsEventsThatWereStoredUnderAFormerName() {
        FormerSchool former = new FormerSchool(opened.recorders.uncounted());
        former.save(former.log.trigger(new FormerSchool.TrickLearned("sit")));

        try (Subscription events = Subscription.to(school).of(TrickAdded.class).open()) {
            assertThat(take(events, 1)).containsExactly(new TrickAdded("sit"));
        }
    }

    @Test
    void anEventThatNobodyKnowsAnyMoreIsAnErrorEachTime() {
        FormerSchool former = new FormerSchool(opened.recorders.uncounted());
        school.register("Fido");
        former.save(former.log.trigger(new FormerSchool.Forgotten("what")));
        school.addTrick("Fido", "sit");

        try (Subscription events =
                Subscription.to(school).of(Registered.class, TrickAdded.class).open()) {
            take(events, 1);
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(EventDecodingException.class)
                        .isThrownBy(() -> events.iterator().next())
                        .withMessageContaining("Dog.Forgotten");
            }
        }
    }

    @Test
    void refusesATypeThatTheApplicationDoesNotKnow() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Subscription.to(school).of(FormerSchool.Forgotten.class))
                .withMessageContaining("Forgotten is not registered");
    }

    @Test
    void isOpenedInATransactionAndReadOutsideOfOne() {
        Subscription events =
                school.transactions().required(() -> Subscription.to(school).open());
        school.register("Fido");

        assertThatThrownBy(() ->
                        school.transactions().required(() -> events.iterator().hasNext()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("TrainingSchool", "in a transaction");

        assertThat(take(events, 1)).containsExactly(new Registered("Fido"));
        events.close();
    }

    @Test
    void refusesALogThatEndsBelowThePosition() {
        school.register("Fido");
        try (Subscription events = Subscription.to(school).after(17).open()) {
            assertThatThrownBy(() -> events.iterator().hasNext())
                    .isInstanceOf(PersistenceException.class)
                    .hasMessageContainingAll("TrainingSchool is read after 17", "ends at 1");
        }
    }

    @Test
    void anInterruptedThreadStopsWaitingAndStaysInterrupted() {
        try (Subscription events = withoutPolling(school).open()) {
            Running<Boolean> interrupted = Concurrently.start(() -> {
                assertThatThrownBy(() -> events.iterator().hasNext())
                        .isInstanceOf(EventSourcingException.class)
                        .hasMessageContaining("Interrupted while waiting for events of TrainingSchool");
                return Thread.currentThread().isInterrupted();
            });
            interrupted.awaitDoneOr(SubscriptionTest::waits);

            interrupted.thread().interrupt();

            assertThat(interrupted.get()).isTrue();
            school.register("Fido");
            assertThat(take(events, 1)).containsExactly(new Registered("Fido"));
        }
    }

    /** What the school was before some of its events were renamed. */
    private static final class FormerSchool extends Application {
        final EventSourcedLog<Event> log = log(new UUID(1, 1), Event.class);

        FormerSchool(RecorderFactory recorders) {
            super("TrainingSchool", recorders);
        }

        sealed interface Event {}

        @Topic("Dog.TrickLearned")
        record TrickLearned(String trick) implements Event {}

        @Topic("Dog.Forgotten")
        record Forgotten(String what) implements Event {}
    }
}
