package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NameBasedIds;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Store;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventSourcedLogTest {
    private static final UUID LOG_ID = NameBasedIds.nameBasedId(NameBasedIds.URL, "/baskets");

    private Store.Opened store = Store.MEMORY.open();
    private Shop shop = new Shop(store.recorders);

    private void open(Store kind) {
        store.close();
        store = kind.open();
        shop = new Shop(store.recorders);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void listsTheIdsOfAggregatesThatAreSavedWithIt(Store kind) {
        open(kind);
        assertThat(shop.log.first()).isEmpty();
        assertThat(shop.log.last()).isEmpty();
        assertThat(shop.log.select(VersionRange.all())).isEmpty();
        List<UUID> ids = IntStream.range(0, 3)
                .mapToObj(i -> {
                    Basket basket = Basket.taken(UUID.randomUUID());
                    shop.save(basket, shop.log.trigger(new BasketLogged(basket.id())));
                    return basket.id();
                })
                .toList();
        shop.save(shop.log.trigger(new BasketForgotten(ids.get(1))));

        assertThat(shop.log.first().orElseThrow().payload()).isEqualTo(new BasketLogged(ids.get(0)));
        assertThat(shop.log.last().orElseThrow().payload()).isEqualTo(new BasketForgotten(ids.get(1)));
        assertThat(shop.log.select(VersionRange.all()))
                .extracting(DomainEvent::payload)
                .containsExactly(
                        new BasketLogged(ids.get(0)),
                        new BasketLogged(ids.get(1)),
                        new BasketLogged(ids.get(2)),
                        new BasketForgotten(ids.get(1)));
        assertThat(shop.log.select(VersionRange.after(1).upTo(3).highestFirst().limit(1)))
                .extracting(DomainEvent::originatorVersion)
                .containsExactly(3L);
    }

    @ParameterizedTest
    @EnumSource
    void anEntryIsNotRecordedWithoutWhatItTellsOf(Store kind) {
        open(kind);
        Basket basket = Basket.taken(UUID.randomUUID());
        shop.save(basket, shop.log.trigger(new BasketLogged(basket.id())));

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> shop.save(Basket.taken(basket.id()), shop.log.trigger(new BasketLogged(basket.id()))))
                .satisfies(e -> assertThat(e.alreadyExists()).isFalse())
                .satisfies(e -> assertThat(e.candidates())
                        .extracting(RecordConflictException.Candidate::isNew)
                        .containsExactly(true, false));

        assertThat(shop.log.select(VersionRange.all())).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void twoWhoLogAtOnceCollide(Store kind) {
        open(kind);
        DomainEvent<Logged> one = shop.log.trigger(new BasketLogged(UUID.randomUUID()));
        DomainEvent<Logged> other = shop.log.trigger(new BasketLogged(UUID.randomUUID()));
        shop.save(one);

        assertThatExceptionOfType(RecordConflictException.class).isThrownBy(() -> shop.save(other));

        assertThat(shop.log.select(VersionRange.all())).containsExactly(one);
    }

    @ParameterizedTest
    @EnumSource
    void takesSeveralEntriesInOneSave(Store kind) {
        open(kind);
        DomainEvent<Logged> first = shop.log.trigger(new BasketLogged(UUID.randomUUID()));

        shop.save(first, shop.log.triggerAfter(first.originatorVersion(), new BasketForgotten(UUID.randomUUID())));

        assertThat(shop.log.last().orElseThrow().originatorVersion()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void readsALongLogPageByPage(Store kind) {
        open(kind);
        UUID id = UUID.randomUUID();
        shop.save(IntStream.range(0, 2_500)
                .mapToObj(i -> shop.log.triggerAfter(i, new BasketLogged(id)))
                .toList());
        List<Integer> read = store.recorders.of("Shop").read;
        read.clear();

        assertThat(shop.log.select(VersionRange.all()).limit(10)).hasSize(10);
        assertThat(read).hasSize(1);
        assertThat(shop.log.select(VersionRange.all())).hasSize(2_500);
    }

    @ParameterizedTest
    @EnumSource
    void anEventThatIsNoneOfTheLogIsAnError(Store kind) {
        open(kind);
        shop.save(Basket.taken(LOG_ID));

        assertThatExceptionOfType(WrongAggregateException.class)
                .isThrownBy(() -> shop.log.last())
                .withMessageContaining("is not a log of Logged");
    }

    sealed interface Logged {}

    record BasketLogged(UUID id) implements Logged {}

    record BasketForgotten(UUID id) implements Logged {}

    static final class Shop extends Application {
        final AggregateRepository<Basket> baskets = repository(Basket.class, Basket::new);
        final EventSourcedLog<Logged> log = log(LOG_ID, Logged.class);

        Shop(RecorderFactory recorders) {
            super("Shop", recorders);
        }
    }
}
