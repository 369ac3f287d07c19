package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Positions.LEADER;
import static dev.eventsourcing.testing.Positions.begin;
import static dev.eventsourcing.testing.Positions.checkPosition;
import static dev.eventsourcing.testing.Positions.moveFrom;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** One follower in several processes: of those that move a position from one place, one does. */
final class PositionRaces {
    private PositionRaces() {}

    static Cases<ProcessRecorder> cases() {
        return new Cases<ProcessRecorder>()
                .add(
                        "lets one of two batches from the same position win",
                        PositionRaces::letsOneOfTwoBatchesFromTheSamePositionWin)
                .add("lets one of two first batches win", PositionRaces::letsOneOfTwoFirstBatchesWin)
                .add("lets exactly one of many move a position", PositionRaces::letsExactlyOneOfManyMoveAPosition);
    }

    private static void letsOneOfTwoBatchesFromTheSamePositionWin(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 10);

        race(subject, moveFrom(10, 100), moveFrom(10, 150));
    }

    private static void letsOneOfTwoFirstBatchesWin(Subject<? extends ProcessRecorder> subject) {
        race(subject, Tracking.first(LEADER, 100), Tracking.first(LEADER, 150));
    }

    /** Both have decided on the same position before either of them writes; the one who writes first stays open meanwhile. */
    private static void race(Subject<? extends ProcessRecorder> subject, Tracking smaller, Tracking larger) {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Running<Boolean> first = Running.start(() -> subject.transactions().required(() -> {
            subject.recorder().insertEvents(List.of(), smaller);
            written.countDown();
            Running.await(release);
        }));
        first.reach(written);
        Running<List<Long>> second = Running.start(() -> subject.recorder().insertEvents(events(DOG, 1, 3), larger));
        subject.awaitStandstill(second);

        release.countDown();
        first.get();

        Check.refuses("The move that came second", TrackingConflictException.class, second::get);
        checkPosition(subject, LEADER, 100);
        Check.empty("Events that lost their position", subject.events(DOG));
    }

    private static void letsExactlyOneOfManyMoveAPosition(Subject<? extends ProcessRecorder> subject) {
        CountDownLatch start = new CountDownLatch(1);
        List<Running<Boolean>> running = IntStream.range(0, 8)
                .mapToObj(i -> Running.start(() -> {
                    Running.await(start);
                    return moves(subject, i);
                }))
                .toList();

        start.countDown();

        List<Boolean> winners =
                running.stream().map(Running::get).filter(won -> won).toList();
        Check.size("How many of eight moved the position", 1, winners);
        Check.size("Events in the log", 2, subject.recorder().selectNotifications(NotificationSelection.after(0)));
    }

    private static boolean moves(Subject<? extends ProcessRecorder> subject, int i) {
        try {
            subject.recorder().insertEvents(events(new UUID(7, i), 1, 2), Tracking.first(LEADER, 5 + i));
            return true;
        } catch (TrackingConflictException lost) {
            return false;
        }
    }
}
