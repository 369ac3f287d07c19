package dev.eventsourcing.application;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.OriginatorVersionException;
import dev.eventsourcing.domain.Projector;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.StoredEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The repository of an immutable state, which a {@link Projector} makes of events. See {@link Repository}.
 *
 * @param <S> the type of the state
 */
public final class StateRepository<S> extends Repository<Versioned<S>> {
    private final Class<S> type;
    private final Projector<S, Object> projector;
    private final long initialVersion;

    StateRepository(RepositorySource source, Class<S> type, Projector<S, Object> projector) {
        this(
                source,
                SnapshotInterval.onRequest(),
                new StateCache<>(source.application().settings().cache(0)),
                type,
                projector,
                1);
    }

    private StateRepository(
            RepositorySource source,
            SnapshotInterval interval,
            StateCache<Versioned<S>> cache,
            Class<S> type,
            Projector<S, Object> projector,
            long initialVersion) {
        super(source, interval, cache);
        this.type = type;
        this.projector = projector;
        this.initialVersion = initialVersion;
    }

    /**
     * The same repository with snapshots of the state as it is; its name and its version in the store are those of its {@link
     * dev.eventsourcing.domain.Topic}, as with events. To be called while the application is made.
     *
     * @throws ConfigurationException if the state's type cannot be stored, or shares its topic with an event's
     */
    public StateRepository<S> snapshots(SnapshotInterval interval) {
        Application application = source.application();
        SnapshotStore snapshots = application.snapshotsOf(type);
        return application.replace(
                this,
                new StateRepository<>(
                        source.with(type, snapshots),
                        snapshots.interval(interval),
                        cache,
                        type,
                        projector,
                        initialVersion));
    }

    /**
     * The same repository for originators whose first event has another version than 1. To be called while the application is
     * made.
     *
     * @param version the version of the first event; at least 0
     * @throws ConfigurationException if it is below 0
     */
    public StateRepository<S> initialVersion(long version) {
        if (version < 0) {
            throw new ConfigurationException(
                    "Initial version " + version + " of " + type.getName() + " is below 0. Begin with 0 or more.");
        }
        return source.application()
                .replace(this, new StateRepository<>(source, interval, cache, type, projector, version));
    }

    @Override
    public StateRepository<S> cached(int aggregates) {
        return source.application()
                .replace(
                        this,
                        new StateRepository<>(
                                source,
                                interval,
                                new StateCache<>(source.application().settings().cache(aggregates)),
                                type,
                                projector,
                                initialVersion));
    }

    @Override
    public Optional<Versioned<S>> find(UUID id) {
        Application application = source.application();
        Optional<Versioned<S>> found = atHand(id).map(this::advance).orElseGet(() -> given(history.latest(id)));
        found.ifPresent(state -> application.keepAtHand(this, state));
        return found;
    }

    /** The state that this repository has given before, where it need not be read. */
    @SuppressWarnings("unchecked")
    private Optional<Versioned<S>> atHand(UUID id) {
        return source.application().stateAtHand(this, id).map(state -> (Versioned<S>) state);
    }

    private Optional<Versioned<S>> advance(Versioned<S> atHand) {
        List<StoredEvent> keptBack = source.application().keptBack(atHand.id(), atHand.version());
        if (keptBack.isEmpty()) {
            return Optional.of(atHand);
        }
        Projection projection = new Projection(atHand.id(), atHand.version(), atHand.state());
        keptBack.forEach(event -> projection.apply(history.decode(event)));
        return given(new HistoryReader.Reading<>(projection.result(), keptBack.get(keptBack.size() - 1)));
    }

    /** Whether there is such a state. A projector may leave nothing, so all events are read that {@link #get} would read. */
    @Override
    public boolean contains(UUID id) {
        return (atHand(id).isPresent() || history.begins(id)) && find(id).isPresent();
    }

    @Override
    Versioned<S> inDoubt(Versioned<S> aggregate, DomainEvent<?> last) {
        return aggregate.readInDoubt(last);
    }

    @Override
    Replay<Versioned<S>> replay(UUID id) {
        return new Projection(id, initialVersion - 1, null);
    }

    @Override
    Replay<Versioned<S>> replay(DomainEvent<?> snapshot) {
        return new Projection(snapshot.originatorId(), snapshot.originatorVersion(), type.cast(snapshot.payload()));
    }

    @Override
    DomainEvent<?> capture(Versioned<S> aggregate) {
        return new DomainEvent<>(aggregate.id(), aggregate.version(), Instant.now(), Map.of(), aggregate.state());
    }

    @Override
    Supplier<Replay<Versioned<S>>> keep(Versioned<S> aggregate) {
        return () -> new Projection(aggregate.id(), aggregate.version(), aggregate.state());
    }

    /** Builds a state by projecting one event after the other. */
    private final class Projection implements Replay<Versioned<S>> {
        private final UUID id;
        private long version;
        private @Nullable S state;

        Projection(UUID id, long version, @Nullable S state) {
            this.id = id;
            this.version = version;
            this.state = state;
        }

        @Override
        public void apply(DomainEvent<?> event) {
            if (event.originatorVersion() != version + 1) {
                throw new OriginatorVersionException(id, version + 1, event.originatorVersion());
            }
            state = projector.apply(state, event.payload());
            version = event.originatorVersion();
        }

        @Override
        public Optional<Versioned<S>> result() {
            return state == null ? Optional.empty() : Optional.of(new Versioned<>(id, version, state));
        }
    }
}
