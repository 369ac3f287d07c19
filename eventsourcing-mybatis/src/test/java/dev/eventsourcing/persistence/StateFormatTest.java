package dev.eventsourcing.persistence;

import static dev.eventsourcing.persistence.Talk.KEYS;
import static dev.eventsourcing.persistence.Talk.codec;
import static dev.eventsourcing.persistence.Talk.key;
import static dev.eventsourcing.persistence.Talk.said;
import static dev.eventsourcing.persistence.Talk.saidOften;
import static dev.eventsourcing.persistence.Talk.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to the JSON before it is stored, and that rows stay readable when that changes. */
class StateFormatTest {
    // Rows that were made with other programs (Python's zlib and cryptography, the zstd command), by what Envelope,
    // StateCipher and
    // StatePlace say. They must be read for ever: there are databases full of them.

    static List<Map.Entry<String, String>> pinned() {
        String often = "Sit" + "!".repeat(97);
        return List.of(
                Map.entry(
                        often,
                        "09789cab564a2c51b25232323032d33530d635300c3134b2323000223d53038328251da594c4924425ab6aa592d40a90"
                                + "cae0cc12455a03a5da5a0009671af4"),
                Map.entry(
                        often,
                        "1128b52ffd2498f5010044037b226174223a22323032362d30332d30315431323a30303a30302e3530305a222c226461"
                                + "7461223a7b2274657853697421227d7d02008d1bd266a9321afdf5a8"),
                Map.entry(
                        "Sit!",
                        "41106465666768696a6b6c6d6e6f61402fd1f9389ac8ab0c613db6f906dc01dc49cda899ed60c45f9fa28cc2add196de"
                                + "3645ff7905abf17a5323f5f6663df9ce7407bc243c55edb6b7df2d567f4cd318520f5c6f4e2c"),
                Map.entry(
                        "Sit!",
                        "41186465666768696a6b6c6d6e6f924ada0870952c0ae3e3d42ccac1b68eec0d6ff8c0b941d5b17366ff865ec2627676"
                                + "63fe2c74668a05b117d4547602d6423d472ca02fdf60054c6e62d7418222c89956e18eb50b15"),
                Map.entry(
                        "Sit!",
                        "41206465666768696a6b6c6d6e6f3339bf125bd374ac0e5069c5ea5647cd73963738b15cc34897e1827dcb93ff6ab8cb"
                                + "24a13873b93e86d10c5a8536e8f53908f19301683c55014bbac091fa2ecf3e6a359cef688e46"),
                Map.entry(
                        often,
                        "49206465666768696a6b6c6d6e6f3087753033c5072c6c506dd8e8b65fcd94f73606ba58414097d18e75a8a02660b1f4"
                                + "e5548880df215699ddad29485a05fb978aa27a49e4f2a0f1a5b1f57515f56aecf736f3a9d72855b3015794ee"),
                Map.entry(
                        often,
                        "51206465666768696a6b6c6d6e6f60aef19b5d71a39f3e265c93f8041edf78e0343ab95ade4294fc9c79af929772a4d9"
                                + "7af07c3cae34cda95a13df26abbb7a79a29c023e2450a998d8f7cdfcd8880801c0dcb0e2091f769a4565a3b051d76907"
                                + "07434e39c141b47505"));
    }

    @ParameterizedTest
    @MethodSource("pinned")
    void readsRowsOfEveryFormat(Map.Entry<String, String> row) {
        StoredEvent stored = stored(HexFormat.of().parseHex(row.getValue()));

        assertThat(codec(StateFormat.json().encrypted(KEYS)).decode(stored)).isEqualTo(said(row.getKey()));
    }

    // What is written, and read back.

    static List<StateFormat> formats() {
        List<StateFormat> formats = new ArrayList<>();
        for (Compressor compressor :
                List.of(Compressor.none(), Compressor.deflate(), Compressor.zstd(), new RunLengths(3))) {
            StateFormat compressed = StateFormat.json().compressed(compressor);
            formats.add(compressed);
            formats.add(compressed.encrypted(KEYS));
        }
        return formats;
    }

