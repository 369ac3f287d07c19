package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.Tracking;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How the positions of followers are kept and moved. */
final class Positions {
    static final String LEADER = "Kennel";

    private Positions() {}

    static Cases<ProcessRecorder> cases() {
        return new Cases<ProcessRecorder>()
                .add("has no position at first", Positions::hasNoPositionAtFirst)
                .add(
                        "stores events and moves the position together",
                        Positions::storesEventsAndMovesThePositionTogether)
                .add("moves a position without events", Positions::movesAPositionWithoutEvents)
                .add("has tracked what is at or below the position", Positions::hasTrackedWhatIsAtOrBelowThePosition)
                .add("moves the position forward", Positions::movesThePositionForward)
                .add(
                        "keeps the position when events are inserted without tracking",
                        Positions::keepsThePositionWhenEventsAreInsertedWithoutTracking)
                .add(
                        "keeps the positions of leaders and of followers apart",
                        Positions::keepsThePositionsOfLeadersAndOfFollowersApart)
                .add("accepts leader names of the greatest length", Positions::acceptsLeaderNamesOfTheGreatestLength)
                .add("keeps the marks of a position", Positions::keepsTheMarksOfAPosition)
                .add(
                        "moves the position with the last events of a transaction",
                        Positions::movesThePositionWithTheLastEvents);
    }

    /** Checks where a follower is. */
    static void checkPosition(Subject<? extends ProcessRecorder> subject, String leader, long notificationId) {
        checkPosition(subject.recorder(), leader, notificationId);
    }

    private static void checkPosition(ProcessRecorder recorder, String leader, long notificationId) {
        Check.equal(
                "Position in the log of " + leader,
                Optional.of(new Position(notificationId, 0)),
                recorder.position(leader));
    }

    /** Moves a position that was not there. */
    static void begin(Subject<? extends ProcessRecorder> subject, long notificationId) {
        subject.recorder().insertEvents(List.of(), Tracking.first(LEADER, notificationId));
    }

    /** A move from a position of the first epoch. */
    static Tracking moveFrom(long expected, long notificationId) {
        return Tracking.after(LEADER, new Position(expected, 0), notificationId);
    }

    private static void hasNoPositionAtFirst(Subject<? extends ProcessRecorder> subject) {
        Check.equal("Position at first", Optional.empty(), subject.recorder().position(LEADER));
        Check.isTrue(
                "notification 1 is not tracked at first", !subject.recorder().hasTracked(LEADER, 1));
    }

    private static void storesEventsAndMovesThePositionTogether(Subject<? extends ProcessRecorder> subject) {
        List<Long> ids = subject.recorder().insertEvents(events(DOG, 1, 2), Tracking.first(LEADER, 21));

        Check.size("How many ids the insert returns", 2, ids);
        Check.ascending("Ids of the insert", ids);
        Check.equal("Events", events(DOG, 1, 2), subject.events(DOG));
        checkPosition(subject, LEADER, 21);
    }

    private static void movesAPositionWithoutEvents(Subject<? extends ProcessRecorder> subject) {
        List<Long> ids = subject.recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        Check.empty("Ids of no events", ids);
        checkPosition(subject, LEADER, 21);
        Check.equal("Highest id", OptionalLong.empty(), subject.recorder().maxNotificationId());
    }

    private static void hasTrackedWhatIsAtOrBelowThePosition(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        ProcessRecorder recorder = subject.recorder();
        Check.isTrue("20 is tracked at position 21", recorder.hasTracked(LEADER, 20));
        Check.isTrue("21 is tracked at position 21", recorder.hasTracked(LEADER, 21));
        Check.isTrue("22 is not tracked at position 21", !recorder.hasTracked(LEADER, 22));
    }

    private static void movesThePositionForward(Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        subject.recorder().insertEvents(List.of(), moveFrom(21, 22));
        subject.recorder().insertEvents(List.of(), moveFrom(22, 40));

        checkPosition(subject, LEADER, 40);
    }

    private static void keepsThePositionWhenEventsAreInsertedWithoutTracking(
            Subject<? extends ProcessRecorder> subject) {
        begin(subject, 21);

        subject.insert(events(DOG, 1, 3));

        checkPosition(subject, LEADER, 21);
    }

    private static void keepsThePositionsOfLeadersAndOfFollowersApart(Subject<? extends ProcessRecorder> subject) {
        ProcessRecorder other = subject.recorder("Diplomas");

        begin(subject, 21);
        subject.recorder().insertEvents(List.of(), Tracking.first("Shop", 3));
        other.insertEvents(List.of(), Tracking.first(LEADER, 7));

        checkPosition(subject, LEADER, 21);
        checkPosition(subject, "Shop", 3);
        checkPosition(other, LEADER, 7);
        Check.equal("Position of the other follower", Optional.empty(), other.position("Shop"));
    }

    /** A recorder of a user's need not keep them. */
    private static void keepsTheMarksOfAPosition(Subject<? extends ProcessRecorder> subject) {
        List<LogMark> first = List.of(LogMark.of(20, "0".repeat(32)));
        List<LogMark> second = List.of(LogMark.of(22, "1".repeat(32)), first.get(0));

        subject.recorder().insertEvents(List.of(), Tracking.first(LEADER, 21).marked(first));
        if (marks(subject).isEmpty()) {
            return;
        }
        Check.equal("Marks of the first position", first, marks(subject));
        subject.recorder().insertEvents(events(DOG, 1, 2), moveFrom(21, 22).marked(second));
        Check.equal("Marks of the next position", second, marks(subject));
        subject.recorder().insertEvents(List.of(), moveFrom(22, 23));
        Check.equal("Marks of a position that was moved without any", List.of(), marks(subject));
        subject.recorder().insertEvents(List.of(), Tracking.marking(LEADER, new Position(23, 0), second));
        Check.equal("Marks that a position was given", second, marks(subject));
        checkPosition(subject, LEADER, 23);
    }

    private static List<LogMark> marks(Subject<? extends ProcessRecorder> subject) {
        return subject.recorder().position(LEADER).map(Position::marks).orElse(List.of());
    }

    private static void acceptsLeaderNamesOfTheGreatestLength(Subject<? extends ProcessRecorder> subject) {
        String leader = "犬".repeat(ApplicationName.MAX_LENGTH);

        subject.recorder().insertEvents(List.of(), Tracking.first(leader, 21));

        checkPosition(subject, leader, 21);
        Check.refuses(
                "A leader's name that is longer", ConfigurationException.class, () -> Tracking.first(leader + "犬", 21));
    }

    private static void movesThePositionWithTheLastEvents(Subject<? extends ProcessRecorder> subject) {
        List<Long> ids = subject.transactions()
                .required(() -> subject.recorder().insertLastEvents(events(DOG, 1, 2), Tracking.first(LEADER, 21)));

        Check.size("How many ids the insert returns", 2, ids);
        Check.ascending("Ids of the insert", ids);
        Check.equal("Events", events(DOG, 1, 2), subject.events(DOG));
        checkPosition(subject, LEADER, 21);
    }
}
