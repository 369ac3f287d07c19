package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventsourcing.application.Purse.Emptied;
import dev.eventsourcing.application.Purse.Filled;
import dev.eventsourcing.application.Purse.Inherited;
import dev.eventsourcing.application.Purse.Lost;
import dev.eventsourcing.application.Purse.Opened;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.OriginatorVersionException;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Store;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The immutable style: a projector makes states, commands return events. */
class StateRepositoryTest {
    private static final UUID ID = UUID.randomUUID();

    private Store.Opened store = Store.MEMORY.open();
    private Wardrobe wardrobe = new Wardrobe(store.recorders);

    private void open(Store kind) {
        store.close();
        store = kind.open();
        wardrobe = new Wardrobe(store.recorders);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void savesWhatCommandsReturnAndReadsTheStateAfterIt(Store kind) {
        open(kind);
        wardrobe.save(NewEvents.first(ID, new Opened("Ann")));
        Versioned<Purse> opened = wardrobe.purses.get(ID);

        wardrobe.save(opened.then(opened.state().fill(5)));
        Versioned<Purse> filled = wardrobe.purses.get(ID);
        List<Recording> swapped = wardrobe.save(filled.then(filled.state().swap(7)));

        assertThat(opened).isEqualTo(new Versioned<>(ID, 1, new Purse("Ann", 0, List.of())));
        assertThat(filled).isEqualTo(new Versioned<>(ID, 2, new Purse("Ann", 5, List.of("+5"))));
        assertThat(swapped)
                .<Object>extracting(recording -> recording.event().payload())
                .containsExactly(new Emptied(), new Filled(7));
        assertThat(wardrobe.purses.get(ID)).isEqualTo(new Versioned<>(ID, 4, new Purse("Ann", 7, List.of("+5", "+7"))));
        assertThat(wardrobe.purses.get(ID, 2)).isEqualTo(filled);
        assertThat(wardrobe.purses.get(ID, 99).version()).isEqualTo(4);
    }

    @Test
    void aCommandThatRefusesLeavesNoEvent() {
        wardrobe.save(NewEvents.first(ID, new Opened("Ann")));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> wardrobe.save(wardrobe.purses
                        .get(ID)
                        .then(wardrobe.purses.get(ID).state().fill(0))));

        assertThat(wardrobe.purses.get(ID).version()).isEqualTo(1);
        assertThat(wardrobe.save(wardrobe.purses.get(ID).then())).isEmpty();
    }

    @Test
    void hasSeveralKindsOfFirstEventsInNestedSealedTypes() {
        UUID other = UUID.randomUUID();

        wardrobe.save(NewEvents.first(ID, new Opened("Ann")), NewEvents.first(other, new Inherited("Bob", 9)));

        assertThat(wardrobe.purses.get(ID).state().coins()).isZero();
        assertThat(wardrobe.purses.get(other).state().coins()).isEqualTo(9);
    }

    @Test
    void whereTheProjectorLeavesNothingNothingIsFound() {
        wardrobe.save(NewEvents.first(ID, new Opened("Ann"), new Lost()));

        assertThat(wardrobe.purses.find(ID)).isEmpty();
        assertThat(wardrobe.purses.contains(ID)).isFalse();
        assertThat(wardrobe.purses.get(ID, 1).state().owner()).isEqualTo("Ann");
        assertThatExceptionOfType(AggregateNotFoundException.class).isThrownBy(() -> wardrobe.purses.get(ID));
    }

    @Test
    void anIdOfAnotherKindIsAnErrorOfItsOwn() {
        wardrobe.save(NewEvents.first(ID, new Opened("Ann")));

        assertThat(wardrobe.tickets.contains(ID)).isFalse();
        assertThatExceptionOfType(WrongAggregateException.class)
                .isThrownBy(() -> wardrobe.tickets.get(ID))
                .withMessageContaining("is not a Ticket");
    }

