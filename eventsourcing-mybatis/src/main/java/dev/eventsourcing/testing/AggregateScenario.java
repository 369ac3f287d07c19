package dev.eventsourcing.testing;

import dev.eventsourcing.application.AggregateRepository;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A test of a mutable aggregate: given that this has happened, when it is told to do something, then that happens.
 *
 * <pre>{@code
 * AggregateScenario.of(Dog.class, Dog::new)
 *         .given(new Registered("Fido"))
 *         .when(dog -> dog.addTrick("sit"))
 *         .then(new TrickAdded("sit"));
 * }</pre>
 *
 * <p>A real application does it, in memory: given events are written, and the aggregate is read from a repository and saved. So an event that
 * cannot be stored, or read back, fails here. Each {@code when} has a store of its own. Immutable.
 *
 * @param <A> the aggregate's type
 * @param <E> the type of its events
 */
public final class AggregateScenario<A extends Aggregate<E>, E> {
    private final Class<A> type;
    private final Function<UUID, A> empty;
    private final List<Class<?>> eventTypes;
    private final History history;

    private AggregateScenario(Class<A> type, Function<UUID, A> empty, List<Class<?>> eventTypes, History history) {
        this.type = type;
        this.empty = empty;
        this.eventTypes = eventTypes;
        this.history = history;
    }

    /**
     * A scenario of an aggregate that nothing has happened to.
     *
     * @param aggregateClass the kind of aggregate
     * @param empty makes an aggregate of an id that nothing has happened to yet, as for a repository
     */
    public static <A extends Aggregate<E>, E> AggregateScenario<A, E> of(
            Class<A> aggregateClass, Function<UUID, A> empty) {
        return new AggregateScenario<>(aggregateClass, empty, List.of(), History.empty());
    }

    /** The same for an aggregate whose event types are listed by hand where its repository is made. */
    public AggregateScenario<A, E> eventTypes(Class<?>... listed) {
        return new AggregateScenario<>(type, empty, List.of(listed), history);
    }

    /** The same with an id of the aggregate, which is arbitrary else. */
    public AggregateScenario<A, E> id(UUID id) {
        return new AggregateScenario<>(type, empty, eventTypes, history.id(id));
    }

    /** The same with another time at which what is {@link #given} from here on has happened; without it, the beginning of 2000. */
    public AggregateScenario<A, E> at(Instant time) {
        return new AggregateScenario<>(type, empty, eventTypes, history.at(time));
    }

    /** The same with the format that the user's application has, if it is not plain JSON. */
    public AggregateScenario<A, E> format(StateFormat format) {
        return new AggregateScenario<>(type, empty, eventTypes, history.format(format));
    }

    /** The same after these events, and those given before them. */
    @SafeVarargs
    public final AggregateScenario<A, E> given(E... events) {
        History longer = history;
        for (E event : events) {
            longer = longer.and(event);
        }
        return new AggregateScenario<>(type, empty, eventTypes, longer);
    }

    /**
     * Has the aggregate do something, and saves it; one that nothing was {@link #given} of is an empty one.
     *
     * @return what came of it, an exception included
     * @throws dev.eventsourcing.domain.EventSourcingException if the given events cannot be stored or read
     */
    public Outcome<A> when(Consumer<? super A> command) {
        Run run = new Run();
        A aggregate = history.isEmpty() ? empty.apply(history.id()) : run.repository.get(history.id());
        return run.outcome(aggregate, () -> {
            command.accept(aggregate);
            return aggregate;
        });
    }

    /**
     * Makes a new aggregate, and saves it.
     *
     * @return what came of it, an exception included
     * @throws dev.eventsourcing.domain.EventSourcingException if the given events cannot be stored or read
     */
    public Outcome<A> when(Supplier<? extends A> creation) {
        return new Run().outcome(null, creation);
    }

    /** An application in which the given events have happened. */
    private final class Run {
        private final ScenarioApplication application =
                new ScenarioApplication(type.getSimpleName(), new InMemoryRecorders(), history.format());
        private final AggregateRepository<A> repository = application.aggregates(type, empty, eventTypes);

        Run() {
            application.save(history.events(empty.apply(history.id()).initialVersion()));
        }

        Outcome<A> outcome(@Nullable A before, Supplier<? extends A> command) {
            UUID id = history.id();
            List<DomainEvent<?>> recorded = List.of();
            List<DomainEvent<?>> abandoned = List.of();
            Throwable thrown = null;
            try {
                A changed = command.get();
                id = changed.id();
                recorded = ScenarioApplication.readBack(application, application.save(changed));
            } catch (RuntimeException | Error e) {
                thrown = e;
                abandoned = before != null && before.isUsable() ? List.copyOf(before.collectEvents()) : List.of();
            }
            UUID found = id;
            Supplier<Optional<A>> afterwards = () -> repository.find(found);
            return new Outcome<>(history.payloads(), recorded, thrown, abandoned, afterwards, application.codec());
        }
    }
}
