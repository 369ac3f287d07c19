package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Store;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotStoreTest {
    @ParameterizedTest
    @EnumSource
    void oneThatAnotherHasTakenInBetweenIsNoFailure(Store kind) {
        try (Store.Opened store = kind.open()) {
            SnapshotStore snapshots = new SnapshotStore(
                    "Shop",
                    new SeesNothing(store.recorders.snapshotRecorder("Shop")),
                    new EventCodec("Shop", new Topics(), StateFormat.json()),
                    new StateSettings(true, Optional.empty(), OptionalInt.empty()));
            snapshots.register(Basket.State.class, new Topics());
            DomainEvent<?> snapshot =
                    new DomainEvent<>(UUID.randomUUID(), 1, Instant.now(), Map.of(), new Basket.State(List.of("a")));

            assertThat(snapshots.put(snapshot)).isTrue();
            assertThat(snapshots.put(snapshot)).isFalse();
        }
    }

    /** As if what is there had come after it was looked for. */
    private record SeesNothing(AggregateRecorder recorder) implements AggregateRecorder {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return recorder.insertEvents(events);
        }

        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return List.of();
        }
    }
}
