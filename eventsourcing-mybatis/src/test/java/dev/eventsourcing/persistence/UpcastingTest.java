package dev.eventsourcing.persistence;

import static dev.eventsourcing.persistence.Talk.ID;
import static dev.eventsourcing.persistence.Talk.codec;
import static dev.eventsourcing.persistence.Talk.event;
import static dev.eventsourcing.persistence.Talk.json;
import static dev.eventsourcing.persistence.Talk.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.Topic;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Data of older versions, and what makes newer ones of them. */
class UpcastingTest {
    private static final String AT = "\"at\":\"2026-03-01T12:00:00.500Z\"";

    /** Version 1 had a name; 2 a breed too; 3 has the weight as a decimal; 4 calls the name something else. */
    @Topic(value = "Dog.Registered", former = "Dog.Named", version = 4)
    private record Registered(String callName, String breed, BigDecimal weight) {}

    private static final StateFormat ALL_STEPS = StateFormat.json()
            .upcast(Registered.class, 1, (data, event) -> data.put("breed", "unknown"))
            .upcast(Registered.class, 2, (data, event) -> data.put("weight", new BigDecimal("10.00")))
            .upcast(Registered.class, 3, UpcastingTest::renameTheName);

    private static ObjectNode renameTheName(ObjectNode data, StoredEvent event) {
        return (ObjectNode) data.set("callName", data.remove("name"));
    }

    @Test
    void theVersionIsStoredBehindTheTimeOnceItIsAbove1() {
        Registered registered = new Registered("Fido", "Poodle", new BigDecimal("7.50"));
        EventCodec codec = codec(ALL_STEPS, Registered.class);

        StoredEvent stored = codec.encode(event(registered).withMetadata(Map.of("a", "b")));

        assertThat(json(stored))
                .isEqualTo("{" + AT + ",\"v\":4,\"meta\":{\"a\":\"b\"},\"data\":{\"callName\":\"Fido\","
                        + "\"breed\":\"Poodle\",\"weight\":7.50}}");
        assertThat(codec.decode(stored).payload()).isEqualTo(registered);
    }

    @Test
    void dataOfEveryVersionGoThroughTheStepsFromThereOn() {
        assertThat(read(ALL_STEPS, "{" + AT + ",\"data\":{\"name\":\"Fido\"}}"))
                .isEqualTo(new Registered("Fido", "unknown", new BigDecimal("10.00")));
        assertThat(read(ALL_STEPS, "{" + AT + ",\"v\":1,\"data\":{\"name\":\"Fido\"}}"))
                .isEqualTo(new Registered("Fido", "unknown", new BigDecimal("10.00")));
        assertThat(read(ALL_STEPS, "{" + AT + ",\"v\":2,\"data\":{\"name\":\"Fido\",\"breed\":\"Poodle\"}}"))
                .isEqualTo(new Registered("Fido", "Poodle", new BigDecimal("10.00")));
        assertThat(read(
                        ALL_STEPS,
                        "{" + AT + ",\"v\":3,\"data\":{\"name\":\"Fido\",\"breed\":\"Poodle\",\"weight\":7.500}}"))
                .isEqualTo(new Registered("Fido", "Poodle", new BigDecimal("7.500")));
    }

    @Test
    void stepsRunOneByOneInOrderAndKnowTheRow() {
        List<String> ran = new ArrayList<>();
        StateFormat format = StateFormat.json();
        for (int from : new int[] {3, 1, 2}) {
            format = format.upcast(Registered.class, from, (data, row) -> {
                ran.add(from + " " + row.originatorId() + " " + row.originatorVersion() + " " + row.topic() + " "
                        + data);
                return data.put("callName", "Fido").put("breed", "of " + from).put("weight", from);
            });
        }
        StoredEvent former = stored("Dog.Named", "{" + AT + ",\"v\":2,\"data\":{}}");

        Object payload = codec(format, Registered.class).decode(former).payload();

        String row = " " + ID + " 7 Dog.Named ";
        assertThat(ran)
                .containsExactly(
                        "2" + row + "{}", "3" + row + "{\"callName\":\"Fido\",\"breed\":\"of 2\",\"weight\":2}");
        assertThat(payload).isEqualTo(new Registered("Fido", "of 3", new BigDecimal(3)));
    }

