package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands around the JSON of a state: one format byte, which tells how the JSON was compressed and whether it was encrypted. Its
 * low three bits are the version of the format, 1; the next three the id of the compressor, 0 for none; then a bit that is set
 * if the state is encrypted, and the highest, which is 0. What is encrypted goes on as {@link StateCipher} says.
 *
 * <p>Immutable, and safe for use by several threads.
 */
final class Envelope {
    /** Does nothing to the JSON but put the format byte in front. */
    static final Envelope PLAIN = new Envelope(NoCompressor.INSTANCE, Map.of(), null);

    /** The format byte of JSON as it is. */
    static final byte PLAIN_JSON = 0x01;

    /** The most bytes that are compressed, and so that a compressed row can stand for. */
    static final int MAXIMUM_SIZE = 64 << 20;

    private static final int VERSION_AND_RESERVED_BITS = 0b1000_0111;
    private static final int COMPRESSOR_SHIFT = 3;
    private static final int ENCRYPTED = 0b0100_0000;

    private final Compressor compressor;
    private final Map<Integer, Compressor> ownCompressors;
    private final @Nullable CipherKeys keys;

    private Envelope(Compressor compressor, Map<Integer, Compressor> ownCompressors, @Nullable CipherKeys keys) {
        this.compressor = compressor;
        this.ownCompressors = ownCompressors;
        this.keys = keys;
    }

    Envelope compressed(Compressor next) {
        if (isSupplied(next)) {
            return new Envelope(next, ownCompressors, keys);
        }
        int id = next.id();
        if (id < Compressor.FIRST_OWN_ID || id > Compressor.LAST_ID) {
            throw new ConfigurationException("Compressor " + next + " has the id " + id + ". Give it one from "
                    + Compressor.FIRST_OWN_ID + " to " + Compressor.LAST_ID + "; those below are taken.");
        }
        Map<Integer, Compressor> all = new HashMap<>(ownCompressors);
        Compressor other = all.put(id, next);
        if (other != null && !other.equals(next)) {
            throw new ConfigurationException("Compressors " + other + " and " + next + " have the same id, " + id
                    + ". Give each one its own, or rows of one are read with the other.");
        }
        return new Envelope(next, Map.copyOf(all), keys);
    }

    private static boolean isSupplied(Compressor compressor) {
        return compressor instanceof NoCompressor
                || compressor instanceof DeflateCompressor
                || compressor instanceof ZstdCompressor;
    }

    Envelope encrypted(CipherKeys all) {
        return new Envelope(compressor, ownCompressors, all);
    }

    /** What differs from plain JSON, by the keys of settings. */
    Map<String, String> saidInCode() {
        Map<String, String> said = new HashMap<>();
        if (!(compressor instanceof NoCompressor)) {
            said.put(Settings.COMPRESSOR.key(), compressor.toString());
        }
        if (keys != null) {
            said.put(Settings.CIPHER_KEYS.key(), keys.toString());
        }
        return said;
    }

    /**
     * Makes what is stored.
     *
     * @param plain {@link #PLAIN_JSON}, and the JSON; the array may be changed and given back
     * @param place where it will be stored
     */
    byte[] seal(byte[] plain, StatePlace place) {
        byte[] state = compress(plain);
        if (keys == null || !encrypts()) {
            return state;
        }
        state[0] |= ENCRYPTED;
        return StateCipher.encrypt(state, keys.firstId(), keys.firstKey(), place);
    }

    private byte[] compress(byte[] plain) {
        if (compressor instanceof NoCompressor || plain.length - 1 > MAXIMUM_SIZE) {
            return plain;
        }
        byte[] compressed = compressor.compress(Arrays.copyOfRange(plain, 1, plain.length));
        if (compressed.length >= plain.length - 1) {
            return plain;
        }
        byte[] state = new byte[1 + compressed.length];
        state[0] = (byte) (PLAIN_JSON | compressor.id() << COMPRESSOR_SHIFT);
        System.arraycopy(compressed, 0, state, 1, compressed.length);
        return state;
    }

    /**
     * Finds the JSON in what is stored.
     *
     * @param place where it was found
     * @throws IllegalArgumentException if it is not readable
     */
    Json open(byte[] state, StatePlace place) {
        if (state.length == 0) {
            throw new IllegalArgumentException("it is empty");
        }
        if (state[0] == PLAIN_JSON) {
            return new Json(state, 1);
        }
        if ((state[0] & VERSION_AND_RESERVED_BITS) != PLAIN_JSON) {
            throw new IllegalArgumentException(
                    "it has format 0x%02x, which this version of the library does not know".formatted(state[0]));
        }
        Json content = (state[0] & ENCRYPTED) == 0 ? new Json(state, 1) : new Json(decrypt(state, place), 0);
        int compressorId = (state[0] & ~ENCRYPTED) >> COMPRESSOR_SHIFT;
        return compressorId == NoCompressor.ID ? content : new Json(decompress(compressorId, content), 0);
    }

    /** Whether what is written is encrypted. */
    boolean encrypts() {
        return keys != null && keys.encrypting();
    }

    /** Whether a state that could be opened was encrypted. */
    static boolean isEncrypted(byte[] state) {
        return (state[0] & ENCRYPTED) != 0;
    }

    private byte[] decrypt(byte[] state, StatePlace place) {
        int keyId = StateCipher.keyId(state);
        if (keys == null) {
            throw new IllegalArgumentException("it is encrypted with key " + keyId
                    + ", and no keys are given. Give it with StateFormat.encrypted, or in the setting cipher-keys");
        }
        return StateCipher.decrypt(
                state,
                keys.key(keyId)
                        .orElseThrow(() -> new IllegalArgumentException("it is encrypted with key " + keyId
                                + ", which is not among those given, " + keys.ids()
                                + ". Add it behind the first one, for reading")),
                place);
    }

    private byte[] decompress(int id, Json content) {
        byte[] compressed = Arrays.copyOfRange(content.bytes(), content.offset(), content.bytes().length);
        byte[] json;
        try {
            json = compressorOf(id).decompress(compressed, MAXIMUM_SIZE);
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("it is compressed by zstd: " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IllegalArgumentException(
                    "it does not decompress with " + compressorOf(id) + ": " + Thrown.message(e), e);
        }
        if (json.length > MAXIMUM_SIZE) {
            throw new IllegalArgumentException("it decompresses to " + json.length + " bytes, more than " + MAXIMUM_SIZE
                    + ". Compressor " + compressorOf(id) + " must stop there");
        }
        return json;
    }

    private Compressor compressorOf(int id) {
        return switch (id) {
            case DeflateCompressor.ID -> Compressor.deflate();
            case ZstdCompressor.ID -> Compressor.zstd();
            default -> {
                Compressor own = ownCompressors.get(id);
                if (own == null) {
                    throw new IllegalArgumentException(
                            "it is compressed by compressor " + id
                                    + ", which is not given. Give it with StateFormat.compressed, before the one that compresses now");
                }
                yield own;
            }
        };
    }

    /** Says what is done to states, and shows no key. */
    @Override
    public String toString() {
        return "compressor " + compressor + ", cipher " + (keys == null ? "none" : keys.toString());
    }

    /**
     * JSON in an array.
     *
     * @param bytes what holds it
     * @param offset where it begins; it ends with the array
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Json(byte[] bytes, int offset) {}
}
