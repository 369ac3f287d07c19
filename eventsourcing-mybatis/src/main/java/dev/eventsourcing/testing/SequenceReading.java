package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.CAT;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.event;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import java.util.List;

/** How sequences are read: which events, and in which order. */
final class SequenceReading {
    private SequenceReading() {}

    static Cases<AggregateRecorder> cases() {
        return new Cases<AggregateRecorder>()
                .add("gives back what was inserted", SequenceReading::givesBackWhatWasInserted)
                .add("has no events of an unknown originator", SequenceReading::hasNoEventsOfAnUnknownOriginator)
                .add("keeps originators apart", SequenceReading::keepsOriginatorsApart)
                .add("keeps applications apart", SequenceReading::keepsApplicationsApart)
                .add("keeps snapshots apart from events", SequenceReading::keepsSnapshotsApartFromEvents)
                .add(
                        "reads in order of version whatever the order of insertion",
                        SequenceReading::readsInOrderOfVersion)
                .add("accepts version zero", SequenceReading::acceptsVersionZero)
                .add("accepts the highest version", SequenceReading::acceptsTheHighestVersion)
                .add(
                        "reads a range that is open below and closed above",
                        SequenceReading::readsARangeThatIsOpenBelowAndClosedAbove)
                .add("reads the highest version first when asked", SequenceReading::readsTheHighestVersionFirst)
                .add("reads no more than the limit", SequenceReading::readsNoMoreThanTheLimit)
                .add("reads nothing when the limit is zero", SequenceReading::readsNothingWhenTheLimitIsZero);
    }

    private static void givesBackWhatWasInserted(Subject<?> subject) {
        List<StoredEvent> inserted = List.of(event(DOG, 1, "Dog.Registered"), event(DOG, 2), event(DOG, 3));

        subject.insert(inserted);

        Check.equal("Events that were inserted", inserted, subject.events(DOG));
    }

    private static void hasNoEventsOfAnUnknownOriginator(Subject<?> subject) {
        subject.insert(events(DOG, 1, 3));

        Check.empty("Events of an originator that has none", subject.events(CAT));
    }

    private static void keepsOriginatorsApart(Subject<?> subject) {
        subject.insert(List.of(event(DOG, 1), event(CAT, 1, "Cat.Registered"), event(DOG, 2), event(CAT, 2)));

        Check.equal("Events of one originator", events(DOG, 1, 2), subject.events(DOG));
        Check.equal(
                "Events of the other one",
                List.of(event(CAT, 1, "Cat.Registered"), event(CAT, 2)),
                subject.events(CAT));
    }

    private static void keepsApplicationsApart(Subject<?> subject) {
        subject.insert(events(DOG, 1, 3));
        subject.recorder("Kennel").insertEvents(events(DOG, 1, 1));

        Check.size("Events of TrainingSchool", 3, subject.events(DOG));
        Check.size("Events of Kennel", 1, subject.recorder("Kennel").selectEvents(DOG, VersionRange.all()));
        Check.empty(
                "Events of trainingschool, which differs in its letter case",
                subject.recorder("trainingschool").selectEvents(DOG, VersionRange.all()));
    }

    private static void keepsSnapshotsApartFromEvents(Subject<?> subject) {
        AggregateRecorder snapshots = subject.recorders().snapshotRecorder(Subject.APPLICATION);
        AggregateRecorder events = subject.recorders().applicationRecorder(Subject.APPLICATION);

        snapshots.insertEvents(events(DOG, 1, 1));
        events.insertEvents(events(DOG, 1, 2));

        Check.size("Snapshots", 1, snapshots.selectEvents(DOG, VersionRange.all()));
        Check.size("Events", 2, events.selectEvents(DOG, VersionRange.all()));
    }

    private static void readsInOrderOfVersion(Subject<?> subject) {
        subject.insert(List.of(event(DOG, 3), event(DOG, 1)));
        subject.insert(List.of(event(DOG, 2)));

        Check.equal("Versions, inserted as 3, 1, 2", List.of(1L, 2L, 3L), versions(subject, VersionRange.all()));
    }

    private static void acceptsVersionZero(Subject<?> subject) {
        subject.insert(events(DOG, 0, 1));

        Check.equal("Events from version 0", events(DOG, 0, 1), subject.events(DOG));
        Check.equal("Versions after 0", List.of(1L), versions(subject, VersionRange.after(0)));
    }

    private static void acceptsTheHighestVersion(Subject<?> subject) {
        subject.insert(List.of(event(DOG, Long.MAX_VALUE)));

        Check.equal("Versions", List.of(Long.MAX_VALUE), versions(subject, VersionRange.all()));
    }

    private static void readsARangeThatIsOpenBelowAndClosedAbove(Subject<?> subject) {
        subject.insert(events(DOG, 1, 9));

        Check.equal("Versions after 7 of 9", List.of(8L, 9L), versions(subject, VersionRange.after(7)));
        Check.equal(
                "Versions up to 2",
                List.of(1L, 2L),
                versions(subject, VersionRange.all().upTo(2)));
        Check.equal(
                "Versions after 2 up to 4",
                List.of(3L, 4L),
                versions(subject, VersionRange.after(2).upTo(4)));
        Check.empty(
                "Versions after 4 up to 4",
                versions(subject, VersionRange.after(4).upTo(4)));
        Check.empty(
                "Versions after 5 up to 4",
                versions(subject, VersionRange.after(5).upTo(4)));
        Check.empty("Versions after 9 of 9", versions(subject, VersionRange.after(9)));
    }

    private static void readsTheHighestVersionFirst(Subject<?> subject) {
        subject.insert(events(DOG, 1, 4));

        VersionRange all = VersionRange.all().highestFirst();
        Check.equal("Versions, highest first", List.of(4L, 3L, 2L, 1L), versions(subject, all));
        Check.equal(
                "Versions after 1 up to 3, highest first",
                List.of(3L, 2L),
                versions(subject, VersionRange.after(1).upTo(3).highestFirst()));
        Check.equal("The one version that is highest", List.of(4L), versions(subject, all.limit(1)));
    }

    private static void readsNoMoreThanTheLimit(Subject<?> subject) {
        subject.insert(events(DOG, 1, 4));

        Check.equal(
                "Versions, limit 2",
                List.of(1L, 2L),
                versions(subject, VersionRange.all().limit(2)));
        Check.equal(
                "Versions after 1, limit 1",
                List.of(2L),
                versions(subject, VersionRange.after(1).limit(1)));
        Check.size(
                "Versions, limit 9 of 4",
                4,
                versions(subject, VersionRange.all().limit(9)));
    }

    private static void readsNothingWhenTheLimitIsZero(Subject<?> subject) {
        subject.insert(events(DOG, 1, 4));

        Check.empty("Versions, limit 0", versions(subject, VersionRange.all().limit(0)));
    }

    private static List<Long> versions(Subject<?> subject, VersionRange range) {
        return subject.recorder().selectEvents(DOG, range).stream()
                .map(StoredEvent::originatorVersion)
                .toList();
    }
}