    @Test
    void theVersionMayStandBehindTheData() {
        String data = "{\"data\":{\"callName\":\"Fido\",\"breed\":\"Poodle\",\"weight\":7.50}," + AT + ",\"v\":4}";

        assertThat(read(ALL_STEPS, data)).isEqualTo(new Registered("Fido", "Poodle", new BigDecimal("7.50")));
        assertThat(read(ALL_STEPS, "{\"data\":{\"name\":\"Fido\"},\"v\":1," + AT + "}"))
                .isEqualTo(new Registered("Fido", "unknown", new BigDecimal("10.00")));
    }

    @Test
    void dataOfANewerVersionAreReadAsTheyAre() {
        String newer = "{\"callName\":\"Fido\",\"breed\":\"Poodle\",\"weight\":7.50,\"chip\":{\"id\":1}}";

        assertThat(read(ALL_STEPS, "{" + AT + ",\"v\":5,\"data\":" + newer + "}"))
                .isEqualTo(new Registered("Fido", "Poodle", new BigDecimal("7.50")));
    }

    @Test
    void numbersKeepTheirScaleThroughTheSteps() {
        @Topic(value = "Weighed", version = 2)
        record WeighedNow(BigDecimal weight, double average, long steps, Optional<BigDecimal> more, String unit) {}
        BigDecimal weight = new BigDecimal("1E+2000");
        BigDecimal more = new BigDecimal("0.10");
        String json = "{" + AT
                + ",\"data\":{\"weight\":1E+2000,\"average\":0.1,\"steps\":9223372036854775807,\"more\":0.10}}";
        StateFormat format = StateFormat.json().upcast(WeighedNow.class, 1, (data, event) -> data.put("unit", "kg"));

        assertThat(codec(format, WeighedNow.class)
                        .decode(stored("Weighed", json))
                        .payload())
                .isEqualTo(new WeighedNow(weight, 0.1, Long.MAX_VALUE, Optional.of(more), "kg"));
    }

    @Test
    void compressedAndEncryptedDataGoThroughTheStepsToo() {
        StateFormat old = StateFormat.json().compressed(Compressor.deflate()).encrypted(Talk.KEYS);
        byte[] json = stored("Dog.Registered", "{" + AT + ",\"data\":{\"name\":\"Fido\"}}")
                .state();
        byte[] state = old.envelope().seal(json, new StatePlace("Talk", ID, 7, "Dog.Registered"));

        assertThat(codec(ALL_STEPS.encrypted(Talk.KEYS), Registered.class)
                        .decode(new StoredEvent(ID, 7, "Dog.Registered", state))
                        .payload())
                .isEqualTo(new Registered("Fido", "unknown", new BigDecimal("10.00")));
    }

    @Test
    void valueObjectsEvolveWithinTheDataThatHoldThem() {
        record Price(BigDecimal amount, String currency) {}
        @Topic(value = "Sold", version = 2)
        record Sold(List<Price> prices) {}
        StateFormat format = StateFormat.json().upcast(Sold.class, 1, (data, event) -> {
            data.withArray("prices").forEach(price -> ((ObjectNode) price).put("currency", "EUR"));
            return data;
        });
        StoredEvent old = stored("Sold", "{" + AT + ",\"data\":{\"prices\":[{\"amount\":1.50},{\"amount\":2}]}}");

        assertThat(codec(format, Sold.class).decode(old).payload())
                .isEqualTo(new Sold(
                        List.of(new Price(new BigDecimal("1.50"), "EUR"), new Price(new BigDecimal("2"), "EUR"))));
    }

    @Test
    void theStoredEventSaysWhatTheUpcastOneSays() {
        EventCodec codec = codec(ALL_STEPS, Registered.class);
        StoredEvent old = stored("Dog.Named", "{" + AT + ",\"data\":{\"name\":\"Fido\"}}");

        assertThat(codec.says(old, codec.decode(old))).isTrue();
        assertThat(codec.says(old, event(new Registered("Rex", "unknown", new BigDecimal("10.00")))))
                .isFalse();
    }

    // What cannot be read.

