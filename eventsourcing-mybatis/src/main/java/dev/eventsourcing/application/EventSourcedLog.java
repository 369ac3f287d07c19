package dev.eventsourcing.application;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.VersionRange;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A sequence of events under one id that lead to no state, as the list of all dogs that were registered: one entry is saved
 * together with what it tells of, so both are recorded or neither.
 *
 * <pre>{@code
 * save(dog, registrations.trigger(new DogLogged(dog.id())));
 * }</pre>
 *
 * <p>Two who log at once collide: the slower save throws a {@link dev.eventsourcing.persistence.RecordConflictException}. Safe for
 * use by several threads.
 *
 * @param <E> the type of the payloads
 */
public final class EventSourcedLog<E> {
    private final RepositorySource source;
    private final UUID id;
    private final Class<E> eventType;

    EventSourcedLog(RepositorySource source, UUID id, Class<E> eventType) {
        this.source = source;
        this.id = id;
        this.eventType = eventType;
    }

    /**
     * The next entry, of now; not stored yet, but to be saved. Its version is one above the last that is recorded, or 1.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public DomainEvent<E> trigger(E payload) {
        return triggerAfter(last().map(DomainEvent::originatorVersion).orElse(0L), payload);
    }

    /**
     * The entry behind a version, without a look at what is recorded; for several entries in one save.
     *
     * @param version at least -1, as 0 may be a version
     */
    public DomainEvent<E> triggerAfter(long version, E payload) {
        return new DomainEvent<>(id, version + 1, Instant.now(), Map.of(), payload);
    }

    /**
     * The first entry; empty if there is none.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public Optional<DomainEvent<E>> first() {
        return only(VersionRange.all().limit(1));
    }

    /**
     * The last entry; empty if there is none.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public Optional<DomainEvent<E>> last() {
        return only(VersionRange.all().highestFirst().limit(1));
    }

    /**
     * The entries in a range, read page by page as they are asked for.
     *
     * @throws WrongAggregateException from the stream, if an event under the log's id is none of the log's
     * @throws dev.eventsourcing.persistence.PersistenceException from the stream, if reading fails
     */
    public Stream<DomainEvent<E>> select(VersionRange range) {
        return StreamSupport.stream(source.events().get(id, range).spliterator(), false)
                .map(this::typed);
    }

    private Optional<DomainEvent<E>> only(VersionRange range) {
        Iterator<DomainEvent<?>> found = source.events().get(id, range).iterator();
        return found.hasNext() ? Optional.of(typed(found.next())) : Optional.empty();
    }

    private DomainEvent<E> typed(DomainEvent<?> event) {
        if (!eventType.isInstance(event.payload())) {
            throw new WrongAggregateException(
                    source.application().name(), id, "log of " + source.kind(), event.payload());
        }
        return new DomainEvent<>(
                id, event.originatorVersion(), event.timestamp(), event.metadata(), eventType.cast(event.payload()));
    }
}
