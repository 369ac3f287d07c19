package dev.eventsourcing.persistence.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every recorder promises, that of snapshots included. */
public abstract class AggregateRecorderContract {
    protected static final UUID DOG = UUID.fromString("00000000-0000-4000-8000-00000000d061");
    protected static final UUID CAT = UUID.fromString("ffffffff-ffff-4fff-bfff-0000000000ca");
    protected static final String APPLICATION = "TrainingSchool";

    protected Store store;

    /** A store with nothing in it. */
    protected abstract Store newStore();

    /** The recorder under test. */
    protected abstract AggregateRecorder recorder(RecorderFactory recorders, String application);

    @BeforeEach
    void openStore() {
        store = newStore();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    protected final RecorderFactory recorders() {
        return store.recorders();
    }

    protected final Transactions transactions() {
        return recorders().transactions();
    }

    private AggregateRecorder recorder() {
        return recorder(recorders(), APPLICATION);
    }

    protected static StoredEvent event(UUID originatorId, long version) {
        return event(originatorId, version, "Dog.TrickAdded");
    }

    protected static StoredEvent event(UUID originatorId, long version, String topic) {
        return new StoredEvent(originatorId, version, topic, (topic + " " + version).getBytes(StandardCharsets.UTF_8));
    }

    protected static List<StoredEvent> events(UUID originatorId, long first, long last) {
        List<StoredEvent> events = new ArrayList<>();
        for (long version = first; version <= last; version++) {
            events.add(event(originatorId, version));
        }
        return events;
    }

    @Test
    void givesBackWhatWasInserted() {
        recorder().insertEvents(List.of(event(DOG, 1, "Dog.Registered"), event(DOG, 2), event(DOG, 3)));

        List<StoredEvent> read = recorder().selectEvents(DOG, VersionRange.all());

        assertThat(read).containsExactly(event(DOG, 1, "Dog.Registered"), event(DOG, 2), event(DOG, 3));
    }

    @Test
    void hasNoEventsOfAnUnknownOriginator() {
        recorder().insertEvents(events(DOG, 1, 3));

        List<StoredEvent> read = recorder().selectEvents(CAT, VersionRange.all());

        assertThat(read).isEmpty();
    }

    @Test
    void insertsNothingWhenGivenNothing() {
        List<Long> ids = recorder().insertEvents(List.of());

        assertThat(ids).isEmpty();
    }

    @Test
    void keepsOriginatorsApart() {
        recorder().insertEvents(List.of(event(DOG, 1), event(CAT, 1, "Cat.Registered"), event(DOG, 2), event(CAT, 2)));

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).containsExactly(event(DOG, 1), event(DOG, 2));
        assertThat(recorder().selectEvents(CAT, VersionRange.all()))
                .containsExactly(event(CAT, 1, "Cat.Registered"), event(CAT, 2));
    }