    @Test
    void aMissingStepIsAnErrorThatNamesTheTypeAndTheVersions() {
        StateFormat gap = StateFormat.json().upcast(Registered.class, 1, (data, event) -> data);
        StoredEvent old = stored("Dog.Registered", "{" + AT + ",\"data\":{\"name\":\"Fido\"}}");

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(gap, Registered.class).decode(new Notification(42, old)))
                .withMessage("Cannot read version 7 of " + ID
                        + " in application Talk (topic Dog.Registered, notification 42):"
                        + " the step from version 2 to 3 of " + Registered.class.getName()
                        + " is missing, and the type has version 4. Give it with StateFormat.upcast")
                .satisfies(e -> {
                    assertThat(e.application()).isEqualTo("Talk");
                    assertThat(e.topic()).isEqualTo("Dog.Registered");
                    assertThat(e.notificationId()).hasValue(42);
                });
    }

    @Test
    void aStepThatFailsIsNamedAndItsErrorKept() {
        IllegalStateException bug = new IllegalStateException("no breed");
        StateFormat format = StateFormat.json().upcast(Registered.class, 3, (data, event) -> {
            throw bug;
        });

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> read(format, "{" + AT + ",\"v\":3,\"data\":{}}"))
                .withMessageContaining("version 7 of " + ID)
                .withMessageContaining(
                        "the step from version 3 to 4 of " + Registered.class.getName() + " failed: no breed")
                .withCause(bug);
    }

    @Test
    @SuppressWarnings("NullAway")
    void aStepThatGivesNothingIsNamed() {
        StateFormat format = StateFormat.json().upcast(Registered.class, 3, (data, event) -> null);

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> read(format, "{" + AT + ",\"v\":3,\"data\":{}}"))
                .withMessageContaining("the step from version 3 to 4")
                .withMessageContaining("it gave null");
    }

    @Test
    void whatTheStepsMadeMustFitTheType() {
        StateFormat format =
                StateFormat.json().upcast(Registered.class, 3, (data, event) -> data.put("callName", "Fido"));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> read(format, "{" + AT + ",\"v\":3,\"data\":{}}"))
                .withMessageContaining("breed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"a\"", "1", "null"})
    void oldDataThatAreNoObjectAreRefused(String data) {
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> read(ALL_STEPS, "{" + AT + ",\"data\":" + data + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "\"1\"", "1.5", "null", "[]", "3000000000"})
    void otherVersionsThanWholeNumbersFrom1AreRefused(String version) {
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> read(ALL_STEPS, "{" + AT + ",\"v\":" + version + ",\"data\":{\"name\":\"Fido\"}}"));
    }

    @Test
    void whatATreeHasTwiceIsRefusedAsInAStream() {
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> read(ALL_STEPS, "{" + AT + ",\"data\":{\"name\":\"Fido\",\"name\":\"Rex\"}}"));
    }

    // Steps that can never run.

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 4, 5})
    void refusesStepsFromVersionsThatAreNotBelowTheTypes(int version) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> StateFormat.json().upcast(Registered.class, version, (data, event) -> data))
                .withMessageContaining("A step from version " + version + " of " + Registered.class.getName())
                .withMessageContaining("the type has version 4");
    }

    @Test
    void refusesStepsOfATypeThatHasNoVersion() {
        record Plain(String text) {}

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> StateFormat.json().upcast(Plain.class, 1, (data, event) -> data))
                .withMessageContaining("the type has version 1")
                .withMessageContaining("@Topic(version = ...)");
    }

    @Test
    void refusesASecondStepFromOneVersion() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ALL_STEPS.upcast(Registered.class, 2, (data, event) -> data))
                .withMessage(
                        "There are two steps from version 2 of " + Registered.class.getName() + ". Make one of them.");
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNoStepAndNoType() {
        assertThatNullPointerException().isThrownBy(() -> StateFormat.json().upcast(Registered.class, 1, null));
        assertThatNullPointerException().isThrownBy(() -> StateFormat.json().upcast(null, 1, (data, event) -> data));
    }

    private static Object read(StateFormat format, String json) {
        return codec(format, Registered.class)
                .decode(stored("Dog.Registered", json))
                .payload();
    }
}
