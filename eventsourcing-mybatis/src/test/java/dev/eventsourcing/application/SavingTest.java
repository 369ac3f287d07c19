package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventsourcing.application.Purse.Filled;
import dev.eventsourcing.application.Purse.Opened;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.UnusableAggregateException;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecordConflictException.Candidate;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates of both styles and bare events in one save; what a conflict says; the user's work in the same transaction. */
class SavingTest {
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
    void recordsAggregatesAndEventsInTheOrderOfTheArguments(Store kind) {
        open(kind);
        Basket basket = Basket.taken(new UUID(9, 9)).add("a");
        NewEvents purse = NewEvents.first(new UUID(1, 1), new Opened("Ann"), new Filled(2));
        DomainEvent<Filled> bare =
                new DomainEvent<>(new UUID(5, 5), 1, Instant.now(), Map.of("by", "hand"), new Filled(3));

        List<Recording> recordings = shop.save(basket, purse, bare);

        assertThat(recordings)
                .<Object>extracting(recording -> recording.event().payload())
                .containsExactly(
                        new Basket.Taken(), new Basket.Added("a"), new Opened("Ann"), new Filled(2), new Filled(3));
        assertThat(recordings)
                .extracting(recording -> recording.notification().id())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(shop.notificationLog().select(NotificationSelection.after(0)))
                .isEqualTo(recordings.stream().map(Recording::notification).toList());
        assertThat(shop.codec().decode(recordings.get(4).notification())).isEqualTo(bare);
    }

