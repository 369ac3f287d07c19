package dev.eventsourcing.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private final Topics topics = new Topics();

    @Test
    void namesATypeByItsCanonicalNameWithoutThePackage() {
        topics.register(List.of(Named.class));

        assertThat(topics.topicOf(Named.class)).isEqualTo("TopicsTest.Named");
        assertThat(topics.typeOf("TopicsTest.Named")).contains(Named.class);
    }

    @Test
    void namesATopLevelTypeByItsSimpleName() {
        topics.register(List.of(NameBasedIds.class));

        assertThat(topics.topicOf(NameBasedIds.class)).isEqualTo("NameBasedIds");
    }

    @Test
    void readsFormerTopicsAndWritesTheLatest() {
        topics.register(List.of(Renamed.class));

        assertThat(topics.topicOf(Renamed.class)).isEqualTo("Now");
        assertThat(topics.typeOf("Now")).contains(Renamed.class);
        assertThat(topics.typeOf("Once")).contains(Renamed.class);
        assertThat(topics.typeOf("Long.Ago")).contains(Renamed.class);
        assertThat(topics.names()).containsExactlyInAnyOrder("Now", "Once", "Long.Ago");
    }

    @Test
    void knowsNothingThatWasNotRegistered() {
        assertThat(topics.typeOf("java.lang.String")).isEmpty();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> topics.topicOf(Named.class))
                .withMessageContaining(Named.class.getName() + " is not registered");
    }

    @Test
    void aSealedTypeStandsForAllThatItPermitsHoweverDeep() {
        topics.register(List.of(Shape.class));

        assertThat(topics.names())
                .containsExactlyInAnyOrder(
                        "TopicsTest.Circle", "TopicsTest.Square", "TopicsTest.Oblong", "TopicsTest.Star");
    }

    @Test
    void registeringATypeAgainChangesNothing() {
        topics.register(List.of(Shape.class));

        topics.register(List.of(Circle.class, Shape.class));

        assertThat(topics.names()).hasSize(4);
    }

    @Test
    void refusesTwoTypesOfOneTopicAndNamesBoth() {
        topics.register(List.of(Renamed.class));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> topics.register(List.of(Claimant.class)))
                .withMessage("Topic Once is claimed by " + Renamed.class.getName() + " and by "
                        + Claimant.class.getName() + ". Give one of them another name with @Topic.");
    }

    @Test
    void refusesAFormerTopicThatAnotherTypeHasOrHad() {
        for (Class<?> other : List.of(Named.class, HadTheSame.class)) {
            Topics claimed = new Topics();
            claimed.register(List.of(other));

            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> claimed.register(List.of(Moved.class)))
                    .withMessageContaining("is claimed by " + other.getName() + " and by " + Moved.class.getName());
        }
    }

    @Test
    void readsWhatWasStoredBeforeATypeWasRenamedOrMovedInto() {
        topics.register(List.of(Moved.class));

        // A top-level class of another package, with the package in the topic; one of this package; one within another.
        assertThat(List.of("org.acme.animals.Dog", "Dog", "TopicsTest.Named", "Kennel.Dog"))
                .allSatisfy(former -> assertThat(topics.typeOf(former)).contains(Moved.class));
        assertThat(topics.topicOf(Moved.class)).isEqualTo("Animals.Dog");
    }

    @Test
    void aMoveToAnotherPackageChangesNoTopic() {
        topics.register(List.of(NameBasedIds.class));

        assertThat(topics.topicOf(NameBasedIds.class)).doesNotContain(NameBasedIds.class.getPackageName());
    }

    @Test
    void knowsTheVersionOfAType() {
        topics.register(List.of(Named.class, Claimant.class));

        assertThat(topics.versionOf(Named.class)).isEqualTo(1);
        assertThat(topics.versionOf(Claimant.class)).isEqualTo(1);
        topics.register(List.of(Second.class));
        assertThat(topics.versionOf(Second.class)).isEqualTo(2);
    }

    @Test
    void refusesVersionsBelow1() {
        for (Class<?> type : List.of(Zeroth.class, Negative.class)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> topics.register(List.of(type)))
                    .withMessageContaining("The version of " + type.getName())
                    .withMessageContaining("Versions count from 1");
        }
        assertThat(topics.names()).isEmpty();
    }

    @Test
    void isSafeForSeveralThreads() {
        List<Class<?>> types = List.of(Renamed.class, Shape.class, Second.class, Named.class);

        IntStream.range(0, 1_000).parallel().forEach(i -> {
            topics.register(List.of(types.get(i % types.size())));
            topics.typeOf("Now")
                    .ifPresent(type -> assertThat(topics.topicOf(type)).isEqualTo("Now"));
        });

        assertThat(topics.names()).hasSize(3 + 4 + 1 + 1);
    }

    @Test
    void refusesALocalTypeThatHasNoTopic() {
        record Local() {}

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> topics.register(List.of(Local.class)))
                .withMessageContaining("has no canonical name")
                .withMessageContaining("@Topic");
    }

    @Test
    void takesALocalTypeThatHasATopic() {
        @Topic("Local")
        record Local() {}

        topics.register(List.of(Local.class));

        assertThat(topics.typeOf("Local")).contains(Local.class);
    }

    @Test
    void refusesABlankTopic() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> topics.register(List.of(Blank.class)))
                .withMessageContaining("is blank");
    }

    @Test
    void refusesTypesThatNoEventCanBeOf() {
        for (Class<?> type : List.of(Open.class, Object.class, int.class, String[].class)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .as(type.getName())
                    .isThrownBy(() -> Topics.concreteTypes(List.of(type)))
                    .withMessageContaining("neither a concrete class nor a sealed one");
        }
    }

    @Test
    void findsTheEventTypesOfAnAggregateByItsTypeArgument() {
        assertThat(Topics.eventTypesOf(Drawing.class))
                .containsExactlyInAnyOrder(Circle.class, Square.class, Oblong.class, Star.class);
    }

    @Test
    void findsThemThroughSuperclassesThatHandTheArgumentOn() {
        assertThat(Topics.eventTypesOf(CircleDrawing.class)).containsExactly(Circle.class);
    }

    @Test
    void asksForAListWhereTheTypeArgumentTellsNothing() {
        for (Class<?> type : List.of(Anything.class, AnyDrawing.class)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> Topics.eventTypesOf(type))
                    .withMessageContaining(type.getName())
                    .withMessageContaining("List the event types where the repository is made");
        }
    }

    private record Named() {}

    @Topic(
            value = "Now",
            former = {"Once", "Long.Ago"})
    private record Renamed() {}

    @Topic("Once")
    private record Claimant() {}

    @Topic(
            value = "Animals.Dog",
            former = {"org.acme.animals.Dog", "Dog", "TopicsTest.Named", "Kennel.Dog"})
    private record Moved() {}

    @Topic(value = "Another", former = "Kennel.Dog")
    private record HadTheSame() {}

    @Topic(value = "Second", version = 2)
    private record Second() {}

    @Topic(value = "Zeroth", version = 0)
    private record Zeroth() {}

    @Topic(value = "Negative", version = -1)
    private record Negative() {}

    @Topic(" ")
    private record Blank() {}

    private interface Open {}

    private sealed interface Shape permits Circle, Angular, Star {}

    private record Circle() implements Shape {}

    private sealed interface Angular extends Shape {}

    private record Square() implements Angular {}

    private record Oblong() implements Angular {}

    private enum Star implements Shape {
        FIVE_POINTED
    }

    private static class Drawing extends Aggregate<Shape> {
        Drawing(UUID id) {
            super(id);
        }

        @Override
        protected void apply(Shape event) {}
    }

    private abstract static class AnyDrawing<A, S> extends Aggregate<S> {
        AnyDrawing(UUID id) {
            super(id);
        }
    }

    private abstract static class HalfDrawing<T> extends AnyDrawing<T, Circle> {
        HalfDrawing(UUID id) {
            super(id);
        }
    }

    private static final class CircleDrawing extends HalfDrawing<String> {
        CircleDrawing(UUID id) {
            super(id);
        }

        @Override
        protected void apply(Circle event) {}
    }

    private static final class Anything extends Aggregate<Object> {
        Anything(UUID id) {
            super(id);
        }

        @Override
        protected void apply(Object event) {}
    }
}
