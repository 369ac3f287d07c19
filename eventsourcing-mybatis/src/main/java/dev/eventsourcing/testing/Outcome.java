package dev.eventsourcing.testing;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.EventCodec;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of a scenario: the events that were recorded, read back as they are stored, or the exception instead of them,
 * and what there is then. Each check throws an {@link AssertionError} that shows what was expected beside what came.
 *
 * <p>Payloads are equal if their {@code equals} says so, or if the same is stored of both; so a class without {@code
 * equals} needs none for a test. Ids, versions, times and metadata are not compared: {@link #thenRecorded} shows them.
 *
 * <p>Immutable; for one thread, as is what a test looks at.
 *
 * @param <S> what there is afterwards: the aggregate, the immutable state, or the follower
 */
public final class Outcome<S> {
    private final List<?> given;
    private final List<DomainEvent<?>> recorded;
    private final @Nullable Throwable thrown;
    private final List<DomainEvent<?>> abandoned;
    private final Supplier<Optional<S>> afterwards;
    private final EventCodec codec;

    /**
     * Makes an outcome.
     *
     * @param given the payloads before, for messages
     * @param recorded what was recorded
     * @param thrown what was thrown instead; null if nothing was
     * @param abandoned what a command triggered before it threw
     * @param afterwards finds what there is then
     * @param codec what writes the events
     */
    Outcome(
            List<?> given,
            List<DomainEvent<?>> recorded,
            @Nullable Throwable thrown,
            List<DomainEvent<?>> abandoned,
            Supplier<Optional<S>> afterwards,
            EventCodec codec) {
        this.given = given;
        this.recorded = recorded;
        this.thrown = thrown;
        this.abandoned = abandoned;
        this.afterwards = afterwards;
        this.codec = codec;
    }

    /**
     * Checks that these events were recorded, in this order, and no others.
     *
     * @throws AssertionError if it was not so
     */
    public Outcome<S> then(Object... payloads) {
        requireNothingThrown("the events " + List.of(payloads));
        new SideBySide(codec, recorded).requireSame(List.of(payloads), given);
        return this;
    }

    /**
     * Checks that no event was recorded.
     *
     * @throws AssertionError if one was, or something was thrown that {@link #thenThrows} was not told of before
     */
    public Outcome<S> thenNothing() {
        return then();
    }

    /**
     * Checks that an exception of a type was thrown, with this text in its message, and before any event was triggered: a
     * command that fails leaves nothing behind. Of a policy's exception it is the one that the policy threw.
     *
     * @throws AssertionError if it was not so
     */
    public Outcome<S> thenThrows(Class<? extends Throwable> type, String partOfMessage) {
        String expected = type.getSimpleName() + (partOfMessage.isEmpty() ? "" : " with '" + partOfMessage + "'");
        if (thrown == null) {
            throw new AssertionError(
                    "Expected " + expected + "\nbut nothing was thrown, and these events were recorded: "
                            + payloads(recorded) + "\ngiven " + given);
        }
        if (!type.isInstance(thrown) || !String.valueOf(thrown.getMessage()).contains(partOfMessage)) {
            throw new AssertionError("Expected " + expected + "\nbut was  " + thrown + "\ngiven " + given, thrown);
        }
        if (!abandoned.isEmpty()) {
            throw new AssertionError(
                    "Expected " + expected + " and no event\nbut before it was thrown these were triggered: "
                            + payloads(abandoned) + "\nLet a command check first and trigger then."
                            + "\ngiven " + given,
                    thrown);
        }
        return new Outcome<>(given, recorded, null, List.of(), afterwards, codec);
    }

    /** The same whatever the message is. See {@link #thenThrows(Class, String)}. */
    public Outcome<S> thenThrows(Class<? extends Throwable> type) {
        return thenThrows(type, "");
    }

    /**
     * Gives what there is afterwards to a look at it, read anew from what is recorded; its assertions may be any framework's.
     * What the look returns is not looked at: {@code thenState(dog -> dog.knows("sit"))} checks nothing, give it a description.
     *
     * @throws AssertionError if there is nothing, or something was thrown that {@link #thenThrows} was not told of before
     */
    public Outcome<S> thenState(Consumer<? super S> look) {
        look.accept(stateAfterwards());
        return this;
    }

    /**
     * Checks what there is afterwards, read anew from what is recorded.
     *
     * @param description what holds of it, for the message: {@code "the dog can sit"}
     * @throws AssertionError if it does not hold, there is nothing, or something was thrown that {@link #thenThrows} was
     *     not told of before
     */
    public Outcome<S> thenState(String description, Predicate<? super S> holds) {
        S state = stateAfterwards();
        if (!holds.test(state)) {
            throw new AssertionError("Expected afterwards that " + description + "\nbut it is not so of " + state
                    + "\nafter these events were recorded: " + payloads(recorded) + "\ngiven " + given);
        }
        return this;
    }

    /**
     * Gives the recorded events to a look at them, with ids, versions, times and metadata; none if something was thrown.
     *
     * @throws AssertionError if something was thrown that {@link #thenThrows} was not told of before
     */
    public Outcome<S> thenRecorded(Consumer<? super List<DomainEvent<?>>> look) {
        requireNothingThrown("events to look at");
        look.accept(recorded);
        return this;
    }

    private S stateAfterwards() {
        requireNothingThrown("a state to look at");
        return afterwards
                .get()
                .orElseThrow(
                        () -> new AssertionError("Expected a state to look at\nbut there is none, after these events"
                                + " were recorded: " + payloads(recorded) + "\ngiven " + given));
    }

    private void requireNothingThrown(String expected) {
        if (thrown != null) {
            throw new AssertionError("Expected " + expected + "\nbut was  " + thrown + "\ngiven " + given, thrown);
        }
    }

    private static List<?> payloads(List<DomainEvent<?>> events) {
        return events.stream().map(DomainEvent::payload).toList();
    }
}
