package dev.eventsourcing.application;

import static dev.eventsourcing.application.SnapshotInterval.every;
import static dev.eventsourcing.application.SnapshotInterval.onRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventsourcing.application.Purse.Filled;
import dev.eventsourcing.application.Purse.Lost;
import dev.eventsourcing.application.Purse.Opened;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.OriginatorVersionException;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Sneaky;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.Warnings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A snapshot and the events after it lead to what all events lead to; and whatever is wrong with a snapshot is no failure. */
class SnapshotTest {
    private static final UUID ID = UUID.randomUUID();

    private Store.Opened store = Store.MEMORY.open();

    private void open(Store kind) {
        store.close();
        store = kind.open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    // On request.

    @ParameterizedTest
    @EnumSource
    void isTakenAtAnyVersionAndRead(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, onRequest());
        Basket basket = Basket.taken(ID).add("a", "b", "c");
        shop.save(basket);

        assertThat(shop.baskets.takeSnapshot(ID, 2)).isTrue();
        assertThat(shop.baskets.takeSnapshot(ID)).isTrue();
        assertThat(shop.baskets.takeSnapshot(ID, 99))
                .as("that of the latest version")
                .isFalse();
        shop.save(basket.add("d"));

        assertThat(versions()).containsExactly(2L, 4L);
        List<Integer> read = store.recorders.of("Shop").read;
        read.clear();
        Basket latest = shop.baskets.get(ID);
        assertThat(read).as("the event of the snapshot, and one after it").containsExactly(2);
        assertThat(latest.items).containsExactly("a", "b", "c", "d");
        assertThat(latest.version()).isEqualTo(5);
        assertThat(latest.createdOn()).isEqualTo(basket.createdOn());
        assertThat(latest.modifiedOn()).isEqualTo(basket.modifiedOn());
        assertThat(shop.baskets.get(ID, 1).items).isEmpty();
        assertThat(shop.baskets.get(ID, 3).items).containsExactly("a", "b");
        assertThat(shop.baskets.get(ID, 4).items).containsExactly("a", "b", "c");
        assertThat(shop.baskets.get(ID, 4).modifiedOn())
                .isEqualTo(shop.plain.get(ID, 4).modifiedOn());
        latest.add("e");
        shop.save(latest);
        assertThat(shop.baskets.get(ID).items).endsWith("d", "e");
    }

    @ParameterizedTest
    @EnumSource
    void isTakenOfAnImmutableStateAsItIs(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, onRequest());
        shop.save(NewEvents.first(ID, new Opened("Ann"), new Filled(3)));

        assertThat(shop.purses.takeSnapshot(ID)).isTrue();
        shop.save(shop.purses.get(ID).then(new Filled(4)));

