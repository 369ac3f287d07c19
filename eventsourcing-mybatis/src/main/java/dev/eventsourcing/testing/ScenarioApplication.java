package dev.eventsourcing.testing;

import dev.eventsourcing.application.AggregateRepository;
import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.StateRepository;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Projector;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.StateFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** An application like the user's own, with one repository, or with none and events of others. */
final class ScenarioApplication extends Application {
    ScenarioApplication(String name, RecorderFactory recorders, StateFormat format) {
        super(name, recorders, format);
    }

    <A extends Aggregate<?>> AggregateRepository<A> aggregates(
            Class<A> type, Function<UUID, A> empty, List<Class<?>> eventTypes) {
        if (eventTypes.isEmpty()) {
            return repository(type, empty);
        }
        Class<?>[] more = eventTypes.subList(1, eventTypes.size()).toArray(Class<?>[]::new);
        return repository(type, empty, eventTypes.get(0), more);
    }

    <S, E> StateRepository<S> states(Class<S> type, Class<E> eventType, Projector<S, E> projector) {
        return repository(type, eventType, projector);
    }

    /**
     * What was recorded, as it is read back.
     *
     * @throws AssertionError if an event comes back different
     */
    static List<DomainEvent<?>> readBack(Application application, List<Recording> recordings) {
        List<DomainEvent<?>> events = new ArrayList<>();
        for (Recording recording : recordings) {
            DomainEvent<?> read = application.codec().decode(recording.notification());
            RoundTripCheck.requireSame(recording.event(), read);
            events.add(read);
        }
        return events;
    }
}
