package dev.eventsourcing.persistence;

import static dev.eventsourcing.persistence.Talk.ID;
import static dev.eventsourcing.persistence.Talk.codec;
import static dev.eventsourcing.persistence.Talk.event;
import static dev.eventsourcing.persistence.Talk.json;
import static dev.eventsourcing.persistence.Talk.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.eventsourcing.domain.ConfigurationException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Values of the user's own in events: what is stored of them, byte for byte, and that it comes back. */
class ValueObjectsTest {
    // Without any help: enums by name, records as objects, lists of both.

    private enum Location {
        HAMBURG,
        HONGKONG
    }

    private record Voyage(String number) {}

    private record Leg(Location origin, Location destination, Voyage voyage) {}

    private record Itinerary(List<Leg> legs, LocalDate deadline) {}

    private record RouteAssigned(Itinerary route, Set<Location> customs) {}

    @Test
    void enumsAreStoredByNameAndRecordsAsObjectsHoweverDeep() {
        Leg leg = new Leg(Location.HONGKONG, Location.HAMBURG, new Voyage("V1"));
        RouteAssigned assigned =
                new RouteAssigned(new Itinerary(List.of(leg, leg), LocalDate.of(2026, 3, 1)), Set.of(Location.HAMBURG));

        String legJson = "{\"origin\":\"HONGKONG\",\"destination\":\"HAMBURG\",\"voyage\":{\"number\":\"V1\"}}";
        assertStored(
                StateFormat.json(),
                assigned,
                "{\"route\":{\"legs\":[" + legJson + "," + legJson
                        + "],\"deadline\":\"2026-03-01\"},\"customs\":[\"HAMBURG\"]}");
    }

    // With a module: a value as a text, and one that is made of another value which has a form of its own.

    /** Not a record, and not of our making: nothing but a module can construct it. */
    private static final class EmailAddress {
        private final String text;

        private EmailAddress(String text) {
            this.text = text;
        }

        static EmailAddress of(String text) {
            return new EmailAddress(text);
        }

        String text() {
            return text;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof EmailAddress that && text.equals(that.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    private record TrackingId(UUID id) {}

    private record Registered(EmailAddress email, List<EmailAddress> more) {}

    private record Booked(TrackingId tracking, Map<String, TrackingId> byName) {}

    @Test
    void aModuleStoresAnEmailAddressAsAText() {
        StateFormat format =
                StateFormat.json(asTexts("emails", EmailAddress.class, EmailAddress::text, EmailAddress::of));

        assertStored(
                format,
                new Registered(EmailAddress.of("fido@example.org"), List.of(EmailAddress.of("rex@example.org"))),
                "{\"email\":\"fido@example.org\",\"more\":[\"rex@example.org\"]}");
    }

    @Test
    void whatAModuleMakesOfAValueMayHaveAFormOfItsOwn() {
        SimpleModule ids = new SimpleModule("ids")
                .addSerializer(new StdSerializer<UUID>(UUID.class) {
                    @Override
                    public void serialize(UUID id, JsonGenerator json, SerializationContext context) {
                        json.writeString(id.toString().replace("-", ""));
                    }
                })
                .addDeserializer(UUID.class, new StdDeserializer<UUID>(UUID.class) {
                    @Override
                    public UUID deserialize(JsonParser json, DeserializationContext context) {
                        return UUID.fromString(
                                json.getString().replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
                    }
                });
        SimpleModule trackingIds = new SimpleModule("tracking-ids")
                .addSerializer(new StdSerializer<TrackingId>(TrackingId.class) {
                    @Override
                    public void serialize(TrackingId id, JsonGenerator json, SerializationContext context) {
                        context.writeValue(json, id.id());
                    }
                })
                .addDeserializer(TrackingId.class, new StdDeserializer<TrackingId>(TrackingId.class) {
                    @Override
                    public TrackingId deserialize(JsonParser json, DeserializationContext context) {
                        return new TrackingId(context.readValue(json, UUID.class));
                    }
                });

        assertStored(
                StateFormat.json(ids, trackingIds),
                new Booked(new TrackingId(ID), Map.of("a", new TrackingId(ID))),
                "{\"tracking\":\"11111111222253338444555555555555\",\"byName\":{\"a\":\"11111111222253338444555555555555\"}}");
    }

    @Test
    void ofTwoModulesForATypeTheLaterOneCounts() {
        JacksonModule first = asTexts("first", EmailAddress.class, EmailAddress::text, EmailAddress::of);
        JacksonModule later = asTexts(
                "later",
                EmailAddress.class,
                email -> "<" + email.text() + ">",
                text -> EmailAddress.of(text.substring(1, text.length() - 1)));

        assertStored(
                StateFormat.json(first, later),
                new Registered(EmailAddress.of("fido@example.org"), List.of()),
                "{\"email\":\"<fido@example.org>\",\"more\":[]}");
    }

    private record Amount(@JsonValue String text) {
        @JsonCreator
        static Amount of(String text) {
            return new Amount(text);
        }
    }

    private record Paid(Amount amount) {}

    @Test
    void annotationsOfJacksonsDoTheSame() {
        assertStored(StateFormat.json(), new Paid(new Amount("10.00 EUR")), "{\"amount\":\"10.00 EUR\"}");
    }

    // Without the module.

    @Test
    void aTypeThatIsNotKnownIsRefusedWhenItIsWrittenAndSaysWhatToDo() {
        Object direct = new Registered(EmailAddress.of("fido@example.org"), List.of());
        Object nested = new Registrations(Map.of("a", List.of(EmailAddress.of("fido@example.org"))));

        for (Object payload : List.of(direct, nested)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(
                            () -> codec(StateFormat.json(), payload.getClass()).encode(event(payload)))
                    .withMessageContaining("has no constructor or factory that Jackson can call")
                    .withMessageContaining("EmailAddress")
                    .withMessageContaining("module");
        }
    }

    @Test
    void aTypeThatIsNotKnownIsRefusedWhenItIsRead() {
        StoredEvent row = stored(
                "ValueObjectsTest.Registered",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"email\":\"a\",\"more\":[]}}");

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(StateFormat.json(), Registered.class).decode(row))
                .withMessageContaining("EmailAddress");
    }

    @Test
    void whateverAModuleThrowsNamesTheEvent() {
        StateFormat format = StateFormat.json(asTexts(
                "broken",
                Registered.class,
                email -> {
                    throw new IllegalStateException("cannot write");
                },
                text -> {
                    throw new IllegalStateException("cannot read");
                }));
        EventCodec codec = codec(format, Registered.class);
        StoredEvent row = stored("ValueObjectsTest.Registered", "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":\"a\"}");

        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> codec.encode(event(new Registered(EmailAddress.of("a"), List.of()))))
                .withMessageContaining("version 7 of " + ID)
                .withMessageContaining("cannot write");
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec.decode(row))
                .withMessageContaining("cannot read");
    }

