package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES keys of 128, 192 or 256 bits, each under an id from 1 to 255, which stands in every row that the key has encrypted. The first
 * one encrypts; all of them decrypt. To change keys, put a new one in front and keep the old ones for as long as there are rows
 * of theirs. An id names one key for ever. Change a key before it has encrypted 4 billion events, as the random nonces could then
 * repeat. Immutable, and safe for use by several threads. Never shows a key.
 */
public final class CipherKeys {
    private static final int LAST_ID = 255;
    private static final Set<Integer> SIZES_IN_BITS = Set.of(128, 192, 256);
    private static final Pattern ENTRY = Pattern.compile("([0-9]{1,3}):(.*)");
    private static final String NONE = "none";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final boolean encrypting;
    private final Map<Integer, SecretKey> keys;

    private CipherKeys(boolean encrypting, Map<Integer, SecretKey> keys) {
        this.encrypting = encrypting;
        this.keys = Collections.unmodifiableMap(keys);
    }

    /**
     * One key, which encrypts.
     *
     * @param id from 1 to 255
     * @param key 16, 24 or 32 bytes; copied
     * @throws ConfigurationException if either is something else
     */
    public static CipherKeys of(int id, byte[] key) {
        return new CipherKeys(true, Map.of()).and(id, key);
    }

    /**
     * The same keys and one more, which decrypts.
     *
     * @param id from 1 to 255, and not among these
     * @param key 16, 24 or 32 bytes; copied
     * @throws ConfigurationException if either is something else
     */
    public CipherKeys and(int id, byte[] key) {
        if (id < 1 || id > LAST_ID) {
            throw new ConfigurationException("Cipher key id " + id + " is not a number from 1 to " + LAST_ID + ".");
        }
        if (!SIZES_IN_BITS.contains(key.length * Byte.SIZE)) {
            throw new ConfigurationException("Cipher key " + id + " has " + key.length
                    + " bytes. A key has 16, 24 or 32 bytes: make one with CipherKeys.newKey.");
        }
        Map<Integer, SecretKey> all = new LinkedHashMap<>(keys);
        if (all.putIfAbsent(id, new SecretKeySpec(key, "AES")) != null) {
            throw new ConfigurationException("Cipher key id " + id
                    + " is there twice. Give each key an id of its own, and never another key its id.");
        }
        return new CipherKeys(encrypting, all);
    }

    /** The same keys, none of which encrypts any more; for a log that is no longer to be encrypted. */
    public CipherKeys decryptingOnly() {
        return new CipherKeys(false, keys);
    }

    /**
     * Reads keys from a setting: {@code 2:key,1:key}, where a key is its base64 text and the first one encrypts. With {@code
     * none,} in front, as in {@code none,2:key,1:key}, none of them does.
     *
     * @throws ConfigurationException if the text is something else; the message says what is wrong, and shows nothing of the text
     */
    public static CipherKeys parse(String text) {
        String[] entries = text.split(",", -1);
        boolean encrypting = !entries[0].strip().equals(NONE);
        CipherKeys keys = new CipherKeys(encrypting, Map.of());
        for (int i = encrypting ? 0 : 1; i < entries.length; i++) {
            Matcher entry = ENTRY.matcher(entries[i].strip());
            if (!entry.matches()) {
                throw new ConfigurationException("Entry " + (i + 1) + " of the cipher keys is not an id from 1 to "
                        + LAST_ID + ", a colon and a key in base64. Write them as in 2:<new key>,1:<old key>.");
            }
            keys = keys.and(Integer.parseInt(entry.group(1)), decoded(entry.group(1), entry.group(2)));
        }
        if (keys.keys.isEmpty()) {
            throw new ConfigurationException(
                    "There is no cipher key after '" + NONE + ",'. Add the keys to decrypt with.");
        }
        return keys;
    }

    /** Leaves the decoder's error out, as it quotes what it was given. */
    @SuppressWarnings("UnusedException")
    private static byte[] decoded(String id, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("Cipher key " + id
                    + " is not base64 (of letters, digits, + and /). Make one with CipherKeys.newKey.");
        }
    }

    /**
     * Makes a new random key, as base64 text for {@link #parse} after its id and a colon.
     *
     * @param bits 128, 192 or 256
     * @throws ConfigurationException if it is another number
     */
    public static String newKey(int bits) {
        if (!SIZES_IN_BITS.contains(bits)) {
            throw new ConfigurationException("A cipher key cannot have " + bits + " bits. Choose 128, 192 or 256.");
        }
        byte[] key = new byte[bits / Byte.SIZE];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** Whether the first key encrypts what is written. */
    boolean encrypting() {
        return encrypting;
    }

    int firstId() {
        return keys.keySet().iterator().next();
    }

    SecretKey firstKey() {
        return keys.values().iterator().next();
    }

    /** The key of an id; empty if it is not among these. */
    Optional<SecretKey> key(int id) {
        return Optional.ofNullable(keys.get(id));
    }

    /** The ids, in the order in which the keys were given. */
    Set<Integer> ids() {
        return keys.keySet();
    }

    /** Names the keys by their ids, and shows none. */
    @Override
    public String toString() {
        return (encrypting ? "keys " : "decrypting only, keys ") + ids();
    }
}
