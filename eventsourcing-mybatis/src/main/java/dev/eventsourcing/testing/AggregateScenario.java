package dev.eventsourcing.testing;

import dev.eventsourcing.application.AggregateRepository;
import dev.eventsourcing.application.SnapshotInterval;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
 * <p>A real application does it, in memory: given events are written, and the aggregate is read from a repository and
 * saved. So an event that cannot be stored, or that comes back different, fails here. Each {@code when} has a store of its own. Immutable.
 *
 * @param <A> the aggregate's type
 * @param <E> the type of its events
 */
public final class AggregateScenario<A extends Aggregate<E>, E> {
    private final Class<A> type;
    private final Function<UUID, A> empty;
    private final List<Class<?>> eventTypes;
    private final UnaryOperator<AggregateRepository<A>> declarations;
    private final History history;

    private AggregateScenario(
            Class<A> type,
            Function<UUID, A> empty,
            List<Class<?>> eventTypes,
            UnaryOperator<AggregateRepository<A>> declarations,
            History history) {
        this.type = type;
        this.empty = empty;
        this.eventTypes = eventTypes;
        this.declarations = declarations;
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
        return new AggregateScenario<>(aggregateClass, empty, List.of(), UnaryOperator.identity(), History.empty());
    }

    /** The same for an aggregate whose event types are listed by hand where its repository is made. */
    public AggregateScenario<A, E> eventTypes(Class<?>... listed) {
        return new AggregateScenario<>(type, empty, List.of(listed), declarations, history);
    }

    /** The same with an id of the aggregate, which is arbitrary else. */
    public AggregateScenario<A, E> id(UUID id) {
        return with(history.id(id));
    }

    /**
     * The same with another time at which what is {@link #given} from here on has happened; without it, the beginning of
     * 2000.
     */
    public AggregateScenario<A, E> at(Instant time) {
        return with(history.at(time));
    }

    /** The same with the format that the user's application has, if it is not plain JSON. */
    public AggregateScenario<A, E> format(StateFormat format) {
        return with(history.format(format));
    }

    /** The same after these events, and those given before them. */
    @SafeVarargs
    public final AggregateScenario<A, E> given(E... events) {
        History longer = history;
        for (E event : events) {
            longer = longer.and(event);
        }
        return with(longer);
    }

    /**
     * The same with the snapshots that are declared with the aggregate's repository.
     *
     * @param stateType the type of what is stored
     * @param take makes a state of an aggregate
     * @param restore sets the state of an aggregate that nothing has happened to yet
     */
    public <S> AggregateScenario<A, E> snapshots(
            Class<S> stateType, Function<? super A, ? extends S> take, BiConsumer<? super A, ? super S> restore) {
        return new AggregateScenario<>(
                type,
                empty,
                eventTypes,
                repository -> repository.snapshots(stateType, take, restore, SnapshotInterval.onRequest()),
                history);
    }

    private AggregateScenario<A, E> with(History other) {
        return new AggregateScenario<>(type, empty, eventTypes, declarations, other);
    }

    /**
     * Checks that a snapshot of each version, restored, and the given events after it lead to the same aggregate as all
     * given events do: the same version and times, and the same values in all fields, of the classes above and of the
     * objects in them too, whatever their {@code equals} says. Fields that are {@code transient} are left out.
     *
     * <p>Give events of every kind, some of them twice, and the versions in between are all tried.
     *
     * @throws AssertionError if one leads to another aggregate, or cannot be restored; it names the version and the field
     * @throws dev.eventsourcing.domain.EventSourcingException if no {@link #snapshots} are declared, or the given events or
     *     a snapshot cannot be stored
     */
    public void thenSnapshotsAgree() {
        new SnapshotAgreement<A>(
                        type.getSimpleName(), history, empty.apply(history.id()).initialVersion(), this::repository)
                .check();
    }

    private AggregateRepository<A> repository(ScenarioApplication application) {
        return declarations.apply(application.aggregates(type, empty, eventTypes));
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
        private final AggregateRepository<A> repository = repository(application);

        Run() {
            long initialVersion = empty.apply(history.id()).initialVersion();
            ScenarioApplication.readBack(application, application.save(history.events(initialVersion)));
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
            } catch (Throwable e) {
                thrown = e;
                abandoned = before != null && before.isUsable() ? List.copyOf(before.collectEvents()) : List.of();
            }
            UUID found = id;
            Supplier<Optional<A>> afterwards = () -> repository.find(found);
            return new Outcome<>(history.payloads(), recorded, thrown, abandoned, afterwards, application.codec());
        }
    }
}
