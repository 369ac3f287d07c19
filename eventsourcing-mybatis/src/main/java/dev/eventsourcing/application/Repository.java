package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.EventStore;
import dev.eventsourcing.persistence.VersionRange;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Reads aggregates of one kind: makes an empty one and applies its recorded events. Each call gives an object of its own.
 * Safe for use by several threads.
 *
 * @param <A> the aggregate's type
 */
public final class Repository<A extends Aggregate<?>> {
    private final String application;
    private final EventStore events;
    private final String kind;
    private final Set<Class<?>> eventTypes;
    private final Function<UUID, A> empty;
    private final BooleanSupplier inDoubt;

    Repository(
            String application,
            EventStore events,
            String kind,
            Set<Class<?>> eventTypes,
            Function<UUID, A> empty,
            BooleanSupplier inDoubt) {
        this.application = application;
        this.events = events;
        this.kind = kind;
        this.eventTypes = eventTypes;
        this.empty = empty;
        this.inDoubt = inDoubt;
    }

    /**
     * The aggregate as it is now.
     *
     * @throws AggregateNotFoundException if nothing is recorded for it
     * @throws WrongAggregateException if it is an aggregate of another kind
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public A get(UUID id) {
        return get(id, Long.MAX_VALUE);
    }

    /**
     * The aggregate as it was at a version; a version above the latest gives the latest.
     *
     * @throws AggregateNotFoundException if nothing is recorded for it up to that version
     * @throws WrongAggregateException if it is an aggregate of another kind
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public A get(UUID id, long version) {
        return read(id, version).orElseThrow(() -> new AggregateNotFoundException(application, id, version));
    }

    /**
     * The aggregate as it is now; empty if nothing is recorded for it.
     *
     * @throws WrongAggregateException if it is an aggregate of another kind
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public Optional<A> find(UUID id) {
        return read(id, Long.MAX_VALUE);
    }

    private Optional<A> read(UUID id, long version) {
        A aggregate = empty.apply(id);
        Aggregate<?> target = aggregate;
        DomainEvent<?> last = null;
        for (DomainEvent<?> event : events.get(id, VersionRange.all().upTo(version))) {
            if (!eventTypes.contains(event.payload().getClass())) {
                throw new WrongAggregateException(application, id, kind, event.payload());
            }
            apply(target, event);
            last = event;
        }
        if (last == null) {
            return Optional.empty();
        }
        if (inDoubt.getAsBoolean()) {
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
        return events.get(id, VersionRange.all().limit(1)).iterator().hasNext();
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