    @Test
    void keepsApplicationsApart() {
        recorder().insertEvents(events(DOG, 1, 3));
        recorder(recorders(), "Kennel").insertEvents(events(DOG, 1, 1));

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).hasSize(3);
        assertThat(recorder(recorders(), "Kennel").selectEvents(DOG, VersionRange.all()))
                .hasSize(1);
        assertThat(recorder(recorders(), "trainingschool").selectEvents(DOG, VersionRange.all()))
                .isEmpty();
    }

    @Test
    void keepsSnapshotsApartFromEvents() {
        recorders().snapshotRecorder(APPLICATION).insertEvents(events(DOG, 1, 1));
        recorders().applicationRecorder(APPLICATION).insertEvents(events(DOG, 1, 2));

        assertThat(recorders().snapshotRecorder(APPLICATION).selectEvents(DOG, VersionRange.all()))
                .hasSize(1);
        assertThat(recorders().applicationRecorder(APPLICATION).selectEvents(DOG, VersionRange.all()))
                .hasSize(2);
    }

    @Test
    void readsInOrderOfVersionWhateverTheOrderOfInsertion() {
        recorder().insertEvents(List.of(event(DOG, 3), event(DOG, 1)));
        recorder().insertEvents(List.of(event(DOG, 2)));

        List<StoredEvent> read = recorder().selectEvents(DOG, VersionRange.all());

        assertThat(read).extracting(StoredEvent::originatorVersion).containsExactly(1L, 2L, 3L);
    }

    @Test
    void acceptsVersionZero() {
        recorder().insertEvents(List.of(event(DOG, 0), event(DOG, 1)));

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).containsExactly(event(DOG, 0), event(DOG, 1));
        assertThat(recorder().selectEvents(DOG, VersionRange.after(0))).containsExactly(event(DOG, 1));
    }

    @Test
    void acceptsTheHighestVersion() {
        recorder().insertEvents(List.of(event(DOG, Long.MAX_VALUE)));

        List<StoredEvent> read = recorder().selectEvents(DOG, VersionRange.all());

        assertThat(read).containsExactly(event(DOG, Long.MAX_VALUE));
    }

    @Test
    void readsARangeThatIsOpenBelowAndClosedAbove() {
        recorder().insertEvents(events(DOG, 1, 9));

        assertThat(versions(VersionRange.after(7))).containsExactly(8L, 9L);
        assertThat(versions(VersionRange.all().upTo(2))).containsExactly(1L, 2L);
        assertThat(versions(VersionRange.after(2).upTo(4))).containsExactly(3L, 4L);
        assertThat(versions(VersionRange.after(4).upTo(4))).isEmpty();
        assertThat(versions(VersionRange.after(5).upTo(4))).isEmpty();
        assertThat(versions(VersionRange.after(9))).isEmpty();
    }

    @Test
    void readsTheHighestVersionFirstWhenAsked() {
        recorder().insertEvents(events(DOG, 1, 4));

        assertThat(versions(VersionRange.all().highestFirst())).containsExactly(4L, 3L, 2L, 1L);
        assertThat(versions(VersionRange.after(1).upTo(3).highestFirst())).containsExactly(3L, 2L);
        assertThat(versions(VersionRange.all().highestFirst().limit(1))).containsExactly(4L);
    }

    @Test
    void readsNoMoreThanTheLimit() {
        recorder().insertEvents(events(DOG, 1, 4));

        assertThat(versions(VersionRange.all().limit(2))).containsExactly(1L, 2L);
        assertThat(versions(VersionRange.after(1).limit(1))).containsExactly(2L);
        assertThat(versions(VersionRange.all().limit(9))).hasSize(4);
    }

    @Test
    void readsNothingWhenTheLimitIsZero() {
        recorder().insertEvents(events(DOG, 1, 4));

        assertThat(versions(VersionRange.all().limit(0))).isEmpty();
    }

    private List<Long> versions(VersionRange range) {
        return recorder().selectEvents(DOG, range).stream()
                .map(StoredEvent::originatorVersion)
                .toList();
    }

    @Test
    void refusesAVersionThatIsAlreadyRecorded() {
        recorder().insertEvents(events(DOG, 1, 2));

        assertThatThrownBy(() -> recorder().insertEvents(List.of(event(DOG, 2, "Dog.Renamed"))))
                .isInstanceOf(RecordConflictException.class)
                .hasMessageContainingAll(APPLICATION, DOG.toString(), "ersion 2");
        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 1, 2));
    }

    @Test
    void storesNothingOfAnInsertThatMeetsAConflict() {
        recorder().insertEvents(events(DOG, 1, 2));

        assertThatThrownBy(() ->
                        recorder().insertEvents(List.of(event(CAT, 1), event(DOG, 3), event(DOG, 2), event(CAT, 2))))
                .isInstanceOf(RecordConflictException.class);

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 1, 2));
        assertThat(recorder().selectEvents(CAT, VersionRange.all())).isEmpty();
    }

    @Test
    void refusesAVersionThatComesTwiceInOneInsert() {
        assertThatThrownBy(() -> recorder().insertEvents(List.of(event(DOG, 1), event(CAT, 1), event(DOG, 1))))
                .isInstanceOf(RecordConflictException.class);

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEmpty();
        assertThat(recorder().selectEvents(CAT, VersionRange.all())).isEmpty();
    }

    @Test
    void goesOnAfterAConflict() {
        recorder().insertEvents(events(DOG, 1, 1));
        assertThatThrownBy(() -> recorder().insertEvents(events(DOG, 1, 1)))
                .isInstanceOf(RecordConflictException.class);

        recorder().insertEvents(events(DOG, 2, 2));

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 1, 2));
    }

    @Test
    void refusesTheSameInsertTwiceInOneTransaction() {
        transactions().required(() -> {
            recorder().insertEvents(events(DOG, 1, 2));

            assertThatThrownBy(() -> recorder().insertEvents(events(DOG, 1, 2)))
                    .isInstanceOf(RecordConflictException.class);
        });

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 1, 2));
    }

    @Test
    void undoesOnlyTheInsertThatMeetsAConflictInATransaction() {
        recorder().insertEvents(events(DOG, 1, 1));

        transactions().required(() -> {
            recorder().insertEvents(events(CAT, 1, 1));
            assertThatThrownBy(() -> recorder().insertEvents(List.of(event(CAT, 2), event(DOG, 1))))
                    .isInstanceOf(RecordConflictException.class);
            recorder().insertEvents(events(DOG, 2, 2));
        });

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 1, 2));
        assertThat(recorder().selectEvents(CAT, VersionRange.all())).isEqualTo(events(CAT, 1, 1));
    }

    @Test
    void keepsNothingOfATransactionThatThrows() {
        recorder().insertEvents(events(DOG, 1, 1));

        assertThatThrownBy(() -> transactions().required(() -> {
                    recorder().insertEvents(events(DOG, 2, 3));
                    recorder().insertEvents(events(CAT, 1, 1));
                    throw new IllegalStateException("the user's own");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the user's own");

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 1, 1));
        assertThat(recorder().selectEvents(CAT, VersionRange.all())).isEmpty();
    }

    @Test
    void readsItsOwnWritesInATransaction() {
        List<StoredEvent> read = transactions().required(() -> {
            recorder().insertEvents(events(DOG, 1, 2));
            return recorder().selectEvents(DOG, VersionRange.all());
        });

        assertThat(read).isEqualTo(events(DOG, 1, 2));
    }

    @Test
    void seesInATransactionWhatAnotherHasCommittedSinceTheLastRead() {
        recorder().insertEvents(events(DOG, 1, 1));

        transactions().required(() -> {
            recorder().selectEvents(DOG, VersionRange.all());
            Running<List<Long>> other = Concurrently.start(() -> recorder().insertEvents(events(DOG, 2, 2)));
            // Where transactions exclude each other, the other one waits, and there is nothing to see.
            other.awaitDoneOr(store::isWaiting);
            boolean committed = other.isDone();
            List<StoredEvent> second = recorder().selectEvents(DOG, VersionRange.all());

            assertThat(second).isEqualTo(events(DOG, 1, committed ? 2 : 1));
        });
    }

    @Test
    void givesStateBackByteForByte() {
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        byte[] mebibyte = new byte[1 << 20];
        new Random(20_261_123).nextBytes(mebibyte);
        List<StoredEvent> states = List.of(
                new StoredEvent(DOG, 1, "Empty", new byte[0]),
                new StoredEvent(DOG, 2, "EveryByte", everyByte),
                new StoredEvent(DOG, 3, "Mebibyte", mebibyte),
                new StoredEvent(DOG, 4, "Zero", new byte[] {0}));

        recorder().insertEvents(states);
        recorder().insertEvents(List.of(new StoredEvent(CAT, 1, "Empty", new byte[0])));

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(states);
        assertThat(recorder().selectEvents(CAT, VersionRange.all()).get(0).state())
                .isEmpty();
    }

    @Test
    void givesTopicsBackWhateverTheirLettersAndLength() {
        List<StoredEvent> topics = List.of(
                event(DOG, 1, "Hündin.Trick_gelernt"),
                event(DOG, 2, "犬。{\"芸\",NULL}\\"),
                event(DOG, 3, "NULL"),
                event(DOG, 4, "x".repeat(5_000)),
                event(DOG, 5, ""));

        recorder().insertEvents(topics);

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(topics);
    }

    @Test
    void acceptsApplicationNamesOfTheGreatestLength() {
        String letters = "Z".repeat(ApplicationName.MAX_LENGTH);
        String umlauts = "ß".repeat(ApplicationName.MAX_LENGTH);
        String kanji = "犬".repeat(ApplicationName.MAX_LENGTH);

        for (String name : List.of(letters, umlauts, kanji)) {
            recorder(recorders(), name).insertEvents(events(DOG, 1, 1));

            assertThat(recorder(recorders(), name).selectEvents(DOG, VersionRange.all()))
                    .hasSize(1);
        }
    }

    @Test
    void refusesApplicationNamesThatAreTooLongBeforeAnythingIsStored() {
        String name = "Z".repeat(ApplicationName.MAX_LENGTH + 1);

        assertThatThrownBy(() -> recorder(recorders(), name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("129", "128");
    }

    @Test
    void refusesApplicationNamesThatAreNone() {
        for (String name : List.of("", " ", "a b", "a'b", ".a", "a\nb")) {
            assertThatThrownBy(() -> recorder(recorders(), name)).isInstanceOf(ConfigurationException.class);
        }
    }
}
