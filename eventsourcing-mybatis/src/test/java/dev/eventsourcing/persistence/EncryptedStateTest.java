package dev.eventsourcing.persistence;

import static dev.eventsourcing.persistence.Talk.ID;
import static dev.eventsourcing.persistence.Talk.KEYS;
import static dev.eventsourcing.persistence.Talk.codec;
import static dev.eventsourcing.persistence.Talk.codecOf;
import static dev.eventsourcing.persistence.Talk.key;
import static dev.eventsourcing.persistence.Talk.said;
import static dev.eventsourcing.persistence.Talk.saidOften;
import static dev.eventsourcing.persistence.Talk.stored;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.Topic;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that were damaged, changed, moved or encrypted with another key: an error that says so, and never data. */
class EncryptedStateTest {
    private static final StateFormat ENCRYPTED = StateFormat.json().encrypted(KEYS);
    private static final String REFUSED =
            "the row was changed, or moved from another aggregate, version, topic or application, or the key with the id 32"
                    + " is not the one that it was encrypted with";

    static List<StateFormat> formats() {
        return List.of(
                StateFormat.json(),
                StateFormat.json().compressed(Compressor.deflate()),
                StateFormat.json().compressed(Compressor.zstd()),
                ENCRYPTED,
                ENCRYPTED.compressed(Compressor.deflate()),
                ENCRYPTED.compressed(Compressor.zstd()));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyBitOfTheHeaderCounts(StateFormat format) {
        StoredEvent row = codec(format).encode(saidOften());
        int header = (row.state()[0] & 0x40) == 0 ? 1 : 14;
        for (int bit = 0; bit < header * Byte.SIZE; bit++) {
            StoredEvent changed = stored(flipped(row.state(), bit));

            assertRefused(format, changed, "bit " + bit);
            assertRefused(StateFormat.json().encrypted(KEYS), changed, "bit " + bit);
        }
    }

    @Test
    void howAnEncryptedStateIsCompressedIsAuthenticated() {
        byte[] state = codec(ENCRYPTED).encode(saidOften()).state();
        for (int bit = 3; bit <= 5; bit++) {
            StoredEvent changed = stored(flipped(state, bit));

            assertThatExceptionOfType(EventDecodingException.class)
                    .isThrownBy(() -> codec(ENCRYPTED).decode(changed))
                    .withMessageContaining(REFUSED);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aStateThatIsCutOffAnywhereIsRefused(StateFormat format) {
        byte[] state = codec(format).encode(saidOften()).state();
        for (int length = 0; length < state.length; length++) {
            assertRefused(format, stored(Arrays.copyOf(state, length)), length + " bytes");
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatFollowsAStateIsRefused(StateFormat format) {
        byte[] state = codec(format).encode(saidOften()).state();

        assertRefused(format, stored(Arrays.copyOf(state, state.length + 1)), "one byte more");
    }

    @Test
    void everyBitOfAnEncryptedStateCounts() {
        for (StateFormat format : formats().subList(3, 6)) {
            byte[] state = codec(format).encode(saidOften()).state();
            for (int bit = 0; bit < state.length * Byte.SIZE; bit++) {
                assertRefused(format, stored(flipped(state, bit)), "bit " + bit);
            }
        }
    }

    @Test
    void noBitOfACompressedStateChangesTheData() {
        for (StateFormat format : formats().subList(1, 3)) {
            byte[] state = codec(format).encode(saidOften()).state();
            int refused = 0;
            for (int bit = Byte.SIZE; bit < state.length * Byte.SIZE; bit++) {
                try {
                    assertThat(codec(format).decode(stored(flipped(state, bit))))
                            .as("%s: bit %d", format, bit)
                            .isEqualTo(saidOften());
                } catch (EventDecodingException e) {
                    refused++;
                }
            }
            // A few bits of the formats have no meaning.
            assertThat(refused).isGreaterThan((state.length - 2) * Byte.SIZE);
        }
    }

    @Test
    void noDamageOfAnEncryptedStateGivesData() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        StateFormat format = ENCRYPTED.compressed(Compressor.zstd());
        EventCodec codec = codec(format);
        byte[] state = codec.encode(saidOften()).state();
        byte[] other = codec.encode(said("Stay! ".repeat(20))).state();
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged =
                    Arrays.copyOf(state, random.nextInt(4) == 0 ? random.nextInt(state.length * 2) : state.length);
            for (int changes = random.nextInt(5); changes >= 0 && damaged.length > 0; changes--) {
                int at = random.nextInt(damaged.length);
                // Bytes of another row of the same place are the likeliest to be taken for its own.
                damaged[at] = random.nextBoolean() && at < other.length ? other[at] : (byte) random.nextInt();
            }
            if (!Arrays.equals(damaged, state)) {
                assertRefused(format, stored(damaged), "seed " + seed + ", round " + round);
            }
        }
    }

    @Test
    void theMessageSaysWhatMayHaveHappened() {
        byte[] state = codec(ENCRYPTED).encode(saidOften()).state();

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(ENCRYPTED)
                        .decode(new Notification(42, stored(flipped(state, (state.length - 1) * Byte.SIZE)))))
                .withMessage("Cannot read version 7 of " + ID
                        + " in application Talk (topic Said, notification 42): the state"
                        + " does not decode: it does not decrypt: " + REFUSED)
                .satisfies(e -> {
                    assertThat(e.application()).isEqualTo("Talk");
                    assertThat(e.originatorId()).isEqualTo(ID);
                    assertThat(e.originatorVersion()).isEqualTo(7);
                    assertThat(e.topic()).isEqualTo("Said");
                    assertThat(e.notificationId()).hasValue(42);
                });
    }

    /** Messages end in logs, which the keys are to keep the state out of. */
    @Test
    void whatDoesNotFitTheTypeIsNamedByItsPlaceAndNotShown() {
        StoredEvent row = codec(ENCRYPTED).encode(said("4929-s3cret"));

        for (Class<?> type : List.of(SaidNumber.class, SaidTime.class)) {
            assertThatExceptionOfType(EventDecodingException.class)
                    .isThrownBy(() -> codec(ENCRYPTED, type).decode(row))
                    .withMessageContaining("in 'text' of " + type.getName())
                    .withMessageContaining("As it is encrypted, nothing of it is shown here")
                    .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("s3cret"));
        }
    }

    @Topic("Said")
    record SaidNumber(int text) {}

    @Topic("Said")
    record SaidTime(Instant text) {}

    // Rows that were moved.

    @Test
    void aRowThatWasMovedIsRefused() {
        byte[] state = codec(ENCRYPTED).encode(said("Sit!")).state();

        for (StoredEvent moved : List.of(
                new StoredEvent(UUID.fromString("11111111-2222-5333-8444-555555555556"), 7, "Said", state),
                new StoredEvent(ID, 8, "Said", state),
                new StoredEvent(ID, 7, "Shouted", state))) {
            assertThatExceptionOfType(EventDecodingException.class)
                    .as(moved.toString())
                    .isThrownBy(() -> codec(ENCRYPTED).decode(moved))
                    .withMessageContaining(REFUSED);
        }
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codecOf("Walk", ENCRYPTED, Talk.Said.class).decode(stored(state)))
                .withMessageContaining("application Walk")
                .withMessageContaining(REFUSED);
    }

