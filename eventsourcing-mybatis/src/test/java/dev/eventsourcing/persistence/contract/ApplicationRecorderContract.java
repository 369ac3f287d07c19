package dev.eventsourcing.persistence.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a recorder that keeps a log promises. */
public abstract class ApplicationRecorderContract extends AggregateRecorderContract {
    @Override
    protected abstract ApplicationRecorder recorder(RecorderFactory recorders, String application);

    private ApplicationRecorder recorder() {
        return recorder(recorders(), APPLICATION);
    }

    private List<Notification> log() {
        return recorder().selectNotifications(NotificationSelection.after(0));
    }

    private List<Long> ids(NotificationSelection selection) {
        return recorder().selectNotifications(selection).stream()
                .map(Notification::id)
                .toList();
    }

    @Test
    void hasAnEmptyLogAtFirst() {
        assertThat(recorder().maxNotificationId()).isEmpty();
        assertThat(log()).isEmpty();
    }

    @Test
    void startsTheLogAtOne() {
        List<Long> ids = recorder().insertEvents(events(DOG, 1, 1));

        assertThat(ids).containsExactly(1L);
    }

    @Test
    void returnsAnIdForEachEventAscendingInTheirOrder() {
        List<StoredEvent> inserted =
                List.of(event(DOG, 2), event(CAT, 7), event(DOG, 1), event(CAT, 3), event(DOG, 3), event(CAT, 1));

        List<Long> ids = recorder().insertEvents(inserted);

        assertThat(ids).hasSize(6).isSorted().doesNotHaveDuplicates();
        assertThat(log()).extracting(Notification::id).isEqualTo(ids);
        assertThat(log()).extracting(Notification::event).isEqualTo(inserted);
    }

    @Test
    void keepsTheOrderOfALongInsert() {
        List<StoredEvent> inserted = events(DOG, 1, 2_000);

        List<Long> ids = recorder().insertEvents(inserted);

        assertThat(ids).hasSize(2_000).isSorted().doesNotHaveDuplicates();
        assertThat(recorder().selectNotifications(NotificationSelection.after(0).limit(5_000)))
                .extracting(Notification::event)
                .isEqualTo(inserted);
    }

    @Test
    void givesLaterInsertsHigherIds() {
        List<Long> first = recorder().insertEvents(events(DOG, 1, 2));
        List<Long> second = recorder().insertEvents(events(DOG, 3, 4));

        assertThat(second.get(0)).isGreaterThan(first.get(1));
    }

    @Test
    void knowsTheHighestIdOfTheLog() {
        List<Long> ids = recorder().insertEvents(events(DOG, 1, 3));

        assertThat(recorder().maxNotificationId()).hasValue(ids.get(2));
    }

    @Test
    void readsTheLogAfterAnIdThatIsExcludedUpToOneThatIsIncluded() {
        List<Long> ids = recorder().insertEvents(events(DOG, 1, 5));

        assertThat(ids(NotificationSelection.after(0))).isEqualTo(ids);
        assertThat(ids(NotificationSelection.after(-7))).isEqualTo(ids);
        assertThat(ids(NotificationSelection.after(ids.get(1)))).isEqualTo(ids.subList(2, 5));
        assertThat(ids(NotificationSelection.after(ids.get(1)).upTo(ids.get(3))))
                .isEqualTo(ids.subList(2, 4));
        assertThat(ids(NotificationSelection.after(ids.get(3)).upTo(ids.get(3))))
                .isEmpty();
        assertThat(ids(NotificationSelection.after(ids.get(3)).upTo(ids.get(1))))
                .isEmpty();
        assertThat(ids(NotificationSelection.after(ids.get(4)))).isEmpty();
    }

    @Test
    void readsOnlyTheTopicsThatAreAskedFor() {
        List<Long> ids = recorder()
                .insertEvents(List.of(event(DOG, 1, "A"), event(DOG, 2, "B"), event(DOG, 3, "C"), event(DOG, 4, "B")));

        assertThat(ids(NotificationSelection.after(0).topics(Set.of("B")))).containsExactly(ids.get(1), ids.get(3));
        assertThat(ids(NotificationSelection.after(0).topics(Set.of("A", "C"))))
                .containsExactly(ids.get(0), ids.get(2));
        assertThat(ids(NotificationSelection.after(0).topics(Set.of("D", "b")))).isEmpty();
        assertThat(ids(NotificationSelection.after(0).topics(Set.of()))).isEqualTo(ids);
        assertThat(ids(NotificationSelection.after(0).exceptTopics(Set.of("B"))))
                .containsExactly(ids.get(0), ids.get(2));
        assertThat(ids(NotificationSelection.after(0).exceptTopics(Set.of("A", "B", "C"))))
                .isEmpty();
    }

    @Test
    void countsTheLimitAfterTheTopics() {
        List<Long> ids = recorder()
                .insertEvents(List.of(event(DOG, 1, "A"), event(DOG, 2, "B"), event(DOG, 3, "A"), event(DOG, 4, "B")));

        assertThat(ids(NotificationSelection.after(0).topics(Set.of("B")).limit(2)))
                .containsExactly(ids.get(1), ids.get(3));
        assertThat(ids(NotificationSelection.after(0).limit(2))).isEqualTo(ids.subList(0, 2));
    }