    @ParameterizedTest
    @MethodSource("formats")
    void readsWhatItWrote(StateFormat format) {
        for (String text : List.of("", "Sit!", "é€😀", "Sit! ".repeat(1_000), "x".repeat(3_000_000))) {
            StoredEvent stored = codec(format).encode(said(text));

            assertThat(codec(format).decode(stored)).isEqualTo(said(text));
        }
    }

    @Test
    void saysInTheFormatByteWhatWasDone() {
        byte[] plain = codec(StateFormat.json()).encode(saidOften()).state();

        assertThat(formats())
                .extracting(format -> (int) codec(format).encode(saidOften()).state()[0])
                .containsExactly(0x01, 0x41, 0x09, 0x49, 0x11, 0x51, 0x19, 0x59);
        assertThat(codec(StateFormat.json().compressed(Compressor.none()))
                        .encode(saidOften())
                        .state())
                .isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void storesAsItIsWhatCompressingDoesNotMakeSmaller(StateFormat format) {
        int notCompressed = codec(format).encode(said("Sit!")).state()[0] & 0b0011_1111;

        assertThat(notCompressed).isEqualTo(0x01);
    }

    @Test
    void everyCompressorMakesLongStatesSmaller() {
        int plain = codec(StateFormat.json()).encode(saidOften()).state().length;

        assertThat(formats().subList(2, 8))
                .allSatisfy(format ->
                        assertThat(codec(format).encode(saidOften()).state()).hasSizeLessThan(plain));
    }

    @Test
    void readsTheRowsOfEveryFormatInEveryOther() {
        for (StateFormat writing : formats()) {
            StoredEvent row = codec(writing).encode(saidOften());
            for (StateFormat reading : formats()) {
                StateFormat withKeys = reading.compressed(new RunLengths(3))
                        .compressed(Compressor.deflate())
                        .encrypted(KEYS);

                assertThat(codec(withKeys).decode(row))
                        .as("%s by %s", writing, reading)
                        .isEqualTo(saidOften());
            }
        }
    }

    // Compressors of the user's own.

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7})
    void takesCompressorsOfTheUsersOwn(int id) {
        EventCodec codec = codec(StateFormat.json().compressed(new RunLengths(id)));

        StoredEvent stored = codec.encode(said("x".repeat(100)));

        assertThat((stored.state()[0] >> 3)).isEqualTo(id);
        assertThat(codec.decode(stored)).isEqualTo(said("x".repeat(100)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 2, 8, 256})
    void refusesIdsThatAreNotTheUsersToGive(int id) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> StateFormat.json().compressed(new RunLengths(id)))
                .withMessageContaining("id " + id + ". Give it one from 3 to 7");
    }

    @Test
    void refusesTwoCompressorsOfOneId() {
        Compressor first = new RunLengths(3);
        StateFormat format = StateFormat.json().compressed(first).compressed(Compressor.none());

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> format.compressed(new Lying()))
                .withMessageContaining("have the same id, 3");
        assertThat(format.compressed(first)).isNotNull();
    }

    @Test
    void aRowOfACompressorThatIsNotGivenIsRefusedWithItsId() {
        StoredEvent row =
                codec(StateFormat.json().compressed(new RunLengths(5))).encode(said("x".repeat(100)));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(StateFormat.json()).decode(row))
                .withMessageContaining("compressor 5, which is not given")
                .withMessageContaining("StateFormat.compressed");
    }

    @Test
    void whatACompressorCannotGiveBackIsNotStored() {
        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(
                        () -> codec(StateFormat.json().compressed(new Lying())).encode(saidOften()))
                .withMessageContaining("not be read back")
                .withMessageContaining("version 7 of " + Talk.ID);
    }

    // Bombs, and what is as large.

    @ParameterizedTest
    @ValueSource(strings = {"deflate", "zstd"})
    void aBombIsDefusedBeforeItFillsTheMemory(String name) {
        Compressor compressor = name.equals("deflate") ? Compressor.deflate() : Compressor.zstd();
        byte[] bomb = compressor.compress(new byte[Envelope.MAXIMUM_SIZE + 1]);
        byte[] row = new byte[1 + bomb.length];
        row[0] = (byte) (0x01 | compressor.id() << 3);
        System.arraycopy(bomb, 0, row, 1, bomb.length);

        assertThat(row).hasSizeLessThan(100_000);
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(StateFormat.json()).decode(stored(row)))
                .withMessageContaining("more than " + Envelope.MAXIMUM_SIZE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deflate", "zstd"})
    void compressorsStopWhereTheyAreTold(String name) {
        Compressor compressor = name.equals("deflate") ? Compressor.deflate() : Compressor.zstd();
        byte[] compressed = compressor.compress(new byte[10_000]);

        assertThat(compressor.decompress(compressed, 10_000)).hasSize(10_000);
        for (int maximum : new int[] {0, 1, 300, 9_999}) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> compressor.decompress(compressed, maximum))
                    .withMessageContaining("more than " + maximum);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deflate", "zstd"})
    void theLargestDataThatAreCompressedAreReadAndNoneThatAreLarger(String name) {
        Compressor compressor = name.equals("deflate") ? Compressor.deflate() : Compressor.zstd();
        Envelope envelope = Envelope.PLAIN.compressed(compressor);
        StatePlace place = new StatePlace("Talk", Talk.ID, 7, "Said");
        byte[] largest = new byte[1 + Envelope.MAXIMUM_SIZE];
        byte[] larger = new byte[largest.length + 1];

        byte[] compressed = envelope.seal(largest, place);

        assertThat(compressed.length).isLessThan(100_000);
        assertThat(envelope.open(compressed, place).bytes().length).isEqualTo(Envelope.MAXIMUM_SIZE);
        assertThat(envelope.seal(larger, place) == larger).isTrue();
    }

    @Test
    void aCompressorOfTheUsersOwnThatDoesNotStopIsCalledOut() {
        StateFormat format = StateFormat.json().compressed(new Boundless());

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(format).decode(stored(new byte[] {0x19, 1})))
                .withMessageContaining("must stop there");
    }

    @Test
    void showsWhatItDoesAndNoKey() {
        StateFormat format = StateFormat.json().compressed(Compressor.zstd()).encrypted(CipherKeys.of(9, key(16)));

        assertThat(format).hasToString("JSON, compressor zstd, cipher keys [9]");
        assertThat(StateFormat.json()).hasToString("JSON, compressor none, cipher none");
    }

    /** A user's compressor: each run of a byte is its length and the byte; a checksum goes in front. */
    private record RunLengths(int id) implements Compressor {
        @Override
        public byte[] compress(byte[] data) {
            byte[] runs = new byte[2 * data.length + 1];
            runs[0] = checksum(data, data.length);
            int size = 1;
            for (int i = 0; i < data.length; ) {
                int from = i;
                while (i < data.length && data[i] == data[from] && i - from < 100) {
                    i++;
                }
                runs[size++] = (byte) (i - from);
                runs[size++] = data[from];
            }
            return Arrays.copyOf(runs, size);
        }

        @Override
        public byte[] decompress(byte[] compressed, int maximumSize) {
            byte[] data = new byte[100 * compressed.length];
            int size = 0;
            for (int i = 1; i + 1 < compressed.length; i += 2) {
                Arrays.fill(data, size, size + compressed[i], compressed[i + 1]);
                size += compressed[i];
            }
            if (size > maximumSize || checksum(data, size) != compressed[0]) {
                throw new IllegalArgumentException("it is no list of runs");
            }
            return Arrays.copyOf(data, size);
        }

        private static byte checksum(byte[] data, int size) {
            CRC32 checksum = new CRC32();
            checksum.update(data, 0, size);
            return (byte) checksum.getValue();
        }
    }

    private static final class Lying implements Compressor {
        @Override
        public int id() {
            return 3;
        }

        @Override
        public byte[] compress(byte[] data) {
            return new byte[1];
        }

        @Override
        public byte[] decompress(byte[] compressed, int maximumSize) {
            return new byte[1];
        }
    }

    private static final class Boundless implements Compressor {
        @Override
        public int id() {
            return 3;
        }

        @Override
        public byte[] compress(byte[] data) {
            return data;
        }

        @Override
        public byte[] decompress(byte[] compressed, int maximumSize) {
            return new byte[maximumSize + 1];
        }
    }
}