    @Test
    void takesEventTypesByHandAndAnotherInitialVersion() {
        wardrobe.save(NewEvents.startingAt(0, ID, List.of(new Numbered(7))));
        Versioned<Ticket> first = wardrobe.tickets.get(ID);
        wardrobe.save(first.then(new Numbered(8)));

        assertThat(first.version()).isZero();
        assertThat(wardrobe.tickets.snapshots(SnapshotInterval.onRequest()).get(ID, 0))
                .isEqualTo(first);
        assertThat(wardrobe.tickets.get(ID)).isEqualTo(new Versioned<>(ID, 1, new Ticket(8)));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> wardrobe.tickets.initialVersion(-1))
                .withMessageContaining("Initial version -1");
        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> wardrobe.save(NewEvents.startingAt(0, ID, List.of(new Numbered(9)))))
                .satisfies(e -> assertThat(e.alreadyExists()).isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void theSlowerOfTwoCommandsIsRefused(Store kind) {
        open(kind);
        wardrobe.save(NewEvents.first(ID, new Opened("Ann")));
        Versioned<Purse> read = wardrobe.purses.get(ID);
        wardrobe.save(read.then(new Filled(1)));

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> wardrobe.save(read.then(new Filled(2), new Filled(3))))
                .withMessageStartingWith("Version 2 of " + ID + " is already recorded")
                .satisfies(e -> assertThat(e.alreadyExists()).isFalse());
        assertThat(wardrobe.purses.get(ID).state().coins()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsAStateThatWasRolledBackIsRefused(Store kind) {
        open(kind);
        wardrobe.save(NewEvents.first(ID, new Opened("Ann")));
        List<Versioned<Purse>> seen = new java.util.ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> wardrobe.transactions().required(() -> {
                    wardrobe.save(wardrobe.purses.get(ID).then(new Filled(1)));
                    seen.add(wardrobe.purses.get(ID));
                    throw new IllegalStateException("roll back");
                }));

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> wardrobe.save(seen.get(0).then(new Filled(2))))
                .withMessageContaining("rolled back");
        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> wardrobe.save(
                        seen.get(0).then(new Filled(2)).at(Instant.EPOCH).withMetadata(Map.of("by", "hand"))))
                .withMessageContaining("rolled back");

        assertThat(wardrobe.purses.get(ID).version()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsAStateThatWasCommittedIsSaved(Store kind) {
        open(kind);
        List<Versioned<Purse>> seen = new java.util.ArrayList<>();
        wardrobe.transactions().required(() -> {
            wardrobe.save(NewEvents.first(ID, new Opened("Ann")));
            seen.add(wardrobe.purses.get(ID));
        });

        wardrobe.save(seen.get(0).then(new Filled(2)));

        assertThat(wardrobe.purses.get(ID).state().coins()).isEqualTo(2);
    }

    @Test
    void refusesAHistoryWithAGap() {
        wardrobe.save(NewEvents.first(ID, new Opened("Ann")));
        StoredEvent first = store.recorders
                .applicationRecorder("Wardrobe")
                .selectEvents(ID, VersionRange.all())
                .get(0);
        store.recorders
                .applicationRecorder("Wardrobe")
                .insertEvents(List.of(new StoredEvent(ID, 3, first.topic(), first.state())));

        assertThatExceptionOfType(OriginatorVersionException.class)
                .isThrownBy(() -> wardrobe.purses.get(ID))
                .satisfies(e -> assertThat(e.expected()).isEqualTo(2));
    }

    @Test
    void eventsMayHaveHappenedAtAGivenTime() {
        Instant then = Instant.parse("1999-12-31T23:59:59Z");

        List<Recording> recordings = wardrobe.save(
                NewEvents.first(ID, new Opened("Ann"), new Filled(1)).at(then));

        assertThat(recordings)
                .extracting(recording -> recording.event().timestamp())
                .containsOnly(then);
    }

    record Numbered(int number) {}

    record Ticket(int number) {}

    static final class Wardrobe extends Application {
        final Repository<Versioned<Purse>> purses = repository(Purse.class, Purse.Event.class, Purse::after);
        final StateRepository<Ticket> tickets = repository(
                        Ticket.class, (before, event) -> new Ticket(((Numbered) event).number()), Numbered.class)
                .initialVersion(0);

        Wardrobe(RecorderFactory recorders) {
            super("Wardrobe", recorders);
        }
    }
}
