package dev.eventsourcing.testing;

import dev.eventsourcing.application.SnapshotInterval;
import dev.eventsourcing.application.StateRepository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Projector;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A test of an immutable state and its commands: given that this has happened, when a command is asked, then that happens.
 *
 * <pre>{@code
 * StateScenario.of(Account.class, Account.Event.class, Account::after)
 *         .given(new Opened("Ada"), new Paid(10))
 *         .when(account -> account.pay(5))
 *         .then(new Paid(5));
 * }</pre>
 *
 * <p>A real application does it, in memory: given events are written, and the state is read from a repository, and the
 * events that the command returns are saved. So an event that cannot be stored, or read back, fails here. Each {@code when}
 * has a store of its own. Immutable.
 *
 * @param <S> the type of the state
 * @param <E> the type of its events
 */
public final class StateScenario<S, E> {
    private final Class<S> type;
    private final Class<E> eventType;
    private final Projector<S, E> projector;
    private final History history;

    private StateScenario(Class<S> type, Class<E> eventType, Projector<S, E> projector, History history) {
        this.type = type;
        this.eventType = eventType;
        this.projector = projector;
        this.history = history;
    }

    /**
     * A scenario of a state that nothing has led to.
     *
     * @param stateType the type of the state
     * @param eventType what can happen, best a sealed type, as for a repository
     * @param projector makes the state of the one before and of what happened
     */
    public static <S, E> StateScenario<S, E> of(Class<S> stateType, Class<E> eventType, Projector<S, E> projector) {
        return new StateScenario<>(stateType, eventType, projector, History.empty());
    }

    /** The same with an id of the originator, which is arbitrary else. */
    public StateScenario<S, E> id(UUID id) {
        return new StateScenario<>(type, eventType, projector, history.id(id));
    }

    /**
     * The same with another time at which what is {@link #given} from here on has happened; without it, the beginning of
     * 2000.
     */
    public StateScenario<S, E> at(Instant time) {
        return new StateScenario<>(type, eventType, projector, history.at(time));
    }

    /** The same with the format that the user's application has, if it is not plain JSON. */
    public StateScenario<S, E> format(StateFormat format) {
        return new StateScenario<>(type, eventType, projector, history.format(format));
    }

    /** The same after these events, and those given before them. */
    @SafeVarargs
    public final StateScenario<S, E> given(E... events) {
        History longer = history;
        for (E event : events) {
            longer = longer.and(event);
        }
        return new StateScenario<>(type, eventType, projector, longer);
    }

    /**
     * Checks that a snapshot of the state at each version and the given events after it lead to the same state as all given
     * events do: with the same version and the same values in all fields, of the objects in them too, whatever their {@code
     * equals} says. Fields that are {@code transient} are left out.
     *
     * @throws AssertionError if one leads to another state, or cannot be restored; it names the version and the field
     * @throws dev.eventsourcing.domain.EventSourcingException if the given events or a snapshot cannot be stored
     */
    public void thenSnapshotsAgree() {
        new SnapshotAgreement<Versioned<S>>(
                        type.getSimpleName(),
                        history,
                        1,
                        application ->
                                application.states(type, eventType, projector).snapshots(SnapshotInterval.onRequest()))
                .check();
    }

    /**
     * Asks a command of the state, and saves the events that it returns.
     *
     * @param command returns an event, or a collection of events in their order
     * @return what came of it, an exception included
     * @throws AssertionError if the given events lead to no state, as when there are none; a command without a state before
     *     it is a {@link #when(Supplier)}
     * @throws dev.eventsourcing.domain.EventSourcingException if the given events cannot be stored or read
     */
    public Outcome<S> when(Function<? super S, ?> command) {
        Run run = new Run();
        Versioned<S> before = run.find()
                .orElseThrow(() -> new AssertionError("Expected a state to ask\nbut there is none\ngiven "
                        + history.payloads() + "\nGive the events that lead to it, or ask a command without a state."));
        return run.outcome(() -> before.then(events(command.apply(before.state()))));
    }

    /**
     * Asks a command that begins something new, and saves the events that it returns.
     *
     * @param command returns an event, or a collection of events in their order
     * @return what came of it, an exception included
     * @throws dev.eventsourcing.domain.EventSourcingException if the given events cannot be stored or read
     */
    public Outcome<S> when(Supplier<?> command) {
        return new Run().outcome(() -> NewEvents.first(history.id(), events(command.get())));
    }

    private static Collection<?> events(Object returned) {
        return returned instanceof Collection<?> several ? several : List.of(returned);
    }

    /** An application in which the given events have happened. */
    private final class Run {
        private final ScenarioApplication application =
                new ScenarioApplication(type.getSimpleName(), new InMemoryRecorders(), history.format());
        private final StateRepository<S> repository = application.states(type, eventType, projector);

        Run() {
            ScenarioApplication.readBack(application, application.save(history.events(1)));
        }

        Optional<Versioned<S>> find() {
            return repository.find(history.id());
        }

        Outcome<S> outcome(Supplier<NewEvents> command) {
            List<DomainEvent<?>> recorded = List.of();
            Throwable thrown = null;
            try {
                recorded = ScenarioApplication.readBack(application, application.save(command.get()));
            } catch (Throwable e) {
                thrown = e;
            }
            Supplier<Optional<S>> afterwards = () -> find().map(Versioned::state);
            return new Outcome<>(history.payloads(), recorded, thrown, List.of(), afterwards, application.codec());
        }
    }
}