    @Test
    void partsOfAPlaceDoNotFlowIntoEachOther() {
        byte[] header = {0x41, 1};

        Set<List<Byte>> distinct = new HashSet<>();
        for (StatePlace place : List.of(
                new StatePlace("Talk", ID, 7, "Said"),
                new StatePlace("TalkS", ID, 7, "aid"),
                new StatePlace("", ID, 7, "TalkSaid"),
                new StatePlace("TalkSaid", ID, 7, ""))) {
            distinct.add(bytes(place.associatedData(header, 2)));
        }

        assertThat(distinct).hasSize(4);
    }

    @Test
    void aRowOfAFormerTopicIsReadWhereItWasWritten() {
        // The topic that is stored counts, and not the one that the type has now.
        StatePlace place = new StatePlace("Talk", ID, 7, "Shouted");
        byte[] plain = codec(StateFormat.json()).encode(said("Sit!")).state();
        StoredEvent row = new StoredEvent(ID, 7, "Shouted", ENCRYPTED.envelope().seal(plain, place));

        assertThat(codec(ENCRYPTED).decode(row)).isEqualTo(said("Sit!"));
    }

    // Keys.

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void encryptsWithKeysOfEverySize(int bytes) {
        StateFormat format = StateFormat.json().encrypted(CipherKeys.of(1, key(bytes)));

        StoredEvent row = codec(format).encode(said("Secret"));

        assertThat(row.state())
                .hasSize(14
                        + Talk.json(codec(StateFormat.json()).encode(said("Secret")))
                                .length()
                        + 16);
        assertThat(new String(row.state(), ISO_8859_1)).doesNotContain("Secret", "text", "2026");
        assertThat(codec(format).decode(row)).isEqualTo(said("Secret"));
    }

