package dev.eventsourcing.persistence;

import static dev.eventsourcing.persistence.Talk.AT;
import static dev.eventsourcing.persistence.Talk.ID;
import static dev.eventsourcing.persistence.Talk.KEYS;
import static dev.eventsourcing.persistence.Talk.codec;
import static dev.eventsourcing.persistence.Talk.event;
import static dev.eventsourcing.persistence.Talk.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.SnapshotInterval;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** What would come back different is refused: by the type where it is registered, by the value where it is saved, never later. */
class RoundTripTest {
    // By the type.

    @Topic("Order.Placed")
    record Placed(String customer, List<Line> lines, Map<String, Object> attributes) {}

    record Line(Object sku, int count) {}

    @Test
    void aTypeIsRefusedWithEachPathItsReasonAndItsCure() {
        EventCodec codec = new EventCodec("Orders", new Topics(), StateFormat.json());

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> codec.registerWritten(List.of(Placed.class)))
                .withMessage(
                        "Order.Placed.lines[].sku must come back as it is saved, but is declared as java.lang.Object: it"
                                + " does not say what is read back: of numbers a Long comes back as an Integer, and all else as a"
                                + " text, a list or a map. Declare the type of its values, or a sealed interface of records.\n"
                                + "Order.Placed.attributes[] must come back as it is saved, but is declared as java.lang.Object: it"
                                + " does not say what is read back: of numbers a Long comes back as an Integer, and all else as a"
                                + " text, a list or a map. Declare the type of its values, or a sealed interface of records.\n"
                                + "Where events of application Orders have been recorded so, go on with"
                                + " StateFormat.waive(\"Order.Placed.lines[].sku\"), which has each value read back before it is"
                                + " saved.");
    }

    static final class Orders extends Application {
        Orders(StateFormat format) {
            super("Orders", new InMemoryRecorders(), format);
            log(ID, Placed.class);
        }
    }

    record State(Object anything) {}

    static final class Snapshots extends Application {
        Snapshots() {
            super("Snapshots", new InMemoryRecorders());
            repository(State.class, Line2.class, (state, event) -> new State(event))
                    .snapshots(SnapshotInterval.every(10));
        }
    }

    record Line2(int count) {}

    @Test
    void anApplicationThatWritesItCannotBeMadeAndWithTheWaiversItCan() {
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> new Orders(StateFormat.json()));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new Orders(StateFormat.json().waive("Order.Placed.lines[].sku")))
                .withMessageNotContaining("sku")
                .withMessageContaining("Order.Placed.attributes[]");

        assertThat(new Orders(StateFormat.json()
                                .waive("Order.Placed.lines")
                                .waive("Order.Placed.attributes[]")
                                .compressed(Compressor.deflate()))
                        .name())
                .isEqualTo("Orders");
    }

    @Test
    void theStateOfSnapshotsIsCheckedToo() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(Snapshots::new)
                .withMessageContaining("RoundTripTest.State.anything");
    }

    @Test
    void aWaiverNamesAPath() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> StateFormat.json().waive(" "));
    }

    @Test
    void whatIsStoredIsReadWhateverItsType() {
        StoredEvent old = stored(
                "Order.Placed",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"customer\":\"a\",\"lines\":[{\"sku\":5,\"count\":1}],"
                        + "\"attributes\":{\"b\":[1]}}}");

        assertThat(codec(StateFormat.json(), Placed.class).decode(old).payload())
                .isEqualTo(new Placed("a", List.of(new Line(5, 1)), Map.of("b", List.of(1))));
    }

    // By the value: those of a type that was waived.

    record Anything(Object it) {}

    private static final StateFormat WAIVED = StateFormat.json().waive("RoundTripTest.Anything.it");

    static List<Object> different() {
        Map<String, Object> deep = Map.of("a", List.of(Map.of("b", 5L)));
        return List.of(5L, 1.5f, (short) 1, 'c', ID, AT, Locale.GERMAN, new Line(1, 1), deep, Set.of(1), new int[] {1});
    }

    static List<Object> equal() {
        return List.of(5, Long.MAX_VALUE, "text", true, List.of(1, "a"), Map.of("a", Map.of("b", false)));
    }

    @ParameterizedTest
    @MethodSource("equal")
    void aWaivedValueThatComesBackIsSaved(Object value) {
        EventCodec codec = codec(WAIVED, Anything.class);

        assertThat(codec.decode(codec.encode(event(new Anything(value)))).payload())
                .isEqualTo(new Anything(value));
    }

    @ParameterizedTest
    @MethodSource("different")
    void aWaivedValueThatDoesNotIsRefusedWhenItIsSavedWhicheverItIs(Object value) {
        EventCodec codec = codec(WAIVED, Anything.class);
        codec.encode(event(new Anything("the first of its type")));

        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> codec.encode(event(new Anything(value))))
                .withMessageContaining("Version 7 of " + ID + " in application Talk would not come back as it is saved:"
                        + " RoundTripTest.Anything.it");
    }

    @Test
    void theMessageNamesThePlaceAndWhatIsThere() {
        EventCodec codec = codec(WAIVED, Anything.class);

        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> codec.encode(event(new Anything(Map.of("secret", List.of(5L))))))
                .withMessageContaining(
                        "RoundTripTest.Anything.it[secret][0] is saved as 5 (java.lang.Long) and read as 5"
                                + " (java.lang.Integer)");
        EventCodec encrypting = codec(WAIVED.encrypted(KEYS), Anything.class);
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(PersistenceException.class)
                    .isThrownBy(() -> encrypting.encode(event(new Anything(Map.of("secret", List.of(5_432L))))))
                    .withMessageContaining("RoundTripTest.Anything.it[] is saved as java.lang.Long and read as")
                    .withMessageNotContainingAny("secret", "5432");
            encrypting.encode(event(new Anything("a")));
        }
    }

    // By the value: those that no declaration shows.

    record Holds(
            @Nullable Collection<String> collection,
            @Nullable SortedSet<String> sorted,
            @Nullable Open open,
            @Nullable Animal animal,
            @Nullable Labels labels,
            @Nullable Calendar calendar,
            @Nullable Timestamp timestamp,
            @JsonIgnore @Nullable String ignored,

            @JsonFormat(pattern = "yyyy-MM-dd'T'HH") @Nullable LocalDateTime hour) {
        static final Holds NOTHING = new Holds(null, null, null, null, null, null, null, null, null);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(Told.class))
    interface Open {}

    record Told(int number) implements Open {}

    record Untold(int number) implements Open {}

    static class Animal {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Animal;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    static final class Cat extends Animal {}

    /** A list with something beside its elements. */
    static final class Labels extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial")
        String colour = "";
    }

    static List<Holds> comingBackDifferent() {
        TreeSet<String> backwards = new TreeSet<>(Collections.reverseOrder());
        backwards.addAll(List.of("a", "b"));
        TreeSet<String> whateverTheCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        whateverTheCase.add("a");
        Labels labels = new Labels();
        labels.colour = "red";
        return List.of(
                new Holds(null, null, null, null, labels, null, null, null, null),
                new Holds(Set.of("a"), null, null, null, null, null, null, null, null),
                new Holds(null, backwards, null, null, null, null, null, null, null),
                new Holds(null, whateverTheCase, null, null, null, null, null, null, null),
                new Holds(null, null, new Untold(1), null, null, null, null, null, null),
                new Holds(null, null, null, new Cat(), null, null, null, null, null),
                new Holds(null, null, null, null, null, null, Timestamp.from(Instant.ofEpochSecond(0, 1)), null, null),
                new Holds(null, null, null, null, null, null, null, "lost", null),
                new Holds(null, null, null, null, null, null, null, null, LocalDateTime.of(2026, 3, 1, 12, 30)));
    }

    @ParameterizedTest
    @MethodSource("comingBackDifferent")
    void whatOnlyAValueShowsIsRefusedWhenItIsSaved(Holds value) {
        EventCodec codec = codec(StateFormat.json(), Holds.class);
        codec.encode(event(Holds.NOTHING));
        codec.encode(event(
                new Holds(List.of("a"), new TreeSet<>(Set.of("a")), new Told(1), null, null, null, null, null, null)));

        assertThatExceptionOfType(PersistenceException.class).isThrownBy(() -> codec.encode(event(value)));
    }

    record Priced(Price price) {}

    /** Of a library of the user's. */
    static final class Price {
        final double amount;

        Price(double amount) {
            this.amount = amount;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Price that && amount == that.amount;
        }

        @Override
        public int hashCode() {
            return Objects.hash(amount);
        }
    }

    @Test
    void aModuleThatLosesSomethingIsFoundOutAtTheValueThatShowsIt() {
        SimpleModule cents = new SimpleModule("cents")
                .addSerializer(new StdSerializer<Price>(Price.class) {
                    @Override
                    public void serialize(Price price, JsonGenerator json, SerializationContext context) {
                        json.writeNumber((int) (price.amount * 100));
                    }
                })
                .addDeserializer(Price.class, new StdDeserializer<Price>(Price.class) {
                    @Override
                    public Price deserialize(JsonParser json, DeserializationContext context) {
                        return new Price(json.getIntValue() / 100.0);
                    }
                });
        EventCodec codec = codec(StateFormat.json(cents), Priced.class);
        codec.encode(event(new Priced(new Price(1.25))));

        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> codec.encode(event(new Priced(new Price(1.255)))))
                .withMessageContaining("RoundTripTest.Priced.price.amount is saved as 1.255");
    }

    // Keys and metadata.

    record Noted(Map<String, String> notes) {}

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00"})
    void halfASurrogatePairIsRefusedInAKeyAndKeptInAText(String half) {
        EventCodec codec = codec(StateFormat.json(), Noted.class);
        DomainEvent<?> plain = event(new Noted(Map.of("😀", "😀")));
        codec.encode(plain);

        for (DomainEvent<?> broken :
                List.of(event(new Noted(Map.of(half, "a"))), plain.withMetadata(Map.of(half, "a")))) {
            assertThatExceptionOfType(PersistenceException.class)
                    .isThrownBy(() -> codec.encode(broken))
                    .withMessageContaining("half of a surrogate pair");
        }
        for (DomainEvent<?> whole : List.of(
                plain.withMetadata(Map.of("😀", "😀")),
                // In texts it is escaped.
                event(new Noted(Map.of("a", half))),
                plain.withMetadata(Map.of("a", half)))) {
            assertThat(codec.decode(codec.encode(whole))).isEqualTo(whole);
        }
    }

    record Counted(Map<String, Double> counts) {}

    @Test
    void twoKeysThatAreWrittenAlikeAreRefused() {
        EventCodec codec = codec(StateFormat.json(), Counted.class);
        codec.encode(event(new Counted(Map.of("a", 1.0))));
        Map<String, Double> twice = new IdentityHashMap<>();
        twice.put("a", 1.0);
        twice.put(String.valueOf(new char[] {'a'}), 2.0);

        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> codec.encode(event(new Counted(twice))))
                .withMessageContaining("Duplicate");
    }

    @Test
    void whatCannotBeWrittenShowsNoValueWhereItIsEncrypted() {
        EventCodec codec = codec(StateFormat.json().encrypted(KEYS), Counted.class);

        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> codec.encode(event(new Counted(Map.of("secret", Double.NaN)))))
                .withMessageContaining("nothing of it is shown here")
                .withMessageNotContaining("secret")
                .withNoCause();
    }

    /** Its {@code equals} looks at a part of it only, and only that is written. */
    record Partly(@JsonValue String name, int more) {
        @JsonCreator
        static Partly of(String name) {
            return new Partly(name, 0);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Partly that && name.equals(that.name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    record InParts(Map<Partly, Integer> keys, Set<Partly> elements, Queue<String> queue) {}

    @Test
    void keysElementsAndQueuesAreComparedPartByPart() {
        EventCodec codec = codec(StateFormat.json(), InParts.class);
        Partly whole = new Partly("a", 0);
        codec.encode(event(new InParts(Map.of(whole, 1), Set.of(whole), new LinkedList<>(List.of("a")))));

        for (InParts lost : List.of(
                new InParts(Map.of(new Partly("a", 7), 1), Set.of(), new LinkedList<>()),
                new InParts(Map.of(), Set.of(new Partly("a", 7)), new LinkedList<>()),
                new InParts(Map.of(), Set.of(), new PriorityQueue<>(List.of("a"))))) {
            assertThatExceptionOfType(PersistenceException.class).isThrownBy(() -> codec.encode(event(lost)));
        }
    }

    /** Equal to itself alone. */
    static final class Dot {
        double[] at = {1, 2};
    }

    record Dots(Set<Dot> dots) {}

    /** A comparison of each with each would take minutes. */
    @Test
    void aLargeSetIsComparedInOrder() {
        EventCodec codec = codec(StateFormat.json(), Dots.class);
        Set<Dot> dots = new LinkedHashSet<>();
        for (int i = 0; i < 20_000; i++) {
            dots.add(new Dot());
        }

        assertThat(((Dots) codec.decode(codec.encode(event(new Dots(dots)))).payload()).dots())
                .hasSize(20_000);
    }

    enum Twice {
        @JsonProperty("a")
        ONE,
        @JsonProperty("a")
        OTHER
    }

    record OfTwice(Twice it) {}

    @Test
    void anEnumThatJacksonRefusesIsRefusedWithItsPath() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new EventCodec("Talk", new Topics(), StateFormat.json())
                        .registerWritten(List.of(OfTwice.class)))
                .withMessageContaining("RoundTripTest.OfTwice");
    }

    @Test
    void metadataWithoutAValueIsRefused() {
        Map<String, String> metadata = new HashMap<>();
        metadata.put("user", null);

        assertThatNullPointerException()
                .isThrownBy(() -> new DomainEvent<>(UUID.randomUUID(), 1, AT, metadata, "a"))
                .withMessageContaining("metadata user");
    }
}
