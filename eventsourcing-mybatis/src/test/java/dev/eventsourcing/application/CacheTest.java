package dev.eventsourcing.application;

import static dev.eventsourcing.application.SnapshotInterval.onRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventsourcing.application.Purse.Filled;
import dev.eventsourcing.application.Purse.Lost;
import dev.eventsourcing.application.Purse.Opened;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Sneaky;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.TestDatabase;
import dev.eventsourcing.testsupport.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.TransactionIsolationLevel;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept in memory is never older than what is recorded, never what was not recorded, and nobody can change it. */
class CacheTest {
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

    @Test
    void isOffByDefault() {
        Shop shop = new Shop(store.recorders, 0);
        shop.save(Basket.taken(ID).add("a", "b"));

        shop.baskets.get(ID);
        shop.baskets.get(ID);

        assertThat(read()).containsExactly(3, 3);
    }

    @ParameterizedTest
    @EnumSource
    void readsOnlyWhatIsNewAndIsAdvancedByIt(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, 10);
        shop.save(Basket.taken(ID).add("a", "b"));
        shop.baskets.get(ID);
        new Shop(store.recorders, 0).save(shop.baskets.get(ID).add("c", "d"));
        read().clear();

        Basket first = shop.baskets.get(ID);
        Basket second = shop.baskets.get(ID);

