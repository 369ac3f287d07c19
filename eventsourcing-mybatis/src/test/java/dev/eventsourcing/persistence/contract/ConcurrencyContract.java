package dev.eventsourcing.persistence.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many writers and readers at once: no error, nothing lost, nothing out of order. */
public abstract class ConcurrencyContract {
    private static final int WRITERS = 10;
    private static final int BATCHES = 20;
    private static final int BATCH = 100;
    private static final int TOTAL = WRITERS * BATCHES * BATCH;

    private Store store;
    private ApplicationRecorder recorder;

    protected abstract Store newStore();

    @BeforeEach
    void openStore() {
        store = newStore();
        recorder = store.recorders().applicationRecorder("TrainingSchool");
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void readersSeeEveryEventOfEveryWriterOnceAndInOrder() {
        List<Running<List<Notification>>> readers = IntStream.range(0, 2)
                .mapToObj(reader -> Concurrently.start(this::follow))
                .toList();
        List<Running<Void>> writers = IntStream.range(0, WRITERS)
                .mapToObj(writer -> Concurrently.start(() -> write(writer)))
                .toList();
        writers.forEach(Running::get);
        List<Notification> log =
                recorder.selectNotifications(NotificationSelection.after(0).limit(TOTAL + 1));

        assertThat(log).hasSize(TOTAL);
        for (Running<List<Notification>> reader : readers) {
            assertThat(reader.get()).isEqualTo(log);
        }
        assertThat(versionsByOriginator(log))
                .hasSize(WRITERS)
                .allSatisfy((originator, versions) -> assertThat(versions)
                        .isEqualTo(LongStream.range(0, BATCHES * BATCH).boxed().toList()));
        assertThat(recorder.selectEvents(new UUID(7, 0), VersionRange.all())).hasSize(BATCHES * BATCH);
    }

    private void write(int writer) {
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

    /** Reads as a follower does: each page after the last id that was seen. */
    private List<Notification> follow() {
        List<Notification> seen = new ArrayList<>(TOTAL);
        while (seen.size() < TOTAL) {
            long after = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).id();
            List<Notification> page = recorder.selectNotifications(NotificationSelection.after(after));
            seen.addAll(page);
            long reached = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).id();
            // A follower that has missed an event would wait for it for ever.
            if (page.isEmpty() && reached == recorder.maxNotificationId().orElse(0) && reached >= TOTAL) {
                break;
            }
        }
        return seen;
    }

    private static Map<UUID, List<Long>> versionsByOriginator(List<Notification> log) {
        Map<UUID, List<Long>> versions = new HashMap<>();
        for (Notification notification : log) {
            versions.computeIfAbsent(notification.event().originatorId(), id -> new ArrayList<>())
                    .add(notification.event().originatorVersion());
        }
        return versions;
    }
}
