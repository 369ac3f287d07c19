package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads aggregates of one kind, from their events: with the newest snapshot and the events after it, where snapshots are
 * declared, and from memory and the events after that, where it is cached. What is read is always as new as what is recorded.
 *
 * <p>Each call gives an object of its own, or one that cannot be changed; but while a follower processes a batch, the latest
 * version of a mutable aggregate is one object for all of the batch. Memory does not grow with the number of events. Safe for use by
 * several threads.
 *
 * @param <A> the aggregate's type: a subclass of {@link Aggregate}, or {@link dev.eventsourcing.domain.Versioned} of an
 *     immutable state
 */
public abstract sealed class Repository<A> permits AggregateRepository, StateRepository {
    private static final Logger LOG = LoggerFactory.getLogger(Repository.class);

    final RepositorySource source;
    final SnapshotInterval interval;
    final StateCache<A> cache;

    /** Makes a repository; the source says whether it has snapshots. */
    Repository(RepositorySource source, SnapshotInterval interval, StateCache<A> cache) {
        this.source = source;
        this.interval = interval;
        this.cache = cache;
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
     * The aggregate as it was at a version; a version above the latest gives the latest. Not taken from the cache.
     *
     * @throws AggregateNotFoundException if nothing is recorded for it up to that version
     * @throws WrongAggregateException if it is an aggregate of another kind
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public A get(UUID id, long version) {
        return given(read(id, version)).orElseThrow(() -> notFound(id, version));
    }

    /**
     * The aggregate as it is now; empty if nothing is recorded for it, or a projector left nothing.
     *
     * @throws WrongAggregateException if it is an aggregate of another kind
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public abstract Optional<A> find(UUID id);

    /**
     * Whether there is such an aggregate of this kind.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public abstract boolean contains(UUID id);

    /** What was read, as it is given to users: it says so if it was read in doubt. */
    final Optional<A> given(Reading<A> reading) {
        StoredEvent last = reading.last();
        return last == null || !source.application().readsInDoubt(last)
                ? reading.result()
                : reading.result().map(aggregate -> inDoubt(aggregate, decode(last)));
    }

    /** An aggregate that was read in a transaction which may yet be rolled back. */
    abstract A inDoubt(A aggregate, DomainEvent<?> last);

    /**
     * Takes a snapshot of what is recorded of an aggregate up to now; not of an object at hand. In the current transaction, or in
     * one of its own.
     *
     * @return false if there is a snapshot of its version already
     * @throws AggregateNotFoundException if nothing is recorded for it
     * @throws ConfigurationException if this repository declares no snapshots, or they are switched off
     * @throws dev.eventsourcing.persistence.PersistenceException if reading or storing fails
     */
    public boolean takeSnapshot(UUID id) {
        return takeSnapshot(id, Long.MAX_VALUE);
    }

    /**
     * The same of the aggregate as it was at a version; a version above the latest takes it of the latest.
     *
     * @return false if there is a snapshot of that version already
     * @throws AggregateNotFoundException if nothing is recorded for it up to that version
     * @throws ConfigurationException if this repository declares no snapshots, or they are switched off
     * @throws dev.eventsourcing.persistence.PersistenceException if reading or storing fails
     */
    public boolean takeSnapshot(UUID id, long version) {
        SnapshotStore snapshots = source.requireSnapshots();
        A aggregate = read(id, version).result().orElseThrow(() -> notFound(id, version));
        return snapshots.put(capture(aggregate));
    }

    /**
     * The same repository with a cache: the states of the aggregates that were asked for last are kept in memory, and only later
     * events are read. Each time it is checked that the event they come from is still what is recorded. To be called while the
     * application is made.
     *
     * @param aggregates how many, from 0, for none, to 1,000,000; the one that was not asked for longest goes first
     * @throws ConfigurationException if it is another number, or the aggregate is mutable and declares no snapshots: it could not
     *     be kept as something that nobody changes
     */
    public abstract Repository<A> cached(int aggregates);

    /** What is declared, by the keys of the settings that go before it. */
    final Map<String, String> saidInCode() {
        Map<String, String> said = new HashMap<>();
        source.declared().ifPresent(declared -> said.put(Settings.SNAPSHOTS.key(), source.kind() + " " + interval));
        if (cache.isOn()) {
            said.put(Settings.CACHE.key(), source.kind() + " " + cache.size());
        }
        return said;
    }

    /** Begins to build an aggregate of which nothing is known. */
    abstract Replay<A> replay(UUID id);

    /** Begins to build an aggregate where a snapshot left off. */
    abstract Replay<A> replay(DomainEvent<?> snapshot);

    /** The state of an aggregate at its version, as it is stored in a snapshot. */
    abstract DomainEvent<?> capture(A aggregate);

    /** Something that makes replays which go on from what an aggregate is now, whatever becomes of it. */
    abstract Supplier<Replay<A>> keep(A aggregate);

    /** Takes the snapshots that recorded events call for; one that cannot be taken is logged and no more. */
    final void takeDueSnapshots(List<Recording> recordings) {
        if (!interval.isAutomatic()) {
            return;
        }
        for (Recording recording : recordings) {
            DomainEvent<?> event = recording.event();
            if (interval.isDue(event.originatorVersion())
                    && source.eventTypes().contains(event.payload().getClass())
                    && !takeDueSnapshot(event.originatorId(), event.originatorVersion())) {
                // Who saves need not wait for the same again and again, such as a connection that the pool has not.
                return;
            }
        }
    }

    /** False if there is no use in going on. */
    private boolean takeDueSnapshot(UUID id, long version) {
        try {
            SnapshotStore snapshots = source.requireSnapshots();
            // Nothing is taken where the projector left nothing.
            read(id, version).result().ifPresent(aggregate -> snapshots.put(capture(aggregate)));
            return true;
        } catch (WrongAggregateException e) {
            LOG.debug("The event type is that of another kind of aggregate too", e);
            return true;
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "No snapshot was taken of version {} of {} in application {}; what was recorded stays recorded.",
                    version,
                    id,
                    source.application().name(),
                    e);
            return !(e instanceof PersistenceException failure && failure.isTransient());
        }
    }

