package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.StoredEvent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The repository of a mutable aggregate. See {@link Repository}.
 *
 * @param <A> the aggregate's type
 */
public final class AggregateRepository<A extends Aggregate<?>> extends Repository<A> {
    private static final String CREATED_ON = "createdOn";
    private static final String MODIFIED_ON = "modifiedOn";

    private final Class<A> type;
    private final Function<UUID, A> empty;
    private final @Nullable Snapshotting<A, ?> snapshotting;

    AggregateRepository(RepositorySource source, Class<A> type, Function<UUID, A> empty) {
        this(source, SnapshotInterval.onRequest(), new StateCache<>(0), type, empty, null);
    }

    private AggregateRepository(
            RepositorySource source,
            SnapshotInterval interval,
            StateCache<A> cache,
            Class<A> type,
            Function<UUID, A> empty,
            @Nullable Snapshotting<A, ?> snapshotting) {
        super(source, interval, cache);
        this.type = type;
        this.empty = empty;
        this.snapshotting = snapshotting;
    }

    /**
     * The same repository with snapshots: a state, restored, and the events after it must lead to the same aggregate as all of its
     * events do. To be called while the application is made.
     *
     * @param stateType the type of what is stored, best a record; its name and its version in the store are those of its {@link
     *     dev.eventsourcing.domain.Topic}, as with events
     * @param take makes a state of an aggregate, all but id, version and times, which are stored beside it
     * @param restore sets the state of an aggregate that nothing has happened to yet
     * @param interval when snapshots are taken
     * @throws ConfigurationException if the type cannot be stored, or shares its topic with an event's
     */
    public <S> AggregateRepository<A> snapshots(
            Class<S> stateType,
            Function<? super A, ? extends S> take,
            BiConsumer<? super A, ? super S> restore,
            SnapshotInterval interval) {
        Application application = source.application();
        SnapshotStore snapshots = application.snapshotsOf(stateType);
        return application.replace(
                this,
                new AggregateRepository<>(
                        source.with(stateType, snapshots),
                        snapshots.interval(interval),
                        new StateCache<>(application.settings().cache(0)),
                        type,
                        empty,
                        new Snapshotting<A, S>(stateType, take, restore)));
    }

    @Override
    public AggregateRepository<A> cached(int aggregates) {
        if (snapshotting == null && aggregates != 0) {
            throw new ConfigurationException("Aggregates of " + type.getName()
                    + " can be changed by those who get them, so they are cached as snapshots only. Declare snapshots(..)"
                    + " before cached(" + aggregates + ").");
        }
        return source.application()
                .replace(
                        this,
                        new AggregateRepository<>(
                                source,
                                interval,
                                new StateCache<>(source.application().settings().cache(aggregates)),
                                type,
                                empty,
                                snapshotting));
    }

    @Override
    public Optional<A> find(UUID id) {
        // What is at hand and of another kind is read, which tells what is wrong.
        Optional<A> atHand =
                source.application().atHand(id).filter(type::isInstance).map(type::cast);
        if (atHand.isPresent()) {
            return atHand;
        }
        Optional<A> read = given(history.latest(id));
        read.ifPresent(source.application()::keepAtHand);
        return read;
    }

    @Override
    public boolean contains(UUID id) {
        return source.application().atHand(id).filter(type::isInstance).isPresent() || history.begins(id);
    }

    @Override
    A inDoubt(A aggregate, DomainEvent<?> last) {
        Aggregate<?> target = aggregate;
        doubt(target, last);
        return aggregate;
    }

    @Override
    Replay<A> replay(UUID id) {
        return new AggregateReplay<>(empty.apply(id));
    }

    @Override
    Replay<A> replay(DomainEvent<?> snapshot) {
        A aggregate = empty.apply(snapshot.originatorId());
        declared().restore(aggregate, snapshot.payload());
        aggregate.resume(snapshot.originatorVersion(), time(snapshot, CREATED_ON), time(snapshot, MODIFIED_ON));
        return new AggregateReplay<>(aggregate);
    }

    @Override
    DomainEvent<?> capture(A aggregate) {
        Map<String, String> times = Map.of(
                CREATED_ON, String.valueOf(aggregate.createdOn()),
                MODIFIED_ON, String.valueOf(aggregate.modifiedOn()));
        return new DomainEvent<>(
                aggregate.id(),
                aggregate.version(),
                Instant.now(),
                times,
                declared().take(aggregate));
    }

    /** Kept as it would be stored: what its snapshot shares with the aggregate could be changed. */
    @Override
    Supplier<Replay<A>> keep(A aggregate) {
        EventCodec codec = source.declared().orElseThrow().inMemory();
        StoredEvent kept = codec.encode(capture(aggregate));
        return () -> replay(codec.decode(kept));
    }

    private Snapshotting<A, ?> declared() {
        if (snapshotting == null) {
            throw new AssertionError("No snapshots are declared for " + type.getName());
        }
        return snapshotting;
    }

    private static Instant time(DomainEvent<?> snapshot, String key) {
        return Instant.parse(snapshot.metadata().getOrDefault(key, ""));
    }

    @SuppressWarnings("unchecked")
    private static <E> void doubt(Aggregate<E> aggregate, DomainEvent<?> last) {
        aggregate.doubtRecorded((DomainEvent<E>) last);
    }

    /** What the user said of snapshots. */
    private record Snapshotting<A, S>(
            Class<S> stateType, Function<? super A, ? extends S> take, BiConsumer<? super A, ? super S> restore) {
        S take(A aggregate) {
            return take.apply(aggregate);
        }

        void restore(A aggregate, Object state) {
            restore.accept(aggregate, stateType.cast(state));
        }
    }

    /** Builds an aggregate by mutating it. */
    private record AggregateReplay<A extends Aggregate<?>>(A aggregate) implements Replay<A> {
        @Override
        public void apply(DomainEvent<?> event) {
            Aggregate<?> target = aggregate;
            mutate(target, event);
        }

        @Override
        public Optional<A> result() {
            return aggregate.createdOn() == null ? Optional.empty() : Optional.of(aggregate);
        }

        /** Applies an event whose payload is of one of the aggregate's types, as was checked. */
        @SuppressWarnings("unchecked")
        private static <E> void mutate(Aggregate<E> aggregate, DomainEvent<?> event) {
            aggregate.mutate((DomainEvent<E>) event);
        }
    }
}