    // No key of a map means anything.

    private record Registrations(Map<String, List<EmailAddress>> emails) {}

    private record Noted(Map<String, Object> notes) {}

    @Test
    void mapsMayHaveKeysOfEveryNameAndNoneIsTakenForAType() {
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("_type_", "uuid_hex");
        notes.put("_data_", "11111111222253338444555555555555");
        notes.put("@class", "java.util.Date");
        notes.put("", List.of(Map.of("data", 1, "v", 2, "at", true)));

        StateFormat format = StateFormat.json().waive("ValueObjectsTest.Noted.notes[]");
        assertStored(format, new Noted(Map.of("_type_", "uuid_hex")), "{\"notes\":{\"_type_\":\"uuid_hex\"}}");
        EventCodec codec = codec(format, Noted.class);
        assertThat(codec.decode(codec.encode(event(new Noted(notes)))).payload())
                .isEqualTo(new Noted(notes));
    }

    @Test
    void escapedTextsAreRead() {
        StoredEvent row = stored(
                "Said", "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"te\\u0078t\":\"\\u00e9 \\ud83d\\ude00 \\/\"}}");

        assertThat(codec(StateFormat.json()).decode(row).payload()).isEqualTo(new Talk.Said("é 😀 /"));
    }

    private static void assertStored(StateFormat format, Object payload, String data) {
        EventCodec codec = codec(format, payload.getClass());

        StoredEvent stored = codec.encode(event(payload));

        assertThat(json(stored)).isEqualTo("{\"at\":\"2026-03-01T12:00:00.500Z\",\"data\":" + data + "}");
        assertThat(codec.decode(stored).payload()).isEqualTo(payload);
    }

    private static <T> SimpleModule asTexts(
            String name, Class<T> type, Function<T, String> write, Function<String, T> read) {
        return new SimpleModule(name)
                .addSerializer(new StdSerializer<T>(type) {
                    @Override
                    public void serialize(T value, JsonGenerator json, SerializationContext context) {
                        json.writeString(write.apply(value));
                    }
                })
                .addDeserializer(type, new StdDeserializer<T>(type) {
                    @Override
                    public T deserialize(JsonParser json, DeserializationContext context) {
                        return read.apply(json.getString());
                    }
                });
    }
}