    @Test
    void encryptsTheSameEventDifferentlyEachTime() {
        EventCodec codec = codec(ENCRYPTED);

        Set<List<Byte>> nonces = new HashSet<>();
        Set<List<Byte>> states = new HashSet<>();
        IntStream.range(0, 1_000).forEach(i -> {
            byte[] state = codec.encode(said("Sit!")).state();
            nonces.add(bytes(Arrays.copyOfRange(state, 2, 14)));
            states.add(bytes(state));
        });

        assertThat(nonces).hasSize(1_000);
        assertThat(states).hasSize(1_000);
    }

    @Test
    void anotherKeyOfTheSameIdIsRefused() {
        StateFormat first = StateFormat.json().encrypted(CipherKeys.of(32, key(32)));
        StateFormat second = StateFormat.json().encrypted(CipherKeys.of(32, new byte[32]));
        StoredEvent row = codec(first).encode(said("Sit!"));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(second).decode(row))
                .withMessageContaining(REFUSED);
    }

    @Test
    void aKeyThatIsNotGivenIsNamedByItsIdWithWhatToDo() {
        StoredEvent row =
                codec(StateFormat.json().encrypted(CipherKeys.of(200, key(16)))).encode(said("Sit!"));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(ENCRYPTED).decode(row))
                .withMessageContaining("encrypted with key 200, which is not among those given, [32, 24, 16]. Add it");
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(StateFormat.json()).decode(row))
                .withMessageContaining(
                        "encrypted with key 200, and no keys are given. Give it with StateFormat.encrypted");
    }

    @Test
    void oldRowsAreReadWhenKeysAreChangedAndWhenEncryptionEnds() {
        StateFormat plain = StateFormat.json();
        StateFormat old = plain.encrypted(CipherKeys.of(1, key(16)));
        StateFormat rotated = plain.encrypted(CipherKeys.of(2, key(32)).and(1, key(16)));
        StateFormat ended =
                plain.encrypted(CipherKeys.of(2, key(32)).and(1, key(16)).decryptingOnly());

        List<StoredEvent> rows = List.of(
                codec(plain).encode(said("Sit!")),
                codec(old).encode(said("Sit!")),
                codec(rotated).encode(said("Sit!")),
                codec(ended).encode(said("Sit!")));

        assertThat(rows).extracting(row -> (int) row.state()[0]).containsExactly(0x01, 0x41, 0x41, 0x01);
        assertThat(rows.subList(1, 3)).extracting(row -> (int) row.state()[1]).containsExactly(1, 2);
        assertThat(rows).allSatisfy(row -> {
            assertThat(codec(rotated).decode(row)).isEqualTo(said("Sit!"));
            assertThat(codec(ended).decode(row)).isEqualTo(said("Sit!"));
        });
    }

    @Test
    void isSafeForSeveralThreads() {
        EventCodec codec = codec(ENCRYPTED.compressed(Compressor.deflate()));

        List<Integer> wrong = IntStream.range(0, 2_000)
                .parallel()
                .filter(i -> !codec.decode(codec.encode(said("Sit! ".repeat(i % 50) + i)))
                        .equals(said("Sit! ".repeat(i % 50) + i)))
                .boxed()
                .toList();

        assertThat(wrong).isEmpty();
    }

    private static void assertRefused(StateFormat format, StoredEvent row, String description) {
        assertThatExceptionOfType(EventDecodingException.class)
                .as("%s: %s", format, description)
                .isThrownBy(() -> codec(format).decode(row));
    }

    private static byte[] flipped(byte[] state, int bit) {
        byte[] flipped = state.clone();
        flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return flipped;
    }

    private static List<Byte> bytes(byte[] bytes) {
        return IntStream.range(0, bytes.length).mapToObj(i -> bytes[i]).toList();
    }
}
