package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStoreTest {
    private static final UUID ID = new UUID(1, 2);
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");

    private final InMemoryRecorders recorders = new InMemoryRecorders();
    private final EventCodec codec = new EventCodec("Counts", new Topics(), StateFormat.json());
    private final EventStore store = new EventStore(recorders.applicationRecorder("Counts"), codec);

    @BeforeEach
    void registerTheEventType() {
        codec.topics().register(List.of(Counted.class));
    }

    @Test
    void recordsEventsWithTheirPlacesInTheLog() {
        List<DomainEvent<Counted>> events = List.of(event(1), event(2));

        List<Recording> recordings = store.put(events);

        assertThat(recordings).<Object>extracting(Recording::event).containsExactlyElementsOf(events);
        assertThat(recordings)
                .extracting(Recording::notification)
                .containsExactly(
                        new Notification(1, codec.encode(events.get(0))),
                        new Notification(2, codec.encode(events.get(1))));
    }

    @Test
    void givesNoRecordingsOfARecorderWithoutALog() {
        EventStore snapshots = new EventStore(recorders.snapshotRecorder("Counts"), codec);

        assertThat(snapshots.put(List.of(event(1)))).isEmpty();
        assertThat(versions(snapshots, VersionRange.all())).containsExactly(1L);
    }

    @Test
    void recordsNothingIfAnyEventCannotBeWritten() {
        DomainEvent<Counted> bad = new DomainEvent<>(ID, 2, AT, Map.of(), new Counted(null));

        assertThatExceptionOfType(PersistenceException.class).isThrownBy(() -> store.put(List.of(event(1), bad)));
        assertThat(versions(store, VersionRange.all())).isEmpty();
    }

    @Test
    void tellsWhetherAnEventIsStoredJustAsItIs() {
        store.put(List.of(event(1), event(2)));

        assertThat(store.contains(event(2))).isTrue();
        assertThat(store.contains(event(3))).isFalse();
        assertThat(store.contains(new DomainEvent<>(ID, 2, AT, Map.of(), new Counted(99L))))
                .isFalse();
        assertThat(store.contains(event(2).withMetadata(Map.of("a", "b")))).isFalse();
    }

    @Test
    void anEventThatCannotBeWrittenAnyMoreIsAnErrorOfOurs() {
        store.put(List.of(event(1)));

        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> store.contains(new DomainEvent<>(ID, 1, AT, Map.of(), new Counted(null))))
                .withMessageContaining("Cannot write version 1 of " + ID);
    }

    @Test
    void readsRangesAcrossPagesInBothDirections() {
        int length = 2_500;
        store.put(LongStream.rangeClosed(1, length)
                .mapToObj(EventStoreTest::event)
                .toList());

        assertThat(versions(store, VersionRange.all())).hasSize(length).isSorted();
        assertThat(versions(store, VersionRange.all().highestFirst()))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, length)
                        .map(version -> length + 1 - version)
                        .boxed()
                        .toList());
        assertThat(versions(store, VersionRange.after(10).upTo(1_034)))
                .hasSize(1_024)
                .startsWith(11L)
                .endsWith(1_034L);
        assertThat(versions(store, VersionRange.after(10).upTo(1_100).highestFirst()))
                .hasSize(1_090)
                .startsWith(1_100L)
                .endsWith(11L);
        for (int limit : new int[] {0, 1, 1_023, 1_024, 1_025, 2_048, 2_500, 9_999}) {
            assertThat(versions(store, VersionRange.all().limit(limit))).hasSize(Math.min(limit, length));
            assertThat(versions(store, VersionRange.all().highestFirst().limit(limit)))
                    .hasSize(Math.min(limit, length));
        }
    }

    @Test
    void readsAVersionOf0First() {
        store.put(List.of(event(0), event(1)));

        assertThat(versions(store, VersionRange.all())).containsExactly(0L, 1L);
        assertThat(versions(store, VersionRange.all().highestFirst())).containsExactly(1L, 0L);
    }

    @Test
    void decodesOneByOneAsTheyAreAskedFor() {
        store.put(List.of(event(1)));
        recorders.applicationRecorder("Counts").insertEvents(List.of(new StoredEvent(ID, 2, "Unknown", new byte[0])));

        Iterator<DomainEvent<?>> events = store.get(ID, VersionRange.all()).iterator();

        assertThat(events.next().originatorVersion()).isEqualTo(1);
        assertThatExceptionOfType(EventDecodingException.class).isThrownBy(events::next);
    }

    @Test
    void endsWhereTheEventsEnd() {
        Iterator<DomainEvent<?>> events = store.get(ID, VersionRange.all()).iterator();

        assertThat(events.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(events::next);
    }

    private static DomainEvent<Counted> event(long version) {
        return new DomainEvent<>(ID, version, AT, Map.of(), new Counted(version));
    }

    private static List<Long> versions(EventStore store, VersionRange range) {
        List<Long> versions = new ArrayList<>();
        store.get(ID, range).forEach(event -> versions.add(event.originatorVersion()));
        return versions;
    }

    private record Counted(Long to) {}
}
