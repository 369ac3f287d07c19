package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Positions.LEADER;
import static dev.eventsourcing.testing.Subject.APPLICATION;
import static dev.eventsourcing.testing.Subject.CAT;
import static dev.eventsourcing.testing.Subject.DOG;

import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.ProcessRecorder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Events that a follower has put aside, where the store keeps them. */
final class Parking {
    private static final Instant UNSEEN = Instant.EPOCH;

    private Parking() {}

    static Cases<ProcessRecorder> cases() {
        return new Cases<ProcessRecorder>()
                .add("gives back what was parked", where(Parking::givesBackWhatWasParked))
                .add(
                        "adds up the attempts of an event that is parked again",
                        where(Parking::addsUpTheAttemptsOfAnEventThatIsParkedAgain))
                .add(
                        "reads parked events in pages in the order of the log",
                        where(Parking::readsParkedEventsInPagesInTheOrderOfTheLog))
                .add(
                        "tells which originators have parked events",
                        where(Parking::tellsWhichOriginatorsHaveParkedEvents))
                .add(
                        "gives the last events that failed themselves",
                        where(Parking::givesTheLastEventsThatFailedThemselves))
                .add("removes parked events", where(Parking::removesParkedEvents))
                .add(
                        "keeps the parked events of leaders and of followers apart",
                        where(Parking::keepsTheParkedEventsOfLeadersAndOfFollowersApart))
                .add(
                        "forgets what was parked in a transaction that threw",
                        where(Parking::forgetsWhatWasParkedInATransactionThatThrew))
                .add(
                        "keeps what was removed in a transaction that threw",
                        where(Parking::keepsWhatWasRemovedInATransactionThatThrew));
    }

    /** The case, or nothing for recorders that keep no parked events. */
    private static Cases.Test<ProcessRecorder> where(
            BiConsumer<Subject<? extends ProcessRecorder>, ParkedEvents> test) {
        return subject -> kept(subject).ifPresent(parked -> test.accept(subject, parked));
    }

    private static Optional<ParkedEvents> kept(Subject<? extends ProcessRecorder> subject) {
        return Optional.of(subject.recorders().parkedEvents(APPLICATION)).filter(ParkedEvents::keepsEvents);
    }

    private static ParkedEvent event(long notificationId, UUID originatorId, int attempts) {
        return event(LEADER, notificationId, originatorId, "Not today", attempts);
    }

    private static ParkedEvent event(
            String leader, long notificationId, UUID originatorId, String reason, int attempts) {
        return new ParkedEvent(
                leader, notificationId, originatorId, notificationId + 100, "Dog.TrickAdded", reason, attempts, UNSEEN);
    }

    private static List<Long> ids(List<ParkedEvent> events) {
        return events.stream().map(ParkedEvent::notificationId).toList();
    }

    private static List<Long> ids(ParkedEvents parked) {
        return ids(parked.select(LEADER, 0, 100));
    }

    /** Without the time, which is the store's. */
    private static List<ParkedEvent> timeless(List<ParkedEvent> events) {
        return events.stream()
                .map(event -> new ParkedEvent(
                        event.leader(),
                        event.notificationId(),
                        event.originatorId(),
                        event.originatorVersion(),
                        event.topic(),
                        event.reason(),
                        event.attempts(),
                        UNSEEN))
                .toList();
    }

    private static void givesBackWhatWasParked(Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        ParkedEvent tried = event(LEADER, 7, DOG, "犬: " + "x".repeat(ParkedEvent.MAX_REASON), 3);
        ParkedEvent behind = event(LEADER, 9, CAT, "", 0);
        Check.equal("How many are parked at first", 0L, parked.count(LEADER));

        parked.park(List.of());
        parked.park(List.of(behind, tried));

        List<ParkedEvent> found = parked.select(LEADER, 0, 100);
        Check.equal("Parked events", List.of(tried, behind), timeless(found));
        Check.isTrue(
                "the time is the store's",
                found.stream().allMatch(event -> event.parkedAt().isAfter(UNSEEN)));
        Check.equal("How many are parked", 2L, parked.count(LEADER));
    }

    private static void addsUpTheAttemptsOfAnEventThatIsParkedAgain(
            Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        parked.park(List.of(event(LEADER, 7, DOG, "Not today", 3), event(8, DOG, 0)));

        parked.park(List.of(event(8, DOG, 0), event(7, DOG, 1), event(LEADER, 7, DOG, "Never", 2)));

        Check.equal(
                "Parked events",
                List.of(event(LEADER, 7, DOG, "Never", 6), event(8, DOG, 0)),
                timeless(parked.select(LEADER, 0, 100)));
    }

