package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.OriginatorVersionException;
import dev.eventsourcing.persistence.EventDecodingException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
    private final InMemoryRecorders recorders = new InMemoryRecorders();
    private final Shop shop = new Shop(recorders);

    @Test
    void saysSoIfNothingIsRecorded() {
        UUID unknown = UUID.randomUUID();

        assertThat(shop.counters.contains(unknown)).isFalse();
        assertThat(shop.counters.find(unknown)).isEmpty();
        assertThatExceptionOfType(AggregateNotFoundException.class)
                .isThrownBy(() -> shop.counters.get(unknown))
                .withMessage("Aggregate " + unknown + " is not recorded in application Shop.")
                .satisfies(e -> {
                    assertThat(e.originatorId()).isEqualTo(unknown);
                    assertThat(e.version()).isEmpty();
                });
    }

    @Test
    void readsAnAggregateAsItWasAtAVersion() {
        UUID id = shop.countTo(5);

        assertThat(shop.counters.get(id, 1).count).isEqualTo(1);
        assertThat(shop.counters.get(id, 4).count).isEqualTo(4);
        assertThat(shop.counters.get(id, 5).version()).isEqualTo(5);
        assertThat(shop.counters.find(id))
                .hasValueSatisfying(counter -> assertThat(counter.count).isEqualTo(5));
    }

    @Test
    void aVersionAboveTheLatestGivesTheLatest() {
        UUID id = shop.countTo(5);

        assertThat(shop.counters.get(id, 6).version()).isEqualTo(5);
        assertThat(shop.counters.get(id, Long.MAX_VALUE).version()).isEqualTo(5);
    }

    @Test
    void aVersionBelowTheFirstIsNotFound() {
        UUID id = shop.countTo(1);

        assertThatExceptionOfType(AggregateNotFoundException.class)
                .isThrownBy(() -> shop.counters.get(id, 0))
                .withMessageEndingWith("up to version 0.")
                .satisfies(e -> assertThat(e.version()).hasValue(0));
    }

    @Test
    void saysSoIfTheIdIsOfAnotherKind() {
        UUID id = shop.countTo(1);

        assertThat(shop.lamps.contains(id)).isFalse();
        assertThatExceptionOfType(WrongAggregateException.class)
                .isThrownBy(() -> shop.lamps.get(id))
                .withMessage("Aggregate " + id + " in application Shop is not a Lamp: it has events of type "
                        + Counted.class.getName() + ". Ask the repository of its own kind.")
                .satisfies(e -> assertThat(e.originatorId()).isEqualTo(id));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_023, 1_024, 1_025, 2_048, 2_500})
    void readsHistoriesThatAreLongerThanAPage(int length) {
        UUID id = shop.countTo(length);

        assertThat(shop.counters.get(id).count).isEqualTo(length);
        assertThat(shop.counters.get(id, length - 1).count).isEqualTo(length - 1);
        assertThat(shop.counters.get(id, length).version()).isEqualTo(length);
    }

    @Test
    void eachCallGivesAnObjectOfItsOwn() {
        UUID id = shop.countTo(1);
        Counter counter = shop.counters.get(id);

        counter.count();

        assertThat(shop.counters.get(id).count).isEqualTo(1);
    }

    @Test
    void refusesAHistoryWithAGap() {
        UUID id = shop.countTo(1);
        byte[] state = recorders
                .applicationRecorder("Shop")
                .selectEvents(id, VersionRange.all())
                .get(0)
                .state();
        recorders
                .applicationRecorder("Shop")
                .insertEvents(List.of(new StoredEvent(id, 3, "RepositoryTest.Counted", state)));

        assertThatExceptionOfType(OriginatorVersionException.class)
                .isThrownBy(() -> shop.counters.get(id))
                .satisfies(e -> {
                    assertThat(e.expected()).isEqualTo(2);
                    assertThat(e.actual()).isEqualTo(3);
                });
    }

    @Test
    void namesTheEventThatItCannotRead() {
        UUID id = shop.countTo(1);
        recorders
                .applicationRecorder("Shop")
                .insertEvents(List.of(new StoredEvent(id, 2, "RepositoryTest.Uncounted", new byte[] {1})));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> shop.counters.get(id))
                .withMessageContaining("version 2 of " + id)
                .withMessageContaining("RepositoryTest.Uncounted");
    }

    sealed interface Change {}

    record Counted(int to) implements Change {}

    static final class Counter extends Aggregate<Change> {
        int count;

        Counter(UUID id) {
            super(id);
        }

        void count() {
            trigger(new Counted(count + 1));
        }

        @Override
        protected void apply(Change event) {
            count = ((Counted) event).to();
        }
    }

    sealed interface Switch {}

    record Lit() implements Switch {}

    static final class Lamp extends Aggregate<Switch> {
        Lamp(UUID id) {
            super(id);
        }

        @Override
        protected void apply(Switch event) {}
    }

    static final class Shop extends Application {
        final Repository<Counter> counters = repository(Counter.class, Counter::new);
        final Repository<Lamp> lamps = repository(Lamp.class, Lamp::new);

        Shop(RecorderFactory recorders) {
            super(recorders);
        }

        UUID countTo(int count) {
            Counter counter = new Counter(UUID.randomUUID());
            for (int i = 0; i < count; i++) {
                counter.count();
            }
            save(counter);
            return counter.id();
        }
    }
}
