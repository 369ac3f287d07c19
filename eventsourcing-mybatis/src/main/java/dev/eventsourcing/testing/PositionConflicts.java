package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Positions.LEADER;
import static dev.eventsourcing.testing.Positions.begin;
import static dev.eventsourcing.testing.Positions.checkPosition;
import static dev.eventsourcing.testing.Positions.moveFrom;
import static dev.eventsourcing.testing.Subject.CAT;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import java.util.List;
import java.util.Optional;

/** Which moves of a position are refused, and the events with them. */
final class PositionConflicts {
    private PositionConflicts() {}

    static Cases<ProcessRecorder> cases() {
        return new Cases<ProcessRecorder>()
                .add(
                        "refuses the same tracking twice and the events with it",
                        PositionConflicts::refusesTheSameTrackingTwiceAndTheEventsWithIt)
                .add(
                        "refuses a move from a position that is not the current one and the events with it",
                        PositionConflicts::refusesAMoveFromAPositionThatIsNotTheCurrentOne)
                .add(
                        "refuses a move where there is no position yet",
                        PositionConflicts::refusesAMoveWhereThereIsNoPositionYet)
                .add("refuses a move in another epoch", PositionConflicts::refusesAMoveInAnotherEpoch)
                .add("refuses to move back", PositionConflicts::refusesToMoveBack)
                .add(
                        "keeps the position when the events meet a conflict",
                        PositionConflicts::keepsThePositionWhenTheEventsMeetAConflict)
                .add(
                        "undoes only what lost its position in a transaction",
                        PositionConflicts::undoesOnlyWhatLostItsPositionInATransaction)
                .add(
                        "forgets the position of a transaction that threw",
                        PositionConflicts::forgetsThePositionOfATransactionThatThrew)
                .add(
                        "refuses the last events of a transaction that lost their position",
                        PositionConflicts::refusesTheLastEventsThatLostTheirPosition);
    }

    /** Checks that a move is refused. */
    private static TrackingConflictException refuses(
            Subject<? extends ProcessRecorder> subject, String what, long version, Tracking tracking) {
        return Check.refuses(
                what,
                TrackingConflictException.class,
                () -> subject.recorder().insertEvents(events(DOG, version, version), tracking));
    }

    private static void refusesTheSameTrackingTwiceAndTheEventsWithIt(Subject<? extends ProcessRecorder> subject) {
        subject.recorder().insertEvents(events(DOG, 1, 1), Tracking.first(LEADER, 21));

        TrackingConflictException refusal = refuses(subject, "The first move again", 2, Tracking.first(LEADER, 21));

        Check.names(refusal, Subject.APPLICATION, LEADER);
        Check.equal("Events of the first move", events(DOG, 1, 1), subject.events(DOG));
        Check.size("The log", 1, subject.recorder().selectNotifications(NotificationSelection.after(0)));
        checkPosition(subject, LEADER, 21);
    }

    private static void refusesAMoveFromAPositionThatIsNotTheCurrentOne(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        for (Tracking stale :
                List.of(moveFrom(20, 22), moveFrom(22, 23), moveFrom(20, 21), Tracking.first(LEADER, 99))) {
            TrackingConflictException refusal = refuses(subject, stale + " at position 21", 1, stale);
            Check.equal("The leader that the exception names", LEADER, refusal.leader());
            Check.equal("The position that was refused", stale.notificationId(), refusal.notificationId());
        }

        Check.empty("Events that lost their position", subject.events(DOG));
        checkPosition(subject, LEADER, 21);
    }

    private static void refusesAMoveWhereThereIsNoPositionYet(Subject<? extends ProcessRecorder> subject) {
        refuses(subject, "A move from 20 where there is no position", 1, moveFrom(20, 21));

        Check.equal("Position", Optional.empty(), subject.recorder().position(LEADER));
        Check.empty("Events that lost their position", subject.events(DOG));
    }

    private static void refusesAMoveInAnotherEpoch(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        refuses(subject, "A move of epoch 1 in epoch 0", 1, Tracking.after(LEADER, new Position(21, 1), 22));

        checkPosition(subject, LEADER, 21);
        Check.empty("Events that lost their position", subject.events(DOG));
    }

    private static void refusesToMoveBack(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        for (long back : List.of(20L, 21L)) {
            Check.refuses(
                    "A move from 21 to " + back,
                    TrackingConflictException.class,
                    () -> subject.recorder().insertEvents(List.of(), moveFrom(21, back)));
        }

        checkPosition(subject, LEADER, 21);
    }

    private static void keepsThePositionWhenTheEventsMeetAConflict(Subject<? extends ProcessRecorder> subject) {
        subject.recorder().insertEvents(events(DOG, 1, 1), Tracking.first(LEADER, 21));

        RecordConflictException refusal = Check.refuses(
                "Inserting version 1 again",
                RecordConflictException.class,
                () -> subject.recorder().insertEvents(events(DOG, 1, 1), moveFrom(21, 22)));

        Check.isTrue(
                "a conflict of events is not one of positions, and it is " + refusal,
                !(refusal instanceof TrackingConflictException));
        checkPosition(subject, LEADER, 21);
    }

    private static void undoesOnlyWhatLostItsPositionInATransaction(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        subject.transactions().required(() -> {
            subject.insert(events(CAT, 1, 1));
            refuses(subject, "A first move at position 21", 1, Tracking.first(LEADER, 22));
            refuses(subject, "A move from 20 at position 21", 1, moveFrom(20, 22));
            subject.recorder().insertEvents(events(DOG, 7, 7), moveFrom(21, 22));
        });

        Check.equal("Events from before what was refused", events(CAT, 1, 1), subject.events(CAT));
        Check.equal("Events from after what was refused", events(DOG, 7, 7), subject.events(DOG));
        checkPosition(subject, LEADER, 22);
    }

    private static void forgetsThePositionOfATransactionThatThrew(Subject<? extends ProcessRecorder> subject) {
        Check.refuses(
                "A transaction whose work throws",
                UsersException.class,
                () -> subject.transactions().required(() -> {
                    subject.recorder().insertEvents(events(DOG, 1, 1), Tracking.first(LEADER, 21));
                    throw UsersException.make();
                }));

        Check.equal("Position", Optional.empty(), subject.recorder().position(LEADER));
        Check.empty("Events of the transaction", subject.events(DOG));
    }

    private static void refusesTheLastEventsThatLostTheirPosition(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        Check.refuses(
                "A move from 20 at position 21",
                TrackingConflictException.class,
                () -> subject.transactions().required(() -> {
                    subject.insert(events(CAT, 1, 1));
                    subject.recorder().insertLastEvents(events(DOG, 1, 1), moveFrom(20, 22));
                }));

        checkPosition(subject, LEADER, 21);
        Check.empty("Events that lost their position", subject.events(DOG));
        Check.empty("Other events of their transaction", subject.events(CAT));
    }
}
