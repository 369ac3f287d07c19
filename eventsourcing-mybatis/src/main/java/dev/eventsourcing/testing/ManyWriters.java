package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Many writers and readers at once: no error, nothing lost, nothing out of order. */
final class ManyWriters {
    private static final int WRITERS = 10;
    private static final int BATCHES = 20;
    private static final int BATCH = 100;
    private static final int TOTAL = WRITERS * BATCHES * BATCH;

    private ManyWriters() {}

    static Cases<ApplicationRecorder> cases() {
        return new Cases<ApplicationRecorder>()
                .add(
                        "gives the ids of inserts that are made at once in the order of their events",
                        ManyWriters::givesTheIdsOfInsertsThatAreMadeAtOnceInOrder);
    }

    /** What holds for stores in which no insert begins before the last has ended. */
    static Cases<ApplicationRecorder> casesOfInsertsThatLieTogether() {
        return new Cases<ApplicationRecorder>()
                .add(
                        "gives no id between those of an insert to another that is made at once",
                        ManyWriters::givesNoIdBetweenThoseOfAnInsert);
    }

    static Cases<ApplicationRecorder> casesUnderLoad() {
        return new Cases<ApplicationRecorder>()
                .add(
                        "shows every event of ten writers to each reader once and in order",
                        ManyWriters::showsEveryEventOfEveryWriterOnceAndInOrder);
    }

    private static void givesTheIdsOfInsertsThatAreMadeAtOnceInOrder(Subject<? extends ApplicationRecorder> subject) {
        List<List<Long>> inserts = inserts(subject);

        inserts.forEach(ids -> Check.ascending("Ids of an insert among others", ids));
        List<Long> all = inserts.stream().flatMap(List::stream).sorted().toList();
        Check.size("Ids of all inserts", 6 * 15 * 10, all);
        Check.ascending("Ids of all inserts, sorted", all);
    }

    private static void givesNoIdBetweenThoseOfAnInsert(Subject<? extends ApplicationRecorder> subject) {
        List<Long> all = inserts(subject).stream().flatMap(List::stream).toList();

        Check.ascending("Ids of all inserts, one insert after the other", all);
    }

    /** The ids of inserts that six writers make at once, the insert with the lowest id first. */
    private static List<List<Long>> inserts(Subject<? extends ApplicationRecorder> subject) {
        CountDownLatch start = new CountDownLatch(1);
        List<Running<List<List<Long>>>> running = IntStream.range(0, 6)
                .mapToObj(writer -> Running.start(() -> {
                    Running.await(start);
                    UUID originator = new UUID(7, writer);
                    return LongStream.range(0, 15)
                            .mapToObj(batch -> subject.insert(events(originator, 10 * batch, 10 * batch + 9)))
                            .toList();
                }))
                .toList();
        start.countDown();
        return running.stream()
                .flatMap(writer -> writer.get().stream())
                .sorted(Comparator.comparing(ids -> ids.get(0)))
                .toList();
    }

    private static void showsEveryEventOfEveryWriterOnceAndInOrder(Subject<? extends ApplicationRecorder> subject) {
        CountDownLatch written = new CountDownLatch(1);
        List<Running<List<Notification>>> readers = IntStream.range(0, 2)
                .mapToObj(reader -> Running.start(() -> follow(subject.recorder(), written)))
                .toList();
        List<Running<Boolean>> writers = IntStream.range(0, WRITERS)
                .mapToObj(writer -> Running.start(() -> write(subject.recorder(), writer)))
                .toList();
        writers.forEach(Running::get);
        written.countDown();
        List<Notification> log = subject.recorder()
                .selectNotifications(NotificationSelection.after(0).limit(TOTAL + 1));

        Check.size("Notifications in the log", TOTAL, log);
        for (Running<List<Notification>> reader : readers) {
            Check.equal("Notifications that a reader saw meanwhile", log, reader.get());
        }
        List<Long> versions = LongStream.range(0, BATCHES * BATCH).boxed().toList();
        for (int writer = 0; writer < WRITERS; writer++) {
            UUID originator = new UUID(7, writer);
            Check.equal("Versions of " + originator + " in the log", versions, versions(log, originator));
            Check.size("Events of " + originator, versions.size(), subject.events(originator));
        }
    }

    private static void write(ApplicationRecorder recorder, int writer) {
        for (int batch = 0; batch < BATCHES; batch++) {
            List<StoredEvent> events = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
                long version = (long) batch * BATCH + i;
                byte[] state = ("writer " + writer + ", version " + version).getBytes(StandardCharsets.UTF_8);
                events.add(new StoredEvent(new UUID(7, writer), version, "Written", state));
            }
            recorder.insertEvents(events);
        }
    }

    /** Reads as a follower does, each page after the last id that was seen, until all is written and nothing comes any more. */
    private static List<Notification> follow(ApplicationRecorder recorder, CountDownLatch written) {
        List<Notification> seen = new ArrayList<>(TOTAL);
        while (true) {
            boolean last = written.getCount() == 0;
            long after = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).id();
            List<Notification> page = recorder.selectNotifications(NotificationSelection.after(after));
            seen.addAll(page);
            if (page.isEmpty() && last) {
                return seen;
            }
        }
    }

    private static List<Long> versions(List<Notification> log, UUID originator) {
        return log.stream()
                .filter(notification -> notification.event().originatorId().equals(originator))
                .map(notification -> notification.event().originatorVersion())
                .toList();
    }
}
