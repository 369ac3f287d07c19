package dev.eventsourcing.persistence;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts states with AES-GCM. An encrypted state is the format byte, the key's id, a nonce of 12 bytes, and the ciphertext, which
 * ends with a tag of 16 bytes. The first two are authenticated, and so is the state's place.
 */
final class StateCipher {
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int KEY_ID = 1;
    private static final int HEADER_SIZE = 2;
    private static final int NONCE_SIZE = 12;
    private static final int TAG_SIZE = 16;
    private static final int CIPHERTEXT = HEADER_SIZE + NONCE_SIZE;
    private static final SecureRandom RANDOM = new SecureRandom();

    private StateCipher() {}

    /**
     * Encrypts all but the first byte.
     *
     * @param state the format byte, and what is to be encrypted
     */
    static byte[] encrypt(byte[] state, int keyId, SecretKey key, StatePlace place) {
        byte[] nonce = new byte[NONCE_SIZE];
        RANDOM.nextBytes(nonce);
        byte[] encrypted = new byte[CIPHERTEXT + state.length - 1 + TAG_SIZE];
        encrypted[0] = state[0];
        encrypted[KEY_ID] = (byte) keyId;
        System.arraycopy(nonce, 0, encrypted, HEADER_SIZE, NONCE_SIZE);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, encrypted, key, place);
            cipher.doFinal(state, 1, state.length - 1, encrypted, CIPHERTEXT);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("This JDK cannot encrypt with " + TRANSFORMATION + ".", e);
        }
        return encrypted;
    }

    /**
     * The id of the key that a state was encrypted with.
     *
     * @throws IllegalArgumentException if the state is too short to be encrypted
     */
    static int keyId(byte[] encrypted) {
        if (encrypted.length < CIPHERTEXT + TAG_SIZE) {
            throw new IllegalArgumentException("it is encrypted, and cut off: it has " + encrypted.length + " bytes");
        }
        return Byte.toUnsignedInt(encrypted[KEY_ID]);
    }

    /**
     * Gives back what was encrypted, without the format byte.
     *
     * @throws IllegalArgumentException if it is not what was encrypted with that key for that place
     */
    static byte[] decrypt(byte[] encrypted, SecretKey key, StatePlace place) {
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, encrypted, key, place);
            return cipher.doFinal(encrypted, CIPHERTEXT, encrypted.length - CIPHERTEXT);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "it does not decrypt: the row was changed, or moved from another aggregate, version, topic or"
                            + " application, or the key with the id " + keyId(encrypted)
                            + " is not the one that it was encrypted with",
                    e);
        }
    }

    private static Cipher cipher(int mode, byte[] encrypted, SecretKey key, StatePlace place)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key, new GCMParameterSpec(TAG_SIZE * Byte.SIZE, encrypted, HEADER_SIZE, NONCE_SIZE));
        cipher.updateAAD(place.associatedData(encrypted, HEADER_SIZE));
        return cipher;
    }
}