        List<Integer> read = store.recorders.of("Shop").read;
        read.clear();
        assertThat(shop.purses.get(ID)).isEqualTo(new Versioned<>(ID, 3, new Purse("Ann", 7, List.of("+3", "+4"))));
        assertThat(read).containsExactly(2);
        assertThat(shop.purses.get(ID, 1).state().coins()).isZero();
    }

    @Test
    void isOfWhatIsRecordedAndNotOfAnObjectAtHand() {
        Shop shop = new Shop(store.recorders, onRequest());
        Basket basket = Basket.taken(ID);
        shop.save(basket);
        basket.add("unsaved");

        shop.baskets.takeSnapshot(ID);

        assertThat(shop.baskets.get(ID).items).isEmpty();
    }

    @Test
    void cannotBeTakenOfWhatIsNotThere() {
        Shop shop = new Shop(store.recorders, onRequest());

        assertThatExceptionOfType(AggregateNotFoundException.class).isThrownBy(() -> shop.baskets.takeSnapshot(ID));
        assertThatExceptionOfType(AggregateNotFoundException.class)
                .isThrownBy(() -> shop.baskets.takeSnapshot(ID, 3))
                .satisfies(e -> assertThat(e.version()).hasValue(3));
    }

    @Test
    void cannotBeTakenWhereNoneIsDeclared() {
        Shop shop = new Shop(store.recorders, onRequest());
        shop.save(Basket.taken(ID));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> shop.plain.takeSnapshot(ID))
                .withMessage("The repository of Basket in application Shop takes no snapshots: none are declared."
                        + " Declare them where it is made, with snapshots(..).");
    }

    // By interval.

    @ParameterizedTest
    @EnumSource
    void isTakenAtEachMultipleOfTheIntervalAfterTheCommit(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, every(5));
        Basket basket = Basket.taken(ID).add("2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");

        shop.transactions().required(() -> {
            shop.save(basket);
            assertThat(versions()).isEmpty();
        });

        assertThat(versions()).containsExactly(5L, 10L);
        assertThat(shop.baskets.get(ID).items).hasSize(11).endsWith("12");
        assertThat(shop.baskets.get(ID, 9).items).hasSize(8);
    }

    @ParameterizedTest
    @EnumSource
    void isTakenOfImmutableStatesAndOfEventsThatAreSavedAlone(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, every(2));

        shop.save(NewEvents.first(ID, new Opened("Ann")));
        shop.save(shop.purses.get(ID).then(new Filled(1)));

        assertThat(versions()).containsExactly(2L);
    }

    @Test
    void isNotLookedForWhereTheEventsAreThoseOfAnotherKind() {
        Shop shop = new Shop(store.recorders, every(1));

        shop.save(NewEvents.first(ID, new Opened("Ann")));

        assertThat(store.recorders.of("Shop").reads)
                .as("by the repository of purses alone")
                .hasSize(1);
    }

    @Test
    void isNotTakenWhereTheTransactionIsRolledBack() {
        Shop shop = new Shop(store.recorders, every(1));

        assertThatIllegalStateException()
                .isThrownBy(() -> shop.transactions().required(() -> {
                    shop.save(Basket.taken(ID));
                    throw new IllegalStateException("roll back");
                }));

        assertThat(versions()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatFailsFailsNeitherTheSaveNorWhoeverListens(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, every(1), Basket::restore, basket -> {
            throw new IllegalStateException("camera broken");
        });
        List<Object> heard = new ArrayList<>();
        shop.onRecorded(heard::addAll);
        Basket basket = Basket.taken(ID);

        try (Warnings warnings = new Warnings()) {
            shop.save(basket);

            assertThat(warnings.text())
                    .contains("No snapshot was taken of version 1 of " + ID + " in application Shop")
                    .contains("camera broken");
        }

        assertThat(heard).hasSize(1);
        assertThat(versions()).isEmpty();
        shop.save(basket.add("a"));
        assertThat(shop.baskets.get(ID).items).containsExactly("a");
    }

    @Test
    void whereTheStoreIsOutOfReachTheOthersOfTheSaveAreNotTried() {
        List<Long> tried = new ArrayList<>();
        Shop shop = new Shop(store.recorders, every(1), Basket::restore, basket -> {
            tried.add(basket.version());
            throw new PersistenceException("The pool had no connection free in time", null, true);
        });

        try (Warnings warnings = new Warnings()) {
            shop.save(Basket.taken(ID).add("a", "b"));

            assertThat(warnings.text()).contains("No snapshot was taken of version 1");
        }

        assertThat(tried).containsExactly(1L);
    }

    @Test
    void anIntervalOfNothingIsRefused() {
        for (long events : List.of(0L, -1L)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> every(events))
                    .withMessageContaining("every " + events);
        }
    }

    @Test
    void nothingIsTakenOfWhatAProjectorLeft() {
        Shop shop = new Shop(store.recorders, every(2));

        try (Warnings warnings = new Warnings()) {
            shop.save(NewEvents.first(ID, new Opened("Ann"), new Lost()));

            assertThat(warnings.text()).isEmpty();
        }

        assertThat(versions()).isEmpty();
        assertThat(shop.purses.find(ID)).isEmpty();
    }

    // Discardable.

    @ParameterizedTest
    @EnumSource
    void oneThatCannotBeReadIsSkipped(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, onRequest());
        shop.save(Basket.taken(ID).add("a", "b"));
        for (StoredEvent broken : List.of(
                new StoredEvent(ID, 1, "Basket.State", new byte[] {1, '{'}),
                new StoredEvent(ID, 2, "Basket.Former", new byte[] {1, '{', '}'}),
                new StoredEvent(ID, 3, "Basket.State", new byte[0]))) {
            snapshots().insertEvents(List.of(broken));

            try (Warnings warnings = new Warnings()) {
                assertThat(shop.baskets.get(ID).items).containsExactly("a", "b");

                assertThat(warnings.text())
                        .contains("The snapshot of version " + broken.originatorVersion() + " of " + ID
                                + " in application Shop is skipped, and the events are replayed");
            }
            long version = broken.originatorVersion();
            assertThatExceptionOfType(PersistenceException.class)
                    .isThrownBy(() -> shop.baskets.takeSnapshot(ID, version))
                    .withMessageContaining("stored already and cannot be read");
        }
    }

    @Test
    void oneOfANewerProgramIsSkipped() {
        Shop shop = new Shop(store.recorders, onRequest());
        shop.save(Basket.taken(ID).add("a"));
        String state = "{\"at\":\"2026-01-01T00:00:00Z\",\"v\":2,\"meta\":{\"createdOn\":\"2026-01-01T00:00:00Z\","
                + "\"modifiedOn\":\"2026-01-01T00:00:00Z\"},\"data\":{\"items\":[],\"others\":[\"a\"]}}";
        snapshots()
                .insertEvents(List.of(
                        new StoredEvent(ID, 2, "Basket.State", ("\u0001" + state).getBytes(StandardCharsets.UTF_8))));

        try (Warnings warnings = new Warnings()) {
            assertThat(shop.baskets.get(ID).items).containsExactly("a");

            assertThat(warnings.text()).contains("it was stored by a newer program");
        }
    }

    @Test
    void oneOfAnotherKindOfStateIsSkipped() {
        Shop shop = new Shop(store.recorders, onRequest());
        shop.save(NewEvents.first(ID, new Opened("Ann")));
        shop.purses.takeSnapshot(ID);

        try (Warnings warnings = new Warnings()) {
            assertThatExceptionOfType(WrongAggregateException.class).isThrownBy(() -> shop.baskets.get(ID));

            assertThat(warnings.text()).contains("it is not a " + Basket.State.class.getName());
        }
    }

    @Test
    void oneThatCannotBeRestoredIsSkipped() {
        Shop shop = new Shop(
                store.recorders,
                onRequest(),
                (basket, state) -> {
                    throw new IllegalStateException("does not fit");
                },
                Basket::state);
        shop.save(Basket.taken(ID).add("a"));
        shop.baskets.takeSnapshot(ID);

        try (Warnings warnings = new Warnings()) {
            assertThat(shop.baskets.get(ID).items).containsExactly("a");

            assertThat(warnings.text()).contains("does not fit");
        }
    }

    // Interruptions: a set flag would break the connection that is used next.

    @ParameterizedTest
    @EnumSource
    void anInterruptionWhileOneIsRestoredIsKeptUntilTheEventsAreRead(Store kind) {
        open(kind);
        Shop shop = new Shop(
                store.recorders,
                onRequest(),
                (basket, state) -> {
                    throw Sneaky.sneak(new InterruptedException());
                },
                Basket::state);
        shop.save(Basket.taken(ID).add("a"));
        shop.baskets.takeSnapshot(ID);

        Basket read = shop.baskets.get(ID);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(read.items).containsExactly("a");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptionWhileOneIsDueIsKeptUntilTheOthersAreTaken(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, every(1), Basket::restore, basket -> {
            if (basket.version() == 1) {
                throw Sneaky.sneak(new InterruptedException());
            }
            return basket.state();
        });

        shop.save(Basket.taken(ID).add("a", "b"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(versions()).containsExactly(2L, 3L);
    }

    @ParameterizedTest
    @EnumSource
    void oneOfAVersionThatIsNotRecordedIsSkipped(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, onRequest());
        shop.save(Basket.taken(ID).add("a", "b"));
        shop.baskets.takeSnapshot(ID);
        UUID restored = UUID.randomUUID();
        shop.save(Basket.taken(restored).add("c"));
        StoredEvent snapshot = snapshots().selectEvents(ID, VersionRange.all()).get(0);
        // As after a backup of the events was played back, and the table of snapshots was not.
        snapshots().insertEvents(List.of(new StoredEvent(restored, 3, snapshot.topic(), snapshot.state())));

        try (Warnings warnings = new Warnings()) {
            assertThat(shop.baskets.get(restored).items).containsExactly("c");

            assertThat(warnings.text()).contains("no event of that version is recorded");
        }
    }

    @Test
    void oneThatALaterEventIsRecordedBehindIsNoReasonToPassOverThat() {
        Shop shop = new Shop(store.recorders, onRequest());
        shop.save(Basket.taken(ID).add("a", "b"));
        shop.baskets.takeSnapshot(ID);
        UUID gapped = UUID.randomUUID();
        shop.save(Basket.taken(gapped).add("a"));
        shop.save(new DomainEvent<>(gapped, 4, Instant.now(), Map.of(), new Basket.Added("behind a gap")));
        StoredEvent snapshot = snapshots().selectEvents(ID, VersionRange.all()).get(0);
        snapshots().insertEvents(List.of(new StoredEvent(gapped, 3, snapshot.topic(), snapshot.state())));

        assertThatExceptionOfType(OriginatorVersionException.class).isThrownBy(() -> shop.baskets.get(gapped));
    }

    @Test
    void oneThatAnotherKindHasTheTypeOfIsNotMistaken() {
        Pets pets = new Pets(store.recorders);
        Cat cat = new Cat(ID);
        cat.meow();
        pets.save(cat);
        pets.cats.takeSnapshot(ID);

        assertThatExceptionOfType(WrongAggregateException.class)
                .isThrownBy(() -> pets.dogs.get(ID))
                .withMessageContaining("is not a Dog");
        assertThat(pets.cats.get(ID).version()).isEqualTo(1);
    }

    @Test
    void theTypeMayNotBeOneOfEvents() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new Confused(store.recorders))
                .withMessageContaining("Topic Basket.State is claimed by");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new ConfusedToo(store.recorders))
                .withMessageContaining("Topic Basket.State is claimed by");
    }

    private AggregateRecorder snapshots() {
        return store.recorders.snapshotRecorder("Shop");
    }

    private List<Long> versions() {
        return snapshots().selectEvents(ID, VersionRange.all()).stream()
                .map(StoredEvent::originatorVersion)
                .toList();
    }

    static final class Shop extends Application {
        final AggregateRepository<Basket> plain = repository(Basket.class, Basket::new);
        final AggregateRepository<Basket> baskets;
        final StateRepository<Purse> purses;

        Shop(RecorderFactory recorders, SnapshotInterval interval) {
            this(recorders, interval, Basket::restore, Basket::state);
        }

        Shop(
                RecorderFactory recorders,
                SnapshotInterval interval,
                BiConsumer<Basket, Basket.State> restore,
                Function<Basket, Basket.State> take) {
            super("Shop", recorders);
            baskets = repository(Basket.class, Basket::new).snapshots(Basket.State.class, take, restore, interval);
            purses = repository(Purse.class, Purse.Event.class, Purse.PROJECTOR).snapshots(interval);
        }
    }

    record Voiced(boolean loud) {}

    record Meowed() {}

    record Barked() {}

    static final class Cat extends Aggregate<Meowed> {
        Cat(UUID id) {
            super(id);
        }

        void meow() {
            trigger(new Meowed());
        }

        @Override
        protected void apply(Meowed event) {}
    }

    static final class Dog extends Aggregate<Barked> {
        Dog(UUID id) {
            super(id);
        }

        @Override
        protected void apply(Barked event) {}
    }

    private static final class Pets extends Application {
        final AggregateRepository<Cat> cats = repository(Cat.class, Cat::new)
                .snapshots(Voiced.class, cat -> new Voiced(false), (cat, state) -> {}, onRequest());
        final AggregateRepository<Dog> dogs = repository(Dog.class, Dog::new)
                .snapshots(Voiced.class, dog -> new Voiced(true), (dog, state) -> {}, onRequest());

        Pets(RecorderFactory recorders) {
            super("Pets", recorders);
        }
    }

    @Topic("Basket.State")
    record Claimed() {}

    /** The other way round. */
    private static final class ConfusedToo extends Application {
        ConfusedToo(RecorderFactory recorders) {
            super("Shop", recorders);
            repository(Purse.class, (before, event) -> null, Claimed.class);
            repository(Basket.class, Basket::new)
                    .snapshots(Basket.State.class, Basket::state, Basket::restore, onRequest());
        }
    }

    private static final class Confused extends Application {
        Confused(RecorderFactory recorders) {
            super("Shop", recorders);
            repository(Basket.class, Basket::new)
                    .snapshots(Basket.State.class, Basket::state, Basket::restore, onRequest());
            repository(Purse.class, (before, event) -> null, Claimed.class);
        }
    }
}