        assertThat(read()).as("the last known event, and two after it").containsExactly(3, 1);
        assertThat(first.items).isEqualTo(second.items).containsExactly("a", "b", "c", "d");
        assertThat(second.version()).isEqualTo(5);
        assertThat(second.createdOn()).isEqualTo(shop.plain.get(ID).createdOn());
        assertThat(second.modifiedOn()).isEqualTo(shop.plain.get(ID).modifiedOn());
    }

    @ParameterizedTest
    @EnumSource
    void keepsImmutableStatesAsTheyAreAndAdvancesThem(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, 10);
        shop.save(NewEvents.first(ID, new Opened("Ann"), new Filled(1)));
        shop.purses.get(ID);
        shop.save(shop.purses.get(ID).then(new Filled(2)));
        shop.purses.get(ID);
        read().clear();

        assertThat(shop.purses.get(ID).state()).isSameAs(shop.purses.get(ID).state());

        assertThat(shop.purses.get(ID).state().coins()).isEqualTo(3);
        assertThat(read()).containsExactly(1, 1, 1);
    }

    @Test
    void nobodyChangesWhatIsKept() {
        Shop shop = new Shop(store.recorders, 10);
        shop.save(Basket.taken(ID).add("a"));
        Basket filling = shop.baskets.get(ID);
        filling.items.add("smuggled in");
        Basket hit = shop.baskets.get(ID);
        hit.items.add("smuggled in too");
        hit.add("not saved");

        assertThat(shop.baskets.get(ID).items).containsExactly("a");
    }

    @ParameterizedTest
    @EnumSource
    void holdsNothingOfATransactionThatWasRolledBack(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, 10);
        shop.save(Basket.taken(ID).add("a"));
        assertThatIllegalStateException()
                .isThrownBy(() -> shop.transactions().required(() -> {
                    shop.save(shop.baskets.get(ID).add("never"));
                    assertThat(shop.baskets.get(ID).items).containsExactly("a", "never");
                    throw new IllegalStateException("roll back");
                }));

        assertThat(shop.baskets.get(ID).items).containsExactly("a");
        shop.save(shop.baskets.get(ID).add("b"));
        assertThat(shop.baskets.get(ID).items).containsExactly("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void isFilledByATransactionOnceThatIsCommitted(Store kind) {
        open(kind);
        Shop shop = new Shop(store.recorders, 10);
        shop.transactions().required(() -> {
            shop.save(Basket.taken(ID).add("a"));
            shop.baskets.get(ID);
            read().clear();
            shop.baskets.get(ID);
            assertThat(read()).as("not yet in the cache").containsExactly(2);
        });
        read().clear();

        shop.baskets.get(ID);

        assertThat(read()).containsExactly(1);
    }

    @Test
    void isNotBelievedWhereAnotherEventIsRecorded() {
        try (TestDatabase database = H2Database.migrated()) {
            Shop shop = new Shop(MyBatisRecorders.over(database.dataSource()), 10);
            shop.save(Basket.taken(ID).add("a", "b"));
            shop.baskets.get(ID);
            // As after a backup was played back, and somebody went on from there.
            database.execute("DELETE FROM stored_events WHERE originator_version = 3");

            try (Warnings warnings = new Warnings()) {
                assertThat(shop.baskets.get(ID).items).containsExactly("a");
                shop.save(shop.baskets.get(ID).add("b"));
                assertThat(shop.baskets.get(ID).items).containsExactly("a", "b");

                assertThat(warnings.text()).contains("Version 3 of " + ID + " in application Shop is not recorded");
            }
            database.execute("DELETE FROM stored_events WHERE originator_version = 3");
            shop.save(shop.plain.get(ID).add("c"));
            assertThat(shop.baskets.get(ID).items).containsExactly("a", "c");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTransactionThatSeesLessIsNothingToWarnOf(boolean postgres) {
        try (TestDatabase database = postgres ? PostgresDatabase.migrated() : H2Database.migrated();
                Warnings warnings = new Warnings()) {
            SqlSessionFactory factory = new SqlSessionFactoryBuilder()
                    .build(new Configuration(
                            new Environment("users", new JdbcTransactionFactory(), database.dataSource())));
            MyBatisRecorders recorders = MyBatisRecorders.over(factory);
            Shop shop = new Shop(recorders, 10);
            shop.save(Basket.taken(ID));
            try (SqlSession session = factory.openSession(TransactionIsolationLevel.REPEATABLE_READ)) {
                recorders.within(session, () -> shop.baskets.get(ID));
                Concurrently.start(() -> {
                            shop.save(shop.baskets.get(ID).add("b"));
                            shop.baskets.get(ID);
                        })
                        .get();

                recorders.within(
                        session, () -> assertThat(shop.baskets.get(ID).items).isEmpty());
            }

            assertThat(shop.baskets.get(ID).items).containsExactly("b");
            assertThat(warnings.text()).isEmpty();
        }
    }

    @Test
    void whatCannotBeRestoredIsRead() {
        Fragile shop = new Fragile(store.recorders, Basket::state, (basket, state) -> {
            throw new IllegalStateException("does not fit");
        });
        shop.save(Basket.taken(ID).add("a"));

        try (Warnings warnings = new Warnings()) {
            for (int i = 0; i < 3; i++) {
                assertThat(shop.baskets.get(ID).items).containsExactly("a");
            }

            assertThat(warnings.text())
                    .contains("Version 2 of " + ID + " in application Shop cannot be restored from the cache")
                    .contains("does not fit");
        }
    }

    /** A set flag would break the connection. */
    @ParameterizedTest
    @EnumSource
    void anInterruptionWhileOneIsRestoredIsKeptUntilItIsRead(Store kind) {
        open(kind);
        Fragile shop = new Fragile(store.recorders, Basket::state, (basket, state) -> {
            throw Sneaky.sneak(new InterruptedException());
        });
        shop.save(Basket.taken(ID).add("a"));
        shop.baskets.get(ID);

        Basket read = shop.baskets.get(ID);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(read.items).containsExactly("a");
    }

    /** What was read is right all the same. */
    @Test
    void anInterruptionWhileOneIsKeptStaysWithTheThread() {
        Fragile shop = new Fragile(
                store.recorders,
                basket -> {
                    throw Sneaky.sneak(new InterruptedException());
                },
                Basket::restore);
        shop.save(Basket.taken(ID).add("a"));

        Basket read = shop.baskets.get(ID);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(read.items).containsExactly("a");
    }

    @Test
    void whatCannotBeKeptIsReadEachTime() {
        Fragile shop = new Fragile(
                store.recorders,
                basket -> {
                    throw new IllegalStateException("camera broken");
                },
                Basket::restore);
        shop.save(Basket.taken(ID).add("a"));

        try (Warnings warnings = new Warnings()) {
            assertThat(shop.baskets.get(ID).items).containsExactly("a");
            assertThat(shop.baskets.get(ID).items).containsExactly("a");

            assertThat(warnings.text())
                    .contains(ID + " in application Shop is not cached")
                    .contains("camera broken");
        }
    }

    @Test
    void whatAProjectorLeftIsNotKept() {
        Shop shop = new Shop(store.recorders, 10);
        shop.save(NewEvents.first(ID, new Opened("Ann")));
        shop.purses.get(ID);
        shop.save(shop.purses.get(ID).then(new Lost()));

        try (Warnings warnings = new Warnings()) {
            assertThat(shop.purses.find(ID)).isEmpty();
            shop.save(NewEvents.startingAt(3, ID, List.of(new Opened("Bob"))));
            assertThat(shop.purses.get(ID).state().owner()).isEqualTo("Bob");

            assertThat(warnings.text()).isEmpty();
        }
    }

    @Test
    void whatWasNotAskedForLongestGoes() {
        Shop shop = new Shop(store.recorders, 2);
        List<UUID> ids = List.of(new UUID(0, 1), new UUID(0, 2), new UUID(0, 3));
        ids.forEach(id -> shop.save(Basket.taken(id).add("a")));
        shop.baskets.get(ids.get(0));
        shop.baskets.get(ids.get(1));
        shop.baskets.get(ids.get(0));
        shop.baskets.get(ids.get(2));
        read().clear();

        shop.baskets.get(ids.get(0));
        shop.baskets.get(ids.get(2));
        shop.baskets.get(ids.get(1));

        assertThat(read()).containsExactly(1, 1, 2);
    }

    @Test
    void aVersionThatIsAskedForIsReadAndNotKept() {
        Shop shop = new Shop(store.recorders, 10);
        shop.save(Basket.taken(ID).add("a", "b"));

        assertThat(shop.baskets.get(ID, 2).items).containsExactly("a");

        assertThat(shop.baskets.get(ID).items).containsExactly("a", "b");
        assertThat(read()).containsExactly(2, 3);
    }

    @Test
    void isOnlyForWhatCanBeSharedSafely() {
        Shop shop = new Shop(store.recorders, 0);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> shop.plain.cached(5))
                .withMessageContaining("Declare snapshots(..) before cached(5)");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_000_001})
    void refusesASizeThatItCannotHave(int size) {
        Shop shop = new Shop(store.recorders, 0);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> shop.baskets.cached(size))
                .withMessageContaining("A cache of " + size);
    }

    @Test
    void isSwitchedOnAndOffBySettings() {
        System.setProperty("eventsourcing.Shop.cache", "5");
        try {
            Shop shop = new Shop(store.recorders, 0);
            shop.save(Basket.taken(ID).add("a"));
            shop.baskets.get(ID);
            shop.baskets.get(ID);
            shop.plain.get(ID);
            shop.plain.get(ID);
            assertThat(read()).as("those that can be, are cached").containsExactly(2, 1, 2, 2);
            System.setProperty("eventsourcing.Shop.cache", "0");
            Shop without = new Shop(store.recorders, 5);
            read().clear();
            without.baskets.get(ID);
            without.baskets.get(ID);
            assertThat(read()).containsExactly(2, 2);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> without.baskets.cached(-1))
                    .withMessageContaining("A cache of -1");
            System.setProperty("eventsourcing.Shop.cache", "many");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> new Shop(store.recorders, 5))
                    .withMessageContaining("eventsourcing.Shop.cache=many");
        } finally {
            System.clearProperty("eventsourcing.Shop.cache");
        }
    }

    @Test
    void snapshotsAreSwitchedOffAndGivenAnotherIntervalBySettings() {
        System.setProperty("eventsourcing.snapshots", "off");
        try {
            Shop off = new Shop(store.recorders, 0);
            off.save(Basket.taken(ID).add("a"));
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> off.baskets.takeSnapshot(ID))
                    .withMessageContaining("the setting snapshots is off");
            System.setProperty("eventsourcing.snapshots", "2");
            Shop everySecond = new Shop(store.recorders, 0);
            everySecond.save(everySecond.baskets.get(ID).add("b", "c"));
            read().clear();
            assertThat(everySecond.baskets.get(ID).items).containsExactly("a", "b", "c");
            assertThat(read()).as("from the snapshot at version 4").containsExactly(1);
            for (String wrong : List.of("0", "-1", "sometimes", "1.5", "9999999999999999999")) {
                System.setProperty("eventsourcing.snapshots", wrong);
                assertThatExceptionOfType(ConfigurationException.class)
                        .as(wrong)
                        .isThrownBy(() -> new Shop(store.recorders, 0))
                        .withMessageContaining("eventsourcing.snapshots=" + wrong)
                        .withMessageContaining("declared, off, on-request");
            }
        } finally {
            System.clearProperty("eventsourcing.snapshots");
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverGoesBackWhileOthersRecord(Store kind) throws Exception {
        open(kind);
        try (Store.Opened uncounted = kind.open()) {
            Shop shop = new Shop(uncounted.recorders.uncounted(), 10);
            shop.save(Basket.taken(ID));
            List<Runnable> work = new ArrayList<>();
            work.add(() -> {
                for (int i = 0; i < 200; i++) {
                    shop.save(shop.baskets.get(ID).add(Integer.toString(i)));
                    assertThat(shop.baskets.get(ID).items).hasSize(i + 1);
                }
            });
            for (int reader = 0; reader < 3; reader++) {
                work.add(() -> {
                    int seen = 0;
                    while (seen < 200) {
                        List<String> items = shop.baskets.get(ID).items;
                        assertThat(items).hasSizeGreaterThanOrEqualTo(seen).doesNotHaveDuplicates();
                        seen = items.size();
                    }
                });
            }

            work.stream().map(Concurrently::start).toList().forEach(Running::get);
        }
    }

    private List<Integer> read() {
        return store.recorders.of("Shop").read;
    }

    /** Its baskets cannot be made states, or states baskets again. */
    private static final class Fragile extends Application {
        final AggregateRepository<Basket> baskets;

        Fragile(
                RecorderFactory recorders,
                Function<Basket, Basket.State> take,
                BiConsumer<Basket, Basket.State> restore) {
            super("Shop", recorders);
            baskets = repository(Basket.class, Basket::new)
                    .snapshots(Basket.State.class, take, restore, onRequest())
                    .cached(10);
        }
    }

    static final class Shop extends Application {
        final AggregateRepository<Basket> plain = repository(Basket.class, Basket::new);
        final AggregateRepository<Basket> baskets;
        final StateRepository<Purse> purses;

        Shop(RecorderFactory recorders, int size) {
            super("Shop", recorders);
            baskets = repository(Basket.class, Basket::new)
                    .snapshots(Basket.State.class, Basket::state, Basket::restore, onRequest())
                    .cached(size);
            purses = repository(Purse.class, Purse.Event.class, Purse.PROJECTOR).cached(size);
        }
    }
}
