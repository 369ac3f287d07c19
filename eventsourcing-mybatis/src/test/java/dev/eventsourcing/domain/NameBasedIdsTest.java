package dev.eventsourcing.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class NameBasedIdsTest {
    @Test
    void makesTheIdOfTheExampleInRfc9562() {
        UUID id = NameBasedIds.nameBasedId(NameBasedIds.DNS, "www.example.com");

        assertThat(id).isEqualTo(UUID.fromString("2ed6657d-e927-568b-95e1-2665a8aea6a2"));
    }

    @Test
    void makesIdsOfVersion5AndOfTheVariantOfTheRfc() {
        for (int i = 0; i < 100; i++) {
            UUID id = NameBasedIds.nameBasedId(NameBasedIds.URL, "/dogs/" + i);

            assertThat(id.version()).isEqualTo(5);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void tellsNamesAndNamespacesApart() {
        UUID id = NameBasedIds.nameBasedId(NameBasedIds.URL, "/dogs/Fido");

        assertThat(id)
                .isEqualTo(NameBasedIds.nameBasedId(NameBasedIds.URL, "/dogs/Fido"))
                .isNotEqualTo(NameBasedIds.nameBasedId(NameBasedIds.URL, "/dogs/fido"))
                .isNotEqualTo(NameBasedIds.nameBasedId(NameBasedIds.DNS, "/dogs/Fido"));
    }

    @Test
    void takesNamesAsUtf8() {
        UUID id = NameBasedIds.nameBasedId(NameBasedIds.DNS, "bücher.example");

        // As Python's uuid.uuid5(uuid.NAMESPACE_DNS, "bücher.example") gives it.
        assertThat(id).isEqualTo(UUID.fromString("849d4d8f-6c8e-59fa-9721-89ccba396bf9"));
    }
}
