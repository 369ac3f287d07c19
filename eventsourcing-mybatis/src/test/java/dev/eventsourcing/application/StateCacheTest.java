package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.StoredEvent;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StateCacheTest {
    private static final UUID ID = UUID.randomUUID();

    private final StateCache<Basket> cache = new StateCache<>(10);

    @Test
    void whatComesLateDoesNotTakeTheCacheBack() {
        StateCache.Entry<Basket> older = entry(2);
        StateCache.Entry<Basket> newer = entry(3);
        cache.put(ID, newer);

        cache.put(ID, older);

        assertThat(cache.get(ID)).containsSame(newer);
    }

    @Test
    void onlyWhatTurnedOutToBeOfNoUseGoes() {
        StateCache.Entry<Basket> older = entry(2);
        StateCache.Entry<Basket> newer = entry(3);
        cache.put(ID, older);
        cache.put(ID, newer);

        cache.remove(ID, older);

        assertThat(cache.get(ID)).containsSame(newer);
        cache.remove(ID, newer);
        assertThat(cache.get(ID)).isEmpty();
    }

    private static StateCache.Entry<Basket> entry(long version) {
        return new StateCache.Entry<>(new StoredEvent(ID, version, "Basket.Added", new byte[0]), () -> {
            throw new AssertionError("Nothing is replayed");
        });
    }
}