    /** Reads the latest version, from the cache if that is on. */
    final Reading<A> latest(UUID id) {
        if (!cache.isOn()) {
            return read(id, Long.MAX_VALUE);
        }
        StateCache.Entry<A> cached = cache.get(id).orElse(null);
        if (cached != null) {
            Reading<A> advanced = readOn(cached);
            if (advanced != null) {
                return advanced;
            }
        }
        Reading<A> reading = read(id, Long.MAX_VALUE);
        keep(id, reading);
        return reading;
    }

    /** Null if the entry turned out to be of no use, and was dropped. */
    private @Nullable Reading<A> readOn(StateCache.Entry<A> cached) {
        UUID id = cached.last().originatorId();
        Replay<A> replay;
        try {
            replay = cached.resume().get();
        } catch (RuntimeException e) {
            // The events lead to the same state.
            LOG.warn(
                    "Version {} of {} in application {} cannot be restored from the cache; it is read again.",
                    cached.version(),
                    id,
                    source.application().name(),
                    e);
            cache.remove(id, cached);
            return null;
        }
        Reading<A> reading = read(id, replay, cached.version(), Long.MAX_VALUE, cached.last());
        if (reading == null) {
            // A transaction may see less than is recorded by now, which is nothing to worry about.
            LOG.atLevel(source.application().transactions().active() ? Level.DEBUG : Level.WARN)
                    .log(
                            "Version {} of {} in application {} is not recorded as it was when it was read; it is read again.",
                            cached.version(),
                            id,
                            source.application().name());
            cache.remove(id, cached);
        } else if (!cached.last().equals(reading.last())) {
            keep(id, reading);
        }
        return reading;
    }

