package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.CAT;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.event;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Which ids events are given, and that nothing comes late below an id that was read. */
final class LogOrder {
    private LogOrder() {}

    static Cases<ApplicationRecorder> cases() {
        return new Cases<ApplicationRecorder>()
                .add("starts the log at one", LogOrder::startsTheLogAtOne)
                .add(
                        "returns an id for each event ascending in their order",
                        LogOrder::returnsAnIdForEachEventAscendingInTheirOrder)
                .add("keeps the order of a long insert", LogOrder::keepsTheOrderOfALongInsert)
                .add("gives later inserts higher ids", LogOrder::givesLaterInsertsHigherIds)
                .add(
                        "leaves nothing in the log of an insert that meets a conflict",
                        LogOrder::leavesNothingInTheLogOfAnInsertThatMeetsAConflict)
                .add(
                        "goes on with higher ids after a transaction that threw",
                        LogOrder::goesOnWithHigherIdsAfterATransactionThatThrew)
                .add(
                        "never shows a lower id after a higher one though the lower one is committed late",
                        LogOrder::neverShowsALowerIdAfterAHigherOne);
    }

    private static List<Notification> log(Subject<? extends ApplicationRecorder> subject) {
        return subject.recorder()
                .selectNotifications(NotificationSelection.after(0).limit(5_000));
    }

    private static List<Long> ids(Subject<? extends ApplicationRecorder> subject) {
        return log(subject).stream().map(Notification::id).toList();
    }

    private static void startsTheLogAtOne(Subject<? extends ApplicationRecorder> subject) {
        Check.equal("Id of the first event of all", List.of(1L), subject.insert(events(DOG, 1, 1)));
    }

    private static void returnsAnIdForEachEventAscendingInTheirOrder(Subject<? extends ApplicationRecorder> subject) {
        insertsInOrder(
                subject,
                List.of(event(DOG, 2), event(CAT, 7), event(DOG, 1), event(CAT, 3), event(DOG, 3), event(CAT, 1)));
    }

    private static void keepsTheOrderOfALongInsert(Subject<? extends ApplicationRecorder> subject) {
        insertsInOrder(subject, events(DOG, 1, 2_000));
    }

    private static void insertsInOrder(Subject<? extends ApplicationRecorder> subject, List<StoredEvent> inserted) {
        List<Long> ids = subject.insert(inserted);

        Check.size("How many ids an insert returns", inserted.size(), ids);
        Check.ascending("Ids of an insert", ids);
        Check.equal("Ids in the log", ids, ids(subject));
        Check.equal(
                "Events in the log",
                inserted,
                log(subject).stream().map(Notification::event).toList());
    }

    private static void givesLaterInsertsHigherIds(Subject<? extends ApplicationRecorder> subject) {
        List<Long> first = subject.insert(events(DOG, 1, 2));
        List<Long> second = subject.insert(events(DOG, 3, 4));

        Check.above("the first id of the second insert", first.get(1), second.get(0));
    }

    private static void leavesNothingInTheLogOfAnInsertThatMeetsAConflict(
            Subject<? extends ApplicationRecorder> subject) {
        List<Long> before = subject.insert(events(DOG, 1, 2));
        Check.refuses(
                "Inserting version 2 again",
                RecordConflictException.class,
                () -> subject.insert(List.of(event(DOG, 3), event(DOG, 2))));

        List<Long> after = subject.insert(events(DOG, 3, 3));

        Check.above("the id after a conflict", before.get(1), after.get(0));
        Check.equal("Ids in the log", List.of(before.get(0), before.get(1), after.get(0)), ids(subject));
    }

    private static void goesOnWithHigherIdsAfterATransactionThatThrew(Subject<? extends ApplicationRecorder> subject) {
        List<Long> before = subject.insert(events(DOG, 1, 1));
        Check.refuses(
                "A transaction whose work throws",
                UsersException.class,
                () -> subject.transactions().required(() -> {
                    subject.insert(events(CAT, 1, 5));
                    throw UsersException.make();
                }));

        List<Long> after = subject.insert(events(DOG, 2, 2));

        Check.above("the id after a transaction that was rolled back", before.get(0), after.get(0));
        Check.equal("Ids in the log", List.of(before.get(0), after.get(0)), ids(subject));
    }

    /** The promise that followers live on: who was given id n is never later given an id below n. */
    private static void neverShowsALowerIdAfterAHigherOne(Subject<? extends ApplicationRecorder> subject) {
        CountDownLatch appended = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Running<Boolean> slow = Running.start(() -> subject.transactions().required(() -> {
            subject.insert(events(DOG, 1, 2));
            appended.countDown();
            Running.await(release);
        }));
        slow.reach(appended);
        Running<List<Long>> quick = Running.start(() -> subject.insert(events(CAT, 1, 2)));
        subject.awaitStandstill(quick);

        Running<List<Long>> early = Running.start(() -> ids(subject));
        // Most stores answer at once; in others a reader waits for the transaction in hand.
        early.awaitDoneOr(() -> early.thread().getState() == Thread.State.WAITING, Duration.ofSeconds(2));
        release.countDown();
        slow.get();
        quick.get();
        List<Long> seen = early.get();
        List<Long> late = ids(subject);

        Check.size("Ids in the log once both are committed", 4, late);
        Check.equal("Ids that an early reader saw, and a late one sees first", seen, late.subList(0, seen.size()));
    }
}