    private static void readsParkedEventsInPagesInTheOrderOfTheLog(
            Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        parked.park(List.of(event(30, CAT, 0), event(4, DOG, 1), event(5, CAT, 1), event(200, DOG, 0)));
        parked.park(List.of(event(6, DOG, 0)));

        Check.equal("The first page", List.of(4L, 5L, 6L), ids(parked.select(LEADER, 0, 3)));
        Check.equal("The page behind it", List.of(30L, 200L), ids(parked.select(LEADER, 6, 3)));
        Check.equal("The first page of one originator", List.of(4L, 6L), ids(parked.select(LEADER, DOG, 0, 2)));
        Check.equal("The page behind that", List.of(200L), ids(parked.select(LEADER, DOG, 6, 2)));
    }

    private static void tellsWhichOriginatorsHaveParkedEvents(
            Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        UUID nobody = new UUID(7, 7);
        parked.park(List.of(event(4, DOG, 1), event(5, DOG, 0), event(6, CAT, 1)));

        Check.equal("Among a dog and a stranger", Set.of(DOG), parked.originators(LEADER, List.of(DOG, nobody, DOG)));
        Check.equal("Among both", Set.of(DOG, CAT), parked.originators(LEADER, List.of(DOG, CAT)));
        Check.equal("Among none", Set.of(), parked.originators(LEADER, List.of()));
    }

    private static void givesTheLastEventsThatFailedThemselves(
            Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        parked.park(List.of(event(5, DOG, 2), event(6, DOG, 0), event(7, CAT, 1), event(9, CAT, 0)));
        parked.park(List.of(event("Shop", 8, DOG, "Not today", 1), event(11, new UUID(0, 3), 1)));

        Check.equal("Last failures below 12", List.of(11L, 7L, 5L), ids(parked.failures(LEADER, 12, 10)));
        Check.equal("Last failures below 11", List.of(7L, 5L), ids(parked.failures(LEADER, 11, 10)));
        Check.equal("Two last failures", List.of(11L, 7L), ids(parked.failures(LEADER, 100, 2)));
    }

    private static void removesParkedEvents(Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        parked.park(List.of(event(4, DOG, 1), event(5, DOG, 0), event(6, CAT, 1)));

        Check.equal("How many were there", 2, parked.remove(LEADER, List.of(4L, 6L, 7L, 4L)));
        Check.equal("How many were there the second time", 0, parked.remove(LEADER, List.of(4L, 6L)));
        Check.equal("How many of none", 0, parked.remove(LEADER, List.of()));

        Check.equal("What is left", List.of(5L), ids(parked));
        Check.equal("Whose it is", Set.of(DOG), parked.originators(LEADER, List.of(DOG, CAT)));
    }

    private static void keepsTheParkedEventsOfLeadersAndOfFollowersApart(
            Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        ParkedEvents others = subject.recorders().parkedEvents("Diplomas");
        parked.park(List.of(event(4, DOG, 1), event("Shop", 4, CAT, "Closed", 1), event("Shop", 5, CAT, "Closed", 0)));
        others.park(List.of(event(9, CAT, 1)));

        others.remove(LEADER, List.of(4L));
        parked.remove("Shop", List.of(4L));

        Check.equal("Of one leader", List.of(4L), ids(parked));
        Check.equal("Of the other leader", List.of(5L), ids(parked.select("Shop", 0, 100)));
        Check.equal("Of the other follower", List.of(9L), ids(others));
        Check.equal("Originators of one leader", Set.of(DOG), parked.originators(LEADER, List.of(DOG, CAT)));
        Check.equal("Of one originator and leader", List.of(), parked.select(LEADER, CAT, 0, 100));
        Check.equal("How many of the other follower and leader", 0L, others.count("Shop"));
    }

    private static void forgetsWhatWasParkedInATransactionThatThrew(
            Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        parked.park(List.of(event(4, DOG, 1)));

        Check.refuses(
                "A transaction whose work throws",
                UsersException.class,
                () -> subject.transactions().required(() -> {
                    parked.park(List.of(event(4, DOG, 1), event(5, DOG, 0)));
                    Check.equal("What the transaction sees", List.of(4L, 5L), ids(parked));
                    throw UsersException.make();
                }));

        Check.equal("Parked events", List.of(event(4, DOG, 1)), timeless(parked.select(LEADER, 0, 100)));
    }

    private static void keepsWhatWasRemovedInATransactionThatThrew(
            Subject<? extends ProcessRecorder> subject, ParkedEvents parked) {
        parked.park(List.of(event(4, DOG, 1)));

        Check.refuses(
                "A transaction whose work throws",
                UsersException.class,
                () -> subject.transactions().required(() -> {
                    Check.equal("How many were there", 1, parked.remove(LEADER, List.of(4L)));
                    throw UsersException.make();
                }));

        Check.equal("Parked events", List.of(4L), ids(parked));
    }
}
