package dev.eventsourcing.persistence;

import static dev.eventsourcing.persistence.Talk.codec;
import static dev.eventsourcing.persistence.Talk.key;
import static dev.eventsourcing.persistence.Talk.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CipherKeysTest {
    private static final String KEY = Base64.getEncoder().encodeToString(key(16));
    private static final String OTHER = Base64.getEncoder().encodeToString(key(32));

    @Test
    void readsKeysOfASettingOfWhichTheFirstEncrypts() {
        StateFormat parsed = StateFormat.json().encrypted(CipherKeys.parse("2:" + OTHER + ", 1:" + KEY));
        StateFormat made =
                StateFormat.json().encrypted(CipherKeys.of(2, key(32)).and(1, key(16)));

        StoredEvent row = codec(parsed).encode(said("Sit!"));

        assertThat(row.state()[1]).isEqualTo((byte) 2);
        assertThat(codec(made).decode(row)).isEqualTo(said("Sit!"));
    }

    @Test
    void noneInFrontEndsEncryptingAndStillDecrypts() {
        StoredEvent row = codec(StateFormat.json().encrypted(CipherKeys.parse("1:" + KEY)))
                .encode(said("Sit!"));

        EventCodec ended = codec(StateFormat.json().encrypted(CipherKeys.parse("none,1:" + KEY)));

        assertThat(ended.decode(row)).isEqualTo(said("Sit!"));
        assertThat(ended.encode(said("Sit!")).state()[0]).isEqualTo((byte) 0x01);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 192, 256})
    void makesNewKeysThatCanBeGiven(int bits) {
        String key = CipherKeys.newKey(bits);

        assertThat(Base64.getDecoder().decode(key)).hasSize(bits / 8);
        assertThat(CipherKeys.newKey(bits)).isNotEqualTo(key);
        assertThat(CipherKeys.parse("1:" + key).ids()).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 127, 512, -128})
    void makesNoKeysOfOtherSizes(int bits) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> CipherKeys.newKey(bits))
                .withMessageContaining(bits + " bits")
                .withMessageContaining("128, 192 or 256");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 31, 33, 64})
    void refusesKeysOfOtherSizes(int bytes) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> CipherKeys.of(7, new byte[bytes]))
                .withMessage("Cipher key 7 has " + bytes
                        + " bytes. A key has 16, 24 or 32 bytes: make one with CipherKeys.newKey.");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 256})
    void refusesIdsThatAreNoByte(int id) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> CipherKeys.of(id, key(16)))
                .withMessage("Cipher key id " + id + " is not a number from 1 to 255.");
    }

    @Test
    void refusesAnIdThatIsThereTwice() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> CipherKeys.of(1, key(16)).and(1, key(16)))
                .withMessageContaining("id 1 is there twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|Entry 1 of the cipher keys is not an id",
                "none|no cipher key after 'none,'",
                "1:KEY,|Entry 2 of the cipher keys is not an id",
                "1:KEY,none|Entry 2 of the cipher keys is not an id",
                "KEY|Entry 1 of the cipher keys is not an id",
                "1 KEY|Entry 1 of the cipher keys is not an id",
                "-1:KEY|Entry 1 of the cipher keys is not an id",
                "1000:KEY|Entry 1 of the cipher keys is not an id",
                "0:KEY|id 0 is not a number from 1 to 255",
                "256:KEY|id 256 is not a number from 1 to 255",
                "1:KEY,1:KEY|id 1 is there twice",
                "1:|key 1 has 0 bytes",
                "1:S2VFUFNFQ1JFVA==|key 1 has 10 bytes",
                "1:KeepSecret!|key 1 is not base64",
                "1:KEY KEY|key 1 is not base64",
                "x:KeepSecret|Entry 1 of the cipher keys is not an id"
            })
    void refusesOtherTextsAndShowsNothingOfThem(String text, String rule) {
        String setting = text.replace("KEY", KEY);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> CipherKeys.parse(setting))
                .withMessageContaining(rule)
                .withNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(KEY, "KeepSecret", "S2VFUF"));
    }

    @Test
    void doesNotShareItsKeys() {
        byte[] key = key(16);
        CipherKeys keys = CipherKeys.of(1, key);
        StoredEvent row = codec(StateFormat.json().encrypted(keys)).encode(said("Sit!"));

        Arrays.fill(key, (byte) 0);

        assertThat(codec(StateFormat.json().encrypted(keys)).decode(row)).isEqualTo(said("Sit!"));
    }

    @Test
    void showsIdsAndNoKeys() {
        CipherKeys keys = CipherKeys.parse("2:" + OTHER + ",1:" + KEY);

        assertThat(keys).hasToString("keys [2, 1]");
        assertThat(keys.decryptingOnly()).hasToString("decrypting only, keys [2, 1]");
    }
}