    @Test
    void readsNothingOfTheLogWhenTheLimitIsZero() {
        recorder().insertEvents(events(DOG, 1, 2));

        assertThat(ids(NotificationSelection.after(0).limit(0))).isEmpty();
        assertThat(ids(NotificationSelection.after(0)
                        .topics(Set.of("Dog.TrickAdded"))
                        .limit(0)))
                .isEmpty();
    }

    @Test
    void keepsTheLogsOfApplicationsApart() {
        ApplicationRecorder kennel = recorder(recorders(), "Kennel");

        List<Long> first = recorder().insertEvents(events(DOG, 1, 1));
        List<Long> other = kennel.insertEvents(events(DOG, 1, 2));
        List<Long> last = recorder().insertEvents(events(DOG, 2, 2));

        assertThat(ids(NotificationSelection.after(0))).containsExactly(first.get(0), last.get(0));
        assertThat(kennel.selectNotifications(NotificationSelection.after(0)))
                .extracting(Notification::id)
                .isEqualTo(other);
        assertThat(recorder().maxNotificationId()).hasValue(last.get(0));
        assertThat(kennel.maxNotificationId()).hasValue(other.get(1));
        assertThat(last.get(0)).isGreaterThan(other.get(1));
    }

    @Test
    void leavesNothingInTheLogOfAnInsertThatMeetsAConflict() {
        List<Long> before = recorder().insertEvents(events(DOG, 1, 2));
        assertThatThrownBy(() -> recorder().insertEvents(List.of(event(DOG, 3), event(DOG, 2))))
                .isInstanceOf(RecordConflictException.class);

        List<Long> after = recorder().insertEvents(events(DOG, 3, 3));

        assertThat(after.get(0)).isGreaterThan(before.get(1));
        assertThat(ids(NotificationSelection.after(0))).containsExactly(before.get(0), before.get(1), after.get(0));
    }

    @Test
    void goesOnWithHigherIdsAfterATransactionThatThrew() {
        List<Long> before = recorder().insertEvents(events(DOG, 1, 1));
        assertThatThrownBy(() -> transactions().required(() -> {
                    recorder().insertEvents(events(CAT, 1, 5));
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);

        List<Long> after = recorder().insertEvents(events(DOG, 2, 2));

        assertThat(after.get(0)).isGreaterThan(before.get(0));
        assertThat(ids(NotificationSelection.after(0))).containsExactly(before.get(0), after.get(0));
    }

    /** The promise that followers live on: who was given id n is never later given an id below n. */
    @Test
    void neverShowsALowerIdAfterAHigherOneThoughTheLowerOneIsCommittedLate() {
        CountDownLatch appended = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Running<Void> slow = Concurrently.start(() -> transactions().required(() -> {
            recorder().insertEvents(events(DOG, 1, 2));
            appended.countDown();
            Concurrently.await(release);
        }));
        Concurrently.await(appended);
        Running<List<Long>> quick = Concurrently.start(() -> recorder().insertEvents(events(CAT, 1, 2)));
        quick.awaitDoneOr(store::isWaiting);

        Running<List<Long>> early = Concurrently.start(() -> ids(NotificationSelection.after(0)));
        // A database answers at once; in memory, a reader waits for the transaction in hand.
        early.awaitDoneOr(thread -> thread.getState() == Thread.State.WAITING);
        release.countDown();
        slow.get();
        quick.get();
        List<Long> seen = early.get();
        List<Long> late = ids(NotificationSelection.after(0));

        assertThat(late).hasSize(4);
        assertThat(late.subList(0, seen.size())).isEqualTo(seen);
    }

    @Test
    void givesTheIdsOfInsertsThatAreMadeAtOnceInTheOrderOfTheirEvents() {
        int writers = 6;
        int batches = 15;
        CountDownLatch start = new CountDownLatch(1);
        List<Running<List<List<Long>>>> running = IntStream.range(0, writers)
                .mapToObj(writer -> Concurrently.start(() -> {
                    Concurrently.await(start);
                    UUID originator = new UUID(7, writer);
                    return IntStream.range(0, batches)
                            .mapToObj(
                                    batch -> recorder().insertEvents(events(originator, 10L * batch, 10L * batch + 9)))
                            .toList();
                }))
                .toList();

        start.countDown();
        List<List<Long>> inserts = running.stream()
                .flatMap(writer -> writer.get().stream())
                .sorted(Comparator.comparing(ids -> ids.get(0)))
                .toList();

        List<Long> inOrderOfInserts = inserts.stream().flatMap(List::stream).toList();
        assertThat(inOrderOfInserts).hasSize(writers * batches * 10).doesNotHaveDuplicates();
        assertThat(inserts).allSatisfy(ids -> assertThat(ids).isSorted());
        if (store.keepsInsertsApart()) {
            assertThat(inOrderOfInserts).isSorted();
        }
    }
}
