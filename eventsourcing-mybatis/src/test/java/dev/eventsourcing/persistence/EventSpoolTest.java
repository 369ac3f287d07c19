package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventSpoolTest {
    private static final UUID ID = new UUID(1, 2);
    private static final long ALL = Long.MAX_VALUE;

    private final List<Path> before = files();
    private final EventSpool spool = new EventSpool();

    @AfterEach
    void close() {
        spool.close();

        assertThat(files()).isEqualTo(before);
    }

    private static List<Path> files() {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName()
                            .toString()
                            .startsWith("eventsourcing-dry-run-"
                                    + ProcessHandle.current().pid() + "-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StoredEvent event(UUID id, long version, String topic, byte[] state) {
        return new StoredEvent(id, version, topic, state);
    }

    private static StoredEvent event(UUID id, long version) {
        return event(id, version, "Topic", ("{" + version + "}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void givesBackWhatWasAdded() {
        byte[] big = new byte[5_000_000];
        new Random(1).nextBytes(big);
        List<StoredEvent> events = List.of(
                event(ID, 1, "", new byte[0]),
                event(ID, 2, "Größe.\uD83D\uDC36", big),
                event(new UUID(-1, Long.MIN_VALUE), Long.MAX_VALUE, "Topic", new byte[] {0, -1}));

        events.forEach(spool::add);

        assertThat(List.of(spool.get(0), spool.get(1), spool.get(2))).isEqualTo(events);
    }

    @Test
    void findsTheEventsOfAnOriginatorAmongThoseOfOthers() {
        for (int version = 1; version <= 2_500; version++) {
            spool.add(event(ID, version));
            spool.add(event(UUID.randomUUID(), 1));
        }

        assertThat(spool.of(ID, 0, ALL))
                .hasSize(2_500)
                .isSortedAccordingTo((one, other) -> Long.compare(one.originatorVersion(), other.originatorVersion()));
        assertThat(spool.of(ID, 2_498, ALL)).containsExactly(event(ID, 2_499), event(ID, 2_500));
        assertThat(spool.of(ID, 3, 5)).containsExactly(event(ID, 4), event(ID, 5));
        assertThat(spool.lastVersion(ID)).hasValue(2_500);
        assertThat(spool.of(new UUID(9, 9), 0, ALL)).isEmpty();
        assertThat(spool.lastVersion(new UUID(9, 9))).isEmpty();
    }

    @Test
    void tellsOriginatorsApartWhoseHashesAreEqual() {
        // All of these have the hash code 0.
        List<UUID> ids = new ArrayList<>();
        for (long n = 1; n <= 20_000; n++) {
            ids.add(new UUID(n, n));
        }
        ids.forEach(id -> spool.add(event(id, 1)));
        ids.forEach(id -> spool.add(event(id, 2)));

        assertThat(ids).allSatisfy(id -> assertThat(spool.of(id, 0, ALL)).containsExactly(event(id, 1), event(id, 2)));
    }

    @Test
    void takesOffTheLast() {
        List<StoredEvent> kept = new ArrayList<>();
        for (int version = 1; version <= 1_500; version++) {
            kept.add(event(ID, version));
        }
        kept.subList(0, 700).forEach(spool::add);
        for (int version = 701; version <= 3_000; version++) {
            spool.add(event(ID, version, "Undone", new byte[version]));
            spool.add(event(UUID.randomUUID(), 1));
        }

        spool.cutTo(700);

        assertThat(spool.of(ID, 0, ALL)).isEqualTo(kept.subList(0, 700));
        kept.subList(700, 1_500).forEach(spool::add);
        assertThat(spool.of(ID, 0, ALL)).isEqualTo(kept);
        assertThat(spool.size()).isEqualTo(1_500);
        spool.cutTo(0);
        assertThat(spool.of(ID, 0, ALL)).isEmpty();
    }

    @Test
    void goesOnInAThreadThatIsInterrupted() {
        Thread.currentThread().interrupt();
        try {
            spool.add(event(ID, 1));

            assertThat(spool.get(0)).isEqualTo(event(ID, 1));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        spool.add(event(ID, 2));
        assertThat(spool.of(ID, 0, ALL)).hasSize(2);
    }

    /** So that it is gone however the process ends. Not on Windows, where open files keep their names. */
    @Test
    void hasNoNameWhileItIsOpen() throws IOException {
        spool.add(event(ID, 1));
        List<Path> made = new ArrayList<>(files());
        made.removeAll(before);

        assertThat(made.isEmpty()).isEqualTo(File.separatorChar == '/');
    }
}
