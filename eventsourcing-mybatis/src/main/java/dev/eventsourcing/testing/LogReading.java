package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.event;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Which notifications of a log are read. */
final class LogReading {
    private LogReading() {}

    static Cases<ApplicationRecorder> cases() {
        return new Cases<ApplicationRecorder>()
                .add("has an empty log at first", LogReading::hasAnEmptyLogAtFirst)
                .add("knows the highest id of the log", LogReading::knowsTheHighestIdOfTheLog)
                .add(
                        "reads the log after an id that is excluded up to one that is included",
                        LogReading::readsTheLogAfterAnIdUpToAnother)
                .add("reads only the topics that are asked for", LogReading::readsOnlyTheTopicsThatAreAskedFor)
                .add("counts the limit after the topics", LogReading::countsTheLimitAfterTheTopics)
                .add(
                        "reads nothing of the log when the limit is zero",
                        LogReading::readsNothingOfTheLogWhenTheLimitIsZero)
                .add("marks the events of a page and of its ends", LogReading::marksTheEventsOfAPageAndOfItsEnds)
                .add("keeps the logs of applications apart", LogReading::keepsTheLogsOfApplicationsApart);
    }

    /** The ids that a selection of the log gives. */
    static List<Long> ids(ApplicationRecorder recorder, NotificationSelection selection) {
        return recorder.selectNotifications(selection).stream()
                .map(Notification::id)
                .toList();
    }

    private static void hasAnEmptyLogAtFirst(Subject<? extends ApplicationRecorder> subject) {
        Check.equal(
                "Highest id of an empty log",
                OptionalLong.empty(),
                subject.recorder().maxNotificationId());
        Check.empty("An empty log", subject.recorder().selectNotifications(NotificationSelection.after(0)));
    }

    private static void knowsTheHighestIdOfTheLog(Subject<? extends ApplicationRecorder> subject) {
        List<Long> ids = subject.insert(events(DOG, 1, 3));

        Check.equal(
                "Highest id", OptionalLong.of(ids.get(2)), subject.recorder().maxNotificationId());
    }

    private static void readsTheLogAfterAnIdUpToAnother(Subject<? extends ApplicationRecorder> subject) {
        List<Long> ids = subject.insert(events(DOG, 1, 5));

        ApplicationRecorder recorder = subject.recorder();
        NotificationSelection afterSecond = NotificationSelection.after(ids.get(1));
        NotificationSelection afterFourth = NotificationSelection.after(ids.get(3));
        Check.equal("Ids after 0", ids, ids(recorder, NotificationSelection.after(0)));
        Check.equal("Ids after -7", ids, ids(recorder, NotificationSelection.after(-7)));
        Check.equal("Ids after the second", ids.subList(2, 5), ids(recorder, afterSecond));
        Check.equal(
                "Ids after the second up to the fourth",
                ids.subList(2, 4),
                ids(recorder, afterSecond.upTo(ids.get(3))));
        Check.empty("Ids after the fourth up to the fourth", ids(recorder, afterFourth.upTo(ids.get(3))));
        Check.empty("Ids after the fourth up to the second", ids(recorder, afterFourth.upTo(ids.get(1))));
        Check.empty("Ids after the last", ids(recorder, NotificationSelection.after(ids.get(4))));
    }

    private static void readsOnlyTheTopicsThatAreAskedFor(Subject<? extends ApplicationRecorder> subject) {
        List<Long> ids =
                subject.insert(List.of(event(DOG, 1, "A"), event(DOG, 2, "B"), event(DOG, 3, "C"), event(DOG, 4, "B")));

        ApplicationRecorder recorder = subject.recorder();
        NotificationSelection all = NotificationSelection.after(0);
        List<Long> ofAAndC = List.of(ids.get(0), ids.get(2));
        Check.equal("Ids of topic B", List.of(ids.get(1), ids.get(3)), ids(recorder, all.topics(Set.of("B"))));
        Check.equal("Ids of topics A and C", ofAAndC, ids(recorder, all.topics(Set.of("A", "C"))));
        Check.empty("Ids of topics D and b", ids(recorder, all.topics(Set.of("D", "b"))));
        Check.equal("Ids where no topic is named", ids, ids(recorder, all.topics(Set.of())));
        Check.equal("Ids of all topics but B", ofAAndC, ids(recorder, all.exceptTopics(Set.of("B"))));
        Check.empty("Ids of all topics but A, B, C", ids(recorder, all.exceptTopics(Set.of("A", "B", "C"))));
    }