    @ParameterizedTest
    @EnumSource
    void aNewAggregateWhoseIdIsTakenExistsAlready(Store kind) {
        open(kind);
        UUID id = UUID.randomUUID();
        shop.save(Basket.taken(id));

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> shop.save(Basket.taken(id)))
                .withMessage("Aggregate " + id + " already exists in application Shop: its first version, 1, is"
                        + " recorded. Get it from its repository, or give the new one another id.")
                .satisfies(e -> assertThat(e.alreadyExists()).isTrue())
                .satisfies(e -> assertThat(e.candidates()).containsExactly(new Candidate(id, 1, true)));
    }

    @ParameterizedTest
    @EnumSource
    void anAggregateWithAnotherInitialVersionExistsAlreadyToo(Store kind) {
        open(kind);
        UUID id = UUID.randomUUID();
        Turn turn = new Turn(id, 5);
        assertThat(turn.version()).isEqualTo(4);
        turn.turn();
        shop.save(turn);
        assertThat(shop.turns.get(id).version()).isEqualTo(5);
        Turn twin = new Turn(id, 5);
        twin.turn();

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> shop.save(twin))
                .satisfies(e -> assertThat(e.alreadyExists()).isTrue())
                .satisfies(e -> assertThat(e.candidates()).containsExactly(new Candidate(id, 5, true)));
    }

    @ParameterizedTest
    @EnumSource
    void anotherVersionThanExpectedIsNoAggregateThatExists(Store kind) {
        open(kind);
        UUID id = UUID.randomUUID();
        shop.save(Basket.taken(id));
        Basket slower = shop.baskets.get(id);
        shop.save(shop.baskets.get(id).add("faster"));

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> shop.save(slower.add("slower", "and more")))
                .withMessage(
                        "Version 2 of " + id + " is already recorded in application Shop: another writer was faster."
                                + " Get the aggregate again and repeat the command.")
                .satisfies(e -> assertThat(e.alreadyExists()).isFalse())
                .satisfies(e -> assertThat(e.candidates()).containsExactly(new Candidate(id, 2, false)));
    }

    @ParameterizedTest
    @EnumSource
    void ofSeveralAggregatesEachIsNamedOnce(Store kind) {
        open(kind);
        UUID existing = UUID.randomUUID();
        shop.save(Basket.taken(existing));
        Basket slower = shop.baskets.get(existing);
        shop.save(shop.baskets.get(existing).add("faster"));
        Basket innocent = Basket.taken(UUID.randomUUID()).add("a", "b");

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> shop.save(innocent, slower.add("slower", "and more")))
                .withMessage("One of these is already recorded in application Shop: version 1 of " + innocent.id()
                        + " (new), version 2 of " + existing
                        + ". Another writer was faster: get the aggregates again and repeat the command."
                        + " If a new one exists already, which its repository tells, repeating is of no use.")
                .satisfies(e -> assertThat(e.candidates())
                        .containsExactly(new Candidate(innocent.id(), 1, true), new Candidate(existing, 2, false)));

        assertThat(shop.baskets.contains(innocent.id())).isFalse();
        assertThatExceptionOfType(UnusableAggregateException.class).isThrownBy(() -> innocent.add("c"));
    }

    @Test
    void whatIsSavedTwiceIsAConflictAndNoRepetition() {
        NewEvents purse = NewEvents.first(UUID.randomUUID(), new Opened("Ann"));
        shop.save(purse);

        assertThatExceptionOfType(RecordConflictException.class).isThrownBy(() -> shop.save(purse));
    }

    @ParameterizedTest
    @EnumSource
    void theSameEventsTwiceInOneSaveAreNothingThatExistsAlready(Store kind) {
        open(kind);
        NewEvents purse = NewEvents.first(UUID.randomUUID(), new Opened("Ann"));

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> shop.save(purse, purse))
                .withMessageContaining("Version 1 of " + purse.originatorId() + " is in one save of application Shop")
                .satisfies(e -> assertThat(e.alreadyExists()).isFalse());

        assertThat(shop.save(purse)).hasSize(1);
    }

    @Test
    void ofSeveralEventsOfOneOriginatorTheLowestIsTheCandidate() {
        UUID id = UUID.randomUUID();
        shop.save(NewEvents.first(id, new Opened("Ann")));
        DomainEvent<Opened> first = new DomainEvent<>(id, 1, Instant.now(), Map.of(), new Opened("Bob"));
        DomainEvent<Filled> second = new DomainEvent<>(id, 2, Instant.now(), Map.of(), new Filled(1));

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> shop.save(second, first))
                .satisfies(e -> assertThat(e.candidates()).containsExactly(new Candidate(id, 1, true)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theUsersRowsAreWrittenInTheSameTransaction(boolean postgres) {
        try (TestDatabase database = postgres ? PostgresDatabase.migrated() : H2Database.migrated()) {
            database.execute("CREATE TABLE items (notification_id BIGINT PRIMARY KEY, item VARCHAR(20))");
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), Items.class);
            Shop indexed = new Shop(recorders);
            Items items = recorders.mapper(Items.class);
            Basket basket = Basket.taken(UUID.randomUUID()).add("apple");

            indexed.transactions().required(() -> {
                Recording added = indexed.save(basket).get(1);
                items.insert(added.notification().id(), "apple");
            });
            assertThatIllegalStateException()
                    .isThrownBy(() -> indexed.transactions().required(() -> {
                        items.insert(-1, "pear");
                        indexed.save(indexed.baskets.get(basket.id()).add("pear"));
                        throw new IllegalStateException("roll back");
                    }));

            assertThat(items.all()).containsExactly("apple");
            assertThat(indexed.baskets.get(basket.id()).items).containsExactly("apple");
        }
    }

    /** A table of the user's. */
    public interface Items {
        @Insert("INSERT INTO items (notification_id, item) VALUES (#{id}, #{item})")
        void insert(@Param("id") long id, @Param("item") String item);

        @Select("SELECT item FROM items")
        List<String> all();
    }

    sealed interface Turned {}

    record Left() implements Turned {}

    static final class Turn extends Aggregate<Turned> {
        Turn(UUID id, long initialVersion) {
            super(id, initialVersion);
        }

        void turn() {
            trigger(new Left());
        }

        @Override
        protected void apply(Turned event) {}
    }

    static final class Shop extends Application {
        final Repository<Basket> baskets = repository(Basket.class, Basket::new);
        final Repository<Turn> turns = repository(Turn.class, id -> new Turn(id, 5));

        Shop(RecorderFactory recorders) {
            super("Shop", recorders);
            repository(Purse.class, Purse.Event.class, Purse.PROJECTOR);
        }
    }
}