    /** Keeps what was read, as it is now, once it is certain to be recorded. */
    private void keep(UUID id, Reading<A> reading) {
        StoredEvent last = reading.last();
        if (last == null || reading.result().isEmpty()) {
            return;
        }
        try {
            StateCache.Entry<A> entry =
                    new StateCache.Entry<>(last, keep(reading.result().get()));
            source.application().afterCommit(() -> cache.put(id, entry));
        } catch (RuntimeException e) {
            // What was read is right all the same.
            LOG.warn(
                    "{} in application {} is not cached.",
                    id,
                    source.application().name(),
                    e);
        }
    }

    /** Reads a version, from the newest snapshot up to it if there is one. */
    private Reading<A> read(UUID id, long version) {
        if (source.snapshots().isPresent()) {
            SnapshotStore snapshots = source.snapshots().get();
            DomainEvent<?> snapshot =
                    snapshots.newest(id, version, source.stateType()).orElse(null);
            if (snapshot != null) {
                Reading<A> reading = readOn(snapshots, snapshot, version);
                if (reading != null) {
                    return reading;
                }
            }
        }
        return Objects.requireNonNull(read(id, replay(id), -1, version, null));
    }

    private @Nullable Reading<A> readOn(SnapshotStore snapshots, DomainEvent<?> snapshot, long version) {
        UUID id = snapshot.originatorId();
        long from = snapshot.originatorVersion();
        Replay<A> replay;
        try {
            replay = replay(snapshot);
        } catch (RuntimeException e) {
            snapshots.skip(id, from, "restoring it failed: " + e, e);
            return null;
        }
        Reading<A> reading = read(id, replay, from, version, null);
        if (reading == null) {
            snapshots.skip(id, from, "no event of that version is recorded", null);
        }
        return reading;
    }

    /**
     * Reads the events from a version on, of which the first leads to where the replay begins.
     *
     * @param from the version where the replay begins; -1 if it begins with nothing
     * @param expected what the event of that version must be; null if it may be any
     * @return null if the event of that version is not recorded, or not as expected
     */
    private @Nullable Reading<A> read(UUID id, Replay<A> replay, long from, long upTo, @Nullable StoredEvent expected) {
        Iterator<StoredEvent> events = source.events()
                .stored(id, VersionRange.after(from < 0 ? -1 : from - 1).upTo(upTo))
                .iterator();
        StoredEvent last = null;
        if (from >= 0) {
            last = events.hasNext() ? events.next() : null;
            if (last == null || last.originatorVersion() != from || expected != null && !expected.equals(last)) {
                return null;
            }
            requireKind(last);
        }
        while (events.hasNext()) {
            last = events.next();
            replay.apply(decode(last));
        }
        return new Reading<>(replay.result(), last);
    }

    /** Whether the first recorded event is one of this kind of aggregate. */
    final boolean begins(UUID id) {
        Iterator<DomainEvent<?>> first =
                source.events().get(id, VersionRange.all().limit(1)).iterator();
        return first.hasNext()
                && source.eventTypes().contains(first.next().payload().getClass());
    }

    /** Checks an event that is not decoded, as its state is known: another kind may have snapshots of the same type. */
    private void requireKind(StoredEvent stored) {
        boolean foreign = source.application()
                .codec()
                .topics()
                .typeOf(stored.topic())
                .filter(type -> !source.eventTypes().contains(type))
                .isPresent();
        if (foreign) {
            decode(stored);
        }
    }

    /** An event, which must be one of this kind of aggregate. */
    final DomainEvent<?> decode(StoredEvent stored) {
        DomainEvent<?> event = source.events().decode(stored);
        if (!source.eventTypes().contains(event.payload().getClass())) {
            throw new WrongAggregateException(
                    source.application().name(), stored.originatorId(), source.kind(), event.payload());
        }
        return event;
    }

    private AggregateNotFoundException notFound(UUID id, long version) {
        return new AggregateNotFoundException(source.application().name(), id, version);
    }

    /**
     * What was read.
     *
     * @param result the aggregate, if there is one
     * @param last the last event that led to it; null if there is none
     */
    record Reading<A>(Optional<A> result, @Nullable StoredEvent last) {}
}
