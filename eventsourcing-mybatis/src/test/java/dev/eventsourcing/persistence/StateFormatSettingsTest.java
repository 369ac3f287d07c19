package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How settings decide what is stored, whatever the code says. */
class StateFormatSettingsTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";
    private static final String OTHER_KEY = "ZmVkY2JhOTg3NjU0MzIxMA==";
    private static final DomainEvent<Noted> EVENT =
            new DomainEvent<>(new UUID(0, 1), 1, Instant.EPOCH, Map.of(), new Noted("sit ".repeat(100)));

    private static Settings settings(String... namesAndValues) {
        Map<String, String> given = new java.util.HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            given.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Settings.of(given, Map.of(), Map.of()).forApplication("Dogs");
    }

    private static EventCodec codec(StateFormat format) {
        Topics topics = new Topics();
        topics.register(Set.of(Noted.class));
        return new EventCodec("Dogs", topics, format);
    }

    private static int formatByte(StateFormat format) {
        return codec(format).encode(EVENT).state()[0];
    }

    @ParameterizedTest
    @CsvSource({"none, 1", "deflate, 9", "zstd, 17", "'', 9"})
    void theCompressorOfTheSettingsTakesThePlaceOfTheCodes(String name, int expected) {
        StateFormat code = StateFormat.json().compressed(Compressor.deflate());

        StateFormat format = code.configured(settings("eventsourcing.compressor", name));

        assertThat(formatByte(format)).isEqualTo(expected);
        assertThat(codec(format).decode(codec(code).encode(EVENT)).payload()).isEqualTo(EVENT.payload());
    }

    @Test
    void theKeysOfTheSettingsTakeThePlaceOfTheCodes() {
        StateFormat code = StateFormat.json().encrypted(CipherKeys.parse("1:" + KEY));

        StateFormat settings = code.configured(settings("eventsourcing.cipher-keys", "1:" + OTHER_KEY));

        assertThatThrownBy(() -> codec(code).decode(codec(settings).encode(EVENT)))
                .isInstanceOf(EventDecodingException.class);
        assertThat(formatByte(StateFormat.json().configured(settings("eventsourcing.cipher-keys", "1:" + KEY))))
                .isEqualTo(0x41);
        assertThat(formatByte(code.configured(settings("eventsourcing.cipher-keys", "none,1:" + KEY))))
                .isEqualTo(0x01);
        assertThat(formatByte(code.configured(settings("eventsourcing.cipher-keys", ""))))
                .isEqualTo(0x41);
    }

    @Test
    void theSettingsOfTheApplicationGoFirst() {
        StateFormat format = StateFormat.json()
                .configured(settings("eventsourcing.compressor", "zstd", "eventsourcing.Dogs.compressor", "deflate"));

        assertThat(formatByte(format)).isEqualTo(9);
    }

    @Test
    void anUnknownCompressorIsRefused() {
        assertThatThrownBy(() -> StateFormat.json().configured(settings("eventsourcing.Dogs.compressor", "gzip")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventsourcing.Dogs.compressor=gzip (given) is none of none, deflate, zstd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret", "1:s3cret", "none,", "1:c2hvcnQtczNjcmV0", "999:" + KEY})
    void keysThatAreNoneAreRefusedAndNotShown(String keys) {
        assertThatThrownBy(() -> StateFormat.json().configured(settings("eventsourcing.cipher-keys", keys)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("eventsourcing.cipher-keys=*** (given) cannot be used: ")
                .hasMessageEndingWith(". Correct it.")
                .satisfies(error -> assertThat(error + " " + error.getCause()).doesNotContain("s3cret", KEY));
    }

    @Test
    void theCodeIsDescribedWhereNoSettingGoesBeforeIt() {
        StateFormat format = StateFormat.json().compressed(Compressor.zstd()).encrypted(CipherKeys.parse("1:" + KEY));

        List<String> lines = settings("eventsourcing.compressor", "none")
                .describe(format.saidInCode())
                .lines()
                .toList();

        assertThat(lines).anyMatch(line -> line.matches(" +compressor +none +eventsourcing.compressor \\(given\\)"));
        assertThat(lines).anyMatch(line -> line.matches(" +cipher-keys +\\*\\*\\* +code"));
        assertThat(StateFormat.json().saidInCode()).isEmpty();
    }

    /** What happened. */
    private record Noted(String text) {}
}
