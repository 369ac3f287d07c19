package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.CAT;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Backlog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is recorded behind an id, of recorders that can tell. */
final class Backlogs {
    private static final Duration APART = Duration.ofMillis(100);
    private static final Duration SHORT_AGE = Duration.ofMinutes(1);

    private Backlogs() {}

    static Cases<ApplicationRecorder> cases() {
        return new Cases<ApplicationRecorder>()
                .add("counts what is recorded behind an id", Backlogs::countsWhatIsRecordedBehindAnId)
                .add("tells the age of the first event behind an id", Backlogs::tellsTheAgeOfTheFirstEventBehindAnId);
    }

    private static boolean isTold(Subject<? extends ApplicationRecorder> subject) {
        return subject.recorder().backlog(0).isPresent();
    }

    private static Backlog after(Subject<? extends ApplicationRecorder> subject, long id) {
        return subject.recorder().backlog(id).orElse(Backlog.NONE);
    }

    private static void countsWhatIsRecordedBehindAnId(Subject<? extends ApplicationRecorder> subject) {
        if (!isTold(subject)) {
            return;
        }
        Check.equal(
                "Backlog of an empty log",
                Optional.of(Backlog.NONE),
                subject.recorder().backlog(0));
        List<Long> ids = subject.insert(events(DOG, 1, 3));
        subject.recorder("Kennel").insertEvents(events(CAT, 1, 1));

        Check.equal("Events from the start", 3L, after(subject, 0).events());
        Check.equal("Events behind the first", 2L, after(subject, ids.get(0)).events());
        Check.equal("Backlog behind the last", Backlog.NONE, after(subject, ids.get(2)));
    }

    private static void tellsTheAgeOfTheFirstEventBehindAnId(Subject<? extends ApplicationRecorder> subject) {
        if (!isTold(subject)) {
            return;
        }
        long first = subject.insert(events(DOG, 1, 1)).get(0);
        Running.awaitUntil(
                "the age reaches " + APART, () -> after(subject, 0).age().compareTo(APART) >= 0);
        subject.insert(events(DOG, 2, 2));

        Duration ofSecond = after(subject, first).age();
        Duration ofFirst = after(subject, 0).age();

        Check.isTrue("no age is negative, and it is " + ofSecond, !ofSecond.isNegative());
        Check.isTrue(
                "the first is older than the second (" + ofSecond + ") by " + APART + ", and its age is " + ofFirst,
                ofFirst.compareTo(ofSecond.plus(APART)) >= 0);
        Check.isTrue("the age is below " + SHORT_AGE + ", and it is " + ofFirst, ofFirst.compareTo(SHORT_AGE) < 0);
    }
}
