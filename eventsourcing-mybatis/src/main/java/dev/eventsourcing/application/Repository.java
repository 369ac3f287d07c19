package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.EventStore;
import dev.eventsourcing.persistence.VersionRange;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads aggregates of one kind: makes an empty one and applies its recorded events. Each call gives an object of its own; but
 * while a follower processes a batch, the latest version of an aggregate is one object for all of the batch. Safe for use by
 * several threads.
 *
 * @param <A> the aggregate's type
 */
public final class Repository<A extends Aggregate<?>> {
    private final Application application;
    private final EventStore events;
    private final Class<A> type;
    private final Set<Class<?>> eventTypes;
    private final Function<UUID, A> empty;

    Repository(
            Application application,
            EventStore events,
            Class<A> type,
            Set<Class<?>> eventTypes,
            Function<UUID, A> empty) {
        this.application = application;
        this.events = events;
        this.type = type;
        this.eventTypes = eventTypes;
        this.empty = empty;
    }

    /**
     * The aggregate as it is now.
     *
     * @throws AggregateNotFoundException if nothing is recorded for it
     * @throws WrongAggregateException if it is an aggregate of another kind
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public A get(UUID id) {
        return find(id).orElseThrow(() -> notFound(id, Long.MAX_VALUE));
    }

    /**
     * The aggregate as it was at a version; a version above the latest gives the latest.
     *
     * @throws AggregateNotFoundException if nothing is recorded for it up to that version
     * @throws WrongAggregateException if it is an aggregate of another kind
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public A get(UUID id, long version) {
        return read(id, version).orElseThrow(() -> notFound(id, version));
    }

    /**
     * The aggregate as it is now; empty if nothing is recorded for it.
     *
     * @throws WrongAggregateException if it is an aggregate of another kind
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public Optional<A> find(UUID id) {
        // What is at hand and of another kind is read, which tells what is wrong.
        Optional<A> atHand = application.atHand(id).filter(type::isInstance).map(type::cast);
        if (atHand.isPresent()) {
            return atHand;
        }
        Optional<A> read = read(id, Long.MAX_VALUE);
        read.ifPresent(application::keepAtHand);
        return read;
    }

    private Optional<A> read(UUID id, long version) {
        A aggregate = empty.apply(id);
        Aggregate<?> target = aggregate;
        DomainEvent<?> last = null;
        for (DomainEvent<?> event : events.get(id, VersionRange.all().upTo(version))) {
            if (!eventTypes.contains(event.payload().getClass())) {
                throw new WrongAggregateException(application.name(), id, type.getSimpleName(), event.payload());
            }
            apply(target, event);
            last = event;
        }
        if (last == null) {
            return Optional.empty();
        }
        if (application.readsInDoubt()) {
            doubt(target, last);
        }
        return Optional.of(aggregate);
    }

    /**
     * Whether anything is recorded for an aggregate.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public boolean contains(UUID id) {
        return application.atHand(id).isPresent()
                || events.get(id, VersionRange.all().limit(1)).iterator().hasNext();
    }

    private AggregateNotFoundException notFound(UUID id, long version) {
        return new AggregateNotFoundException(application.name(), id, version);
    }

    @SuppressWarnings("unchecked")
    private static <E> void doubt(Aggregate<E> aggregate, DomainEvent<?> last) {
        aggregate.doubtRecorded((DomainEvent<E>) last);
    }

    /** Applies an event whose payload is of one of the aggregate's types, as was checked. */
    @SuppressWarnings("unchecked")
    private static <E> void apply(Aggregate<E> aggregate, DomainEvent<?> event) {
        aggregate.mutate((DomainEvent<E>) event);
    }
}