    private static void countsTheLimitAfterTheTopics(Subject<? extends ApplicationRecorder> subject) {
        List<Long> ids =
                subject.insert(List.of(event(DOG, 1, "A"), event(DOG, 2, "B"), event(DOG, 3, "A"), event(DOG, 4, "B")));

        NotificationSelection two = NotificationSelection.after(0).limit(2);
        Check.equal(
                "Two ids of topic B",
                List.of(ids.get(1), ids.get(3)),
                ids(subject.recorder(), two.topics(Set.of("B"))));
        Check.equal("Two ids of any topic", ids.subList(0, 2), ids(subject.recorder(), two));
    }

    private static void readsNothingOfTheLogWhenTheLimitIsZero(Subject<? extends ApplicationRecorder> subject) {
        subject.insert(events(DOG, 1, 2));

        NotificationSelection none = NotificationSelection.after(0).limit(0);
        Check.empty("Ids, limit 0", ids(subject.recorder(), none));
        Check.empty("Ids of a topic, limit 0", ids(subject.recorder(), none.topics(Set.of("Dog.TrickAdded"))));
    }

    /** A recorder of a user's need not identify its events. */
    private static void marksTheEventsOfAPageAndOfItsEnds(Subject<? extends ApplicationRecorder> subject) {
        List<Long> ids =
                subject.insert(List.of(event(DOG, 1, "A"), event(DOG, 2, "B"), event(DOG, 3, "A"), event(DOG, 4, "C")));

        NotificationSelection all = NotificationSelection.after(0).withMarks();
        List<LogMark> marks = marks(subject, all);
        if (marks.isEmpty()) {
            return;
        }
        Check.equal("Ids of marks", ids, marks.stream().map(LogMark::id).toList());
        NotificationSelection afterSecond =
                NotificationSelection.after(ids.get(1)).withMarks();
        Check.equal("Marks after the second", marks.subList(1, 4), marks(subject, afterSecond));
        Check.equal("Marks after the second, limit 1", marks.subList(1, 3), marks(subject, afterSecond.limit(1)));
        Check.equal("Marks after the last", marks.subList(3, 4), marks(subject, all.upTo(ids.get(3)), ids.get(3)));
        List<LogMark> ofTopicAAndTheEnd = List.of(marks.get(0), marks.get(2), marks.get(3));
        Check.equal("Marks of topic A", ofTopicAAndTheEnd, marks(subject, all.topics(Set.of("A"))));
        Check.equal("Marks of all but B and C", ofTopicAAndTheEnd, marks(subject, all.exceptTopics(Set.of("B", "C"))));
        Check.equal(
                "Marks of topic A, limit 1",
                marks.subList(0, 1),
                marks(subject, all.topics(Set.of("A")).limit(1)));
    }

    private static List<LogMark> marks(
            Subject<? extends ApplicationRecorder> subject, NotificationSelection selection) {
        return subject.recorder().selectPage(selection).marks();
    }

    private static List<LogMark> marks(
            Subject<? extends ApplicationRecorder> subject, NotificationSelection selection, long after) {
        return marks(
                subject,
                new NotificationSelection(
                        after, selection.upTo(), selection.topics(), selection.except(), selection.limit(), true));
    }

    private static void keepsTheLogsOfApplicationsApart(Subject<? extends ApplicationRecorder> subject) {
        ApplicationRecorder school = subject.recorder();
        ApplicationRecorder kennel = subject.recorder("Kennel");

        List<Long> first = school.insertEvents(events(DOG, 1, 1));
        List<Long> other = kennel.insertEvents(events(DOG, 1, 2));
        List<Long> last = school.insertEvents(events(DOG, 2, 2));

        NotificationSelection all = NotificationSelection.after(0);
        Check.equal("Ids of TrainingSchool", List.of(first.get(0), last.get(0)), ids(school, all));
        Check.equal("Ids of Kennel", other, ids(kennel, all));
        Check.equal("Highest id of TrainingSchool", OptionalLong.of(last.get(0)), school.maxNotificationId());
        Check.equal("Highest id of Kennel", OptionalLong.of(other.get(1)), kennel.maxNotificationId());
        Check.above("the id of an insert into another application's log, in one schema,", other.get(1), last.get(0));
    }
}
