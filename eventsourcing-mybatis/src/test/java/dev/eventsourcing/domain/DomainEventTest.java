package dev.eventsourcing.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DomainEventTest {
    private static final UUID ID = new UUID(1, 2);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void cutsTheTimestampToMicroseconds() {
        DomainEvent<String> event =
                new DomainEvent<>(ID, 1, Instant.parse("2026-03-01T12:00:00.123456789Z"), Map.of(), "said");

        assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-03-01T12:00:00.123456Z"));
    }

    @Test
    void cutsATimestampBeforeTheEpochToTheMicrosecondBefore() {
        DomainEvent<String> event =
                new DomainEvent<>(ID, 1, Instant.parse("1969-12-31T23:59:59.999999999Z"), Map.of(), "said");

        assertThat(event.timestamp()).isEqualTo(Instant.parse("1969-12-31T23:59:59.999999Z"));
    }

    @Test
    void keepsMetadataSortedByKeyAndApartFromTheMapItWasGiven() {
        Map<String, String> metadata = new HashMap<>(Map.of("b", "2", "c", "3", "a", "1"));
        DomainEvent<String> event = new DomainEvent<>(ID, 1, NOW, metadata, "said");

        metadata.clear();

        assertThat(event.metadata()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "3"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> event.metadata().put("d", "4"));
    }

    @Test
    void addsMetadataAndKeepsWhatIsThereAlready() {
        DomainEvent<String> event = new DomainEvent<>(ID, 1, NOW, Map.of("a", "own"), "said");

        DomainEvent<String> more = event.withMetadata(Map.of("a", "other", "b", "new"));

        assertThat(more.metadata()).containsExactly(Map.entry("a", "own"), Map.entry("b", "new"));
        assertThat(event.metadata()).containsOnlyKeys("a");
    }

    @Test
    void refusesAVersionBelow0() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new DomainEvent<>(ID, -1, NOW, Map.of(), "said"))
                .withMessage("Originator version -1 of " + ID + " is below 0.");
    }
}
