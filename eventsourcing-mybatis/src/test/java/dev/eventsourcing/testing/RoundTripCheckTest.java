package dev.eventsourcing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CipherKeys;
import dev.eventsourcing.persistence.Compressor;
import dev.eventsourcing.persistence.StateFormat;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

class RoundTripCheckTest {
    sealed interface Event {}

    record Opened(String owner, LocalDate on, List<Stay> stays) implements Event {}

    record Stay(LocalDate from, Optional<LocalDate> to) {
        Stay {
            if (to.isPresent() && to.get().isBefore(from)) {
                throw new IllegalArgumentException("It ends before it begins.");
            }
        }
    }

    record Closed() implements Event {}

    /** Larger each time it is made, but for small ones: the check of the first event does not see it. */
    record Grown(int size) implements Event {
        Grown {
            size = size > 10 && size < Integer.MAX_VALUE ? size + 1 : size;
        }
    }

    record Refusing(int size) {
        Refusing {
            throw new IllegalArgumentException("never");
        }
    }

    record Endless(int number, Endless next) {}

    record Painted(Colour colour) {}

    static final class Colour {
        private final String name;

        Colour(String name) {
            this.name = name;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Colour that && name.equals(that.name);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Reads what it writes, but for one. */
    private static final StateFormat COLOURS = StateFormat.json(new SimpleModule("colours")
            .addSerializer(new StdSerializer<Colour>(Colour.class) {
                @Override
                public void serialize(Colour colour, JsonGenerator json, SerializationContext context) {
                    json.writeString(colour.name);
                }
            })
            .addDeserializer(Colour.class, new StdDeserializer<Colour>(Colour.class) {
                @Override
                public Colour deserialize(JsonParser json, DeserializationContext context) {
                    return new Colour(json.getString().replace("mauve", "purple"));
                }
            }));

    @Test
    void passesWhereEachValueComesBack() {
        assertThatCode(() -> RoundTripCheck.of(Opened.class, Closed.class)
                        .format(StateFormat.json()
                                .compressed(Compressor.deflate())
                                .encrypted(CipherKeys.parse("1:" + CipherKeys.newKey(256))))
                        .check())
                .doesNotThrowAnyException();
    }

    @Test
    void findsTheOneOfASealedTypeWhoseConstructorMakesAnotherOfIt() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> RoundTripCheck.of(Event.class).check())
                .withMessageContaining("differs in size")
                .withMessageContaining("saved 65537")
                .withMessageContaining("read  65538");
    }

    @Test
    void takesTheGivenValuesOfOtherTypesAndFindsTheOneThatIsLost() {
        RoundTripCheck painted = RoundTripCheck.of(Painted.class).format(COLOURS);

        assertThatCode(() -> painted.values(Colour.class, new Colour("red"), new Colour("blue"))
                        .check())
                .doesNotThrowAnyException();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> painted.values(Colour.class, new Colour("red"), new Colour("mauve"))
                        .check())
                .withMessageContaining("Painted[colour=mauve]")
                .withMessageContaining("RoundTripCheckTest.Painted.colour");
    }

    @Test
    void saysSoWhereItCannotMakeValues() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> RoundTripCheck.of(Painted.class).format(COLOURS).check())
                .withMessageContaining("values(Colour.class, ..)");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> RoundTripCheck.of(Refusing.class).check())
                .withMessageContaining("it refuses all that were tried");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> RoundTripCheck.of(Endless.class).check())
                .withMessageContaining("contains itself without an end");
    }

    @Test
    void refusesATypeAsTheConstructorOfAnApplicationDoes() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RoundTripCheck.of(Painted.class)
                        .values(Colour.class, new Colour("red"))
                        .check())
                .withMessageContaining("RoundTripCheckTest.Painted.colour");
    }

    @Test
    void triesManyValuesAndTheSameInEachRun() {
        List<Object> values = new ExampleValues(Map.of()).of(Opened.class, 200);

        assertThat(values).hasSizeGreaterThan(200).isEqualTo(new ExampleValues(Map.of()).of(Opened.class, 200));
        assertThat(values.stream().distinct()).hasSizeGreaterThan(100);
    }

    // Scenarios look at each event that they see.

    static final class Plant extends Aggregate<Event> {
        Plant(UUID id) {
            super(id);
        }

        void grow(int size) {
            trigger(new Grown(size));
        }

        @Override
        protected void apply(Event event) {}
    }

    @Test
    void scenariosFindItInTheEventsThatTheySee() {
        AggregateScenario<Plant, Event> plant = AggregateScenario.of(Plant.class, Plant::new);

        plant.given(new Grown(1)).when(it -> it.grow(2)).then(new Grown(2));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> plant.given(new Grown(1), new Grown(50)).when(it -> it.grow(2)))
                .withMessageContaining("comes back as it is saved");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> plant.given(new Grown(1)).when(it -> it.grow(50)).thenNothing())
                .withMessageContaining("comes back as it is saved");
    }
}
