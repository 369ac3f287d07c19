package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.CAT;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.event;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecordConflictException.Candidate;
import dev.eventsourcing.persistence.StoredEvent;
import java.util.List;

/** How sequences are written: all of an insert or nothing of it, in transactions, and no version twice. */
final class SequenceWriting {
    private SequenceWriting() {}

    static Cases<AggregateRecorder> cases() {
        return new Cases<AggregateRecorder>()
                .add("inserts nothing when given nothing", SequenceWriting::insertsNothingWhenGivenNothing)
                .add("refuses a version that is already recorded", SequenceWriting::refusesAVersionThatIsRecorded)
                .add(
                        "names the lowest version of each originator in a conflict",
                        SequenceWriting::namesTheCandidatesOfAConflict)
                .add(
                        "stores nothing of an insert that meets a conflict",
                        SequenceWriting::storesNothingOfAnInsertThatMeetsAConflict)
                .add(
                        "refuses a version that comes twice in one insert",
                        SequenceWriting::refusesAVersionThatComesTwiceInOneInsert)
                .add("goes on after a conflict", SequenceWriting::goesOnAfterAConflict)
                .add(
                        "refuses the same insert twice in one transaction",
                        SequenceWriting::refusesTheSameInsertTwiceInOneTransaction)
                .add(
                        "undoes only the insert that meets a conflict in a transaction",
                        SequenceWriting::undoesOnlyTheInsertThatMeetsAConflict)
                .add(
                        "keeps nothing of a transaction that throws",
                        SequenceWriting::keepsNothingOfATransactionThatThrows)
                .add("reads its own writes in a transaction", SequenceWriting::readsItsOwnWritesInATransaction)
                .add(
                        "sees in a transaction what another has committed since the last read",
                        SequenceWriting::seesWhatAnotherHasCommittedSince);
    }

    private static void insertsNothingWhenGivenNothing(Subject<?> subject) {
        Check.empty("Ids of no events", subject.insert(List.of()));
    }

    private static void refusesAVersionThatIsRecorded(Subject<?> subject) {
        subject.insert(events(DOG, 1, 2));

        RecordConflictException refusal = Check.refuses(
                "Inserting version 2 again",
                RecordConflictException.class,
                () -> subject.insert(List.of(event(DOG, 2, "Dog.Renamed"))));

        Check.names(refusal, Subject.APPLICATION, DOG.toString(), "ersion 2");
        Check.equal("Events as they were recorded first", events(DOG, 1, 2), subject.events(DOG));
    }

    private static void namesTheCandidatesOfAConflict(Subject<?> subject) {
        subject.insert(events(DOG, 1, 3));

        RecordConflictException refusal = Check.refuses(
                "Inserting version 3 again among others",
                RecordConflictException.class,
                () -> subject.insert(List.of(event(CAT, 1), event(DOG, 4), event(DOG, 3), event(CAT, 2))));

        Check.equal(
                "Candidates of the conflict",
                List.of(new Candidate(CAT, 1, true), new Candidate(DOG, 3, false)),
                refusal.candidates());
    }

    private static void storesNothingOfAnInsertThatMeetsAConflict(Subject<?> subject) {
        subject.insert(events(DOG, 1, 2));

        Check.refuses(
                "Inserting version 2 again among others",
                RecordConflictException.class,
                () -> subject.insert(List.of(event(CAT, 1), event(DOG, 3), event(DOG, 2), event(CAT, 2))));

        Check.equal("Events before the insert that failed", events(DOG, 1, 2), subject.events(DOG));
        Check.empty("Events of another originator in the insert that failed", subject.events(CAT));
    }

    private static void refusesAVersionThatComesTwiceInOneInsert(Subject<?> subject) {
        Check.refuses(
                "Inserting version 1 twice at once",
                RecordConflictException.class,
                () -> subject.insert(List.of(event(DOG, 1), event(CAT, 1), event(DOG, 1))));

        Check.empty("Events after the insert that failed", subject.events(DOG));
        Check.empty("Events of another originator in the insert that failed", subject.events(CAT));
    }

    private static void goesOnAfterAConflict(Subject<?> subject) {
        subject.insert(events(DOG, 1, 1));
        Check.refuses(
                "Inserting version 1 again", RecordConflictException.class, () -> subject.insert(events(DOG, 1, 1)));

        subject.insert(events(DOG, 2, 2));

        Check.equal("Events before and after a conflict", events(DOG, 1, 2), subject.events(DOG));
    }

    private static void refusesTheSameInsertTwiceInOneTransaction(Subject<?> subject) {
        subject.transactions().required(() -> {
            subject.insert(events(DOG, 1, 2));
            Check.refuses(
                    "Repeating an insert in its transaction",
                    RecordConflictException.class,
                    () -> subject.insert(events(DOG, 1, 2)));
        });

        Check.equal("Events of the first insert", events(DOG, 1, 2), subject.events(DOG));
    }

    private static void undoesOnlyTheInsertThatMeetsAConflict(Subject<?> subject) {
        subject.insert(events(DOG, 1, 1));

        subject.transactions().required(() -> {
            subject.insert(events(CAT, 1, 1));
            Check.refuses(
                    "Inserting version 1 again",
                    RecordConflictException.class,
                    () -> subject.insert(List.of(event(CAT, 2), event(DOG, 1))));
            subject.insert(events(DOG, 2, 2));
        });

        Check.equal("Events from before and after the conflict", events(DOG, 1, 2), subject.events(DOG));
        Check.equal("Events from before the conflict", events(CAT, 1, 1), subject.events(CAT));
    }

    private static void keepsNothingOfATransactionThatThrows(Subject<?> subject) {
        subject.insert(events(DOG, 1, 1));

        UsersException thrown = Check.refuses(
                "A transaction whose work throws",
                UsersException.class,
                () -> subject.transactions().required(() -> {
                    subject.insert(events(DOG, 2, 3));
                    subject.insert(events(CAT, 1, 1));
                    throw UsersException.make();
                }));

        Check.names(thrown, UsersException.MESSAGE);
        Check.equal("Events from before the transaction", events(DOG, 1, 1), subject.events(DOG));
        Check.empty("Events of the transaction", subject.events(CAT));
    }

    private static void readsItsOwnWritesInATransaction(Subject<?> subject) {
        List<StoredEvent> read = subject.transactions().required(() -> {
            subject.insert(events(DOG, 1, 2));
            return subject.events(DOG);
        });

        Check.equal("Events that the transaction has inserted", events(DOG, 1, 2), read);
    }

    private static void seesWhatAnotherHasCommittedSince(Subject<?> subject) {
        subject.insert(events(DOG, 1, 1));

        subject.transactions().required(() -> {
            subject.events(DOG);
            Running<List<Long>> other = Running.start(() -> subject.insert(events(DOG, 2, 2)));
            // Where transactions exclude each other, the other one waits, and there is nothing to see.
            subject.awaitStandstill(other);
            boolean committed = other.isDone();
            Check.equal(
                    "Events, where another transaction " + (committed ? "has committed" : "waits"),
                    events(DOG, 1, committed ? 2 : 1),
                    subject.events(DOG));
        });
    }
}
