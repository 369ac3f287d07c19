package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Positions.LEADER;
import static dev.eventsourcing.testing.Positions.begin;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import java.util.List;
import java.util.Optional;

/** How a position comes into its next epoch, and who is refused from then on. */
final class Epochs {
    private Epochs() {}

    static Cases<ProcessRecorder> cases() {
        return new Cases<ProcessRecorder>()
                .add("moves the position into the next epoch", Epochs::movesThePositionIntoTheNextEpoch)
                .add("stores events with a move into the next epoch", Epochs::storesEventsWithAMoveIntoTheNextEpoch)
                .add("refuses a move from the epoch before", Epochs::refusesAMoveFromTheEpochBefore);
    }

    private static void checkPosition(Subject<? extends ProcessRecorder> subject, long notificationId, long epoch) {
        Check.equal(
                "Position in the log of " + LEADER,
                Optional.of(new Position(notificationId, epoch)),
                subject.recorder().position(LEADER));
    }

    private static Tracking nextEpoch() {
        return Tracking.nextEpoch(LEADER, new Position(21, 0));
    }

    private static void movesThePositionIntoTheNextEpoch(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        subject.recorder().insertEvents(List.of(), nextEpoch());
        checkPosition(subject, 21, 1);

        subject.recorder().insertEvents(List.of(), Tracking.after(LEADER, new Position(21, 1), 22));
        checkPosition(subject, 22, 1);
    }

    private static void storesEventsWithAMoveIntoTheNextEpoch(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        subject.recorder().insertEvents(events(DOG, 1, 1), nextEpoch());
        checkPosition(subject, 21, 1);

        subject.recorder().insertEvents(events(DOG, 2, 3), Tracking.after(LEADER, new Position(21, 1), 22));
        checkPosition(subject, 22, 1);
        Check.equal("Events", events(DOG, 1, 3), subject.events(DOG));
    }

    private static void refusesAMoveFromTheEpochBefore(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);
        subject.recorder().insertEvents(List.of(), nextEpoch());

        Check.refuses(
                "A move of epoch 0 in epoch 1",
                TrackingConflictException.class,
                () -> subject.recorder().insertEvents(events(DOG, 1, 1), Positions.moveFrom(21, 22)));
        Check.refuses(
                "The same step into epoch 1 again",
                TrackingConflictException.class,
                () -> subject.recorder().insertEvents(events(DOG, 1, 1), nextEpoch()));

        checkPosition(subject, 21, 1);
        Check.empty("Events that lost their position", subject.events(DOG));
    }
}
