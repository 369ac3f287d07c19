package dev.eventsourcing.testing;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.json.DeepEquality;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A test that events come back from the store as they were saved, for many values of their types: edge cases of each component
 * first, then arbitrary ones, the same in each run.
 *
 * <pre>{@code
 * RoundTripCheck.of(Order.Event.class)
 *         .format(StateFormat.json(new MoneyModule()))
 *         .values(Money.class, Money.of("10.00 EUR"), Money.of("0 JPY"))
 *         .check();
 * }</pre>
 *
 * <p>Values of records, enums, sealed types, collections and the types that {@link StateFormat} names are made for you; give
 * those of other classes with {@link #values}. Values that a record's constructor refuses are left out. What JSON does not have (NaN,
 * infinities, half of a surrogate pair) is not tried: a save refuses it. Immutable.
 */
public final class RoundTripCheck {
    /** How many arbitrary values of each type are tried beside the edge cases. */
    private static final int ARBITRARY_VALUES = 200;

    private final List<Class<?>> types;
    private final StateFormat format;
    private final Map<Class<?>, List<?>> given;

    private RoundTripCheck(List<Class<?>> types, StateFormat format, Map<Class<?>, List<?>> given) {
        this.types = types;
        this.format = format;
        this.given = given;
    }

    /** A check of event types, or of states of snapshots; a sealed type stands for all that it permits. */
    public static RoundTripCheck of(Class<?>... types) {
        return new RoundTripCheck(List.of(types), StateFormat.json(), Map.of());
    }

    /** The same with the format that the user's application has, if it is not plain JSON. */
    public RoundTripCheck format(StateFormat other) {
        return new RoundTripCheck(types, other, given);
    }

    /** The same with the values of a type that are tried, wherever it is a component; they replace those that would be made. */
    @SafeVarargs
    public final <T> RoundTripCheck values(Class<T> type, T... values) {
        Map<Class<?>, List<?>> more = new LinkedHashMap<>(given);
        more.put(type, List.of(values));
        return new RoundTripCheck(types, format, more);
    }

    /**
     * Saves and reads the values.
     *
     * @throws ConfigurationException if a type is refused by its declaration, as by the constructor of an application
     * @throws AssertionError if a value is refused, cannot be read, or comes back different; or if no values of a type can be made
     */
    public void check() {
        Topics topics = new Topics();
        EventCodec codec = new EventCodec("RoundTripCheck", topics, format);
        codec.registerWritten(types);
        ExampleValues values = new ExampleValues(given);
        for (Class<?> type : Topics.concreteTypes(types)) {
            values.of(type, ARBITRARY_VALUES)
                    .forEach(value ->
                            requireSame(codec, new DomainEvent<>(new UUID(1, 1), 1, Instant.EPOCH, Map.of(), value)));
        }
    }

    /** Writes and reads an event, and compares it. */
    static void requireSame(EventCodec codec, DomainEvent<?> event) {
        DomainEvent<?> read;
        try {
            read = codec.decode(codec.encode(event));
        } catch (EventSourcingException e) {
            throw new AssertionError(
                    "Expected that it comes back as it is saved\nbut it cannot be saved or read: " + event.payload()
                            + "\n" + e.getMessage(),
                    e);
        }
        requireSame(event, read);
    }

    /** Compares an event with what came back of it. */
    static void requireSame(DomainEvent<?> saved, DomainEvent<?> read) {
        Optional<DeepEquality.Difference> difference = DeepEquality.ofValues(saved.payload(), read.payload());
        if (difference.isPresent()) {
            DeepEquality.Difference found = difference.get();
            throw new AssertionError("Expected that it comes back as it is saved\nbut it differs in "
                    + (found.path().isEmpty() ? "all" : found.path()) + ":\n  saved " + found.one() + "\n  read  "
                    + found.other() + "\n  of " + saved.payload());
        }
    }
}
