package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    final HistoryReader<A> history;

    /** Makes a repository; the source says whether it has snapshots. */
    Repository(RepositorySource source, SnapshotInterval interval, StateCache<A> cache) {
        this.source = source;
        this.interval = interval;
        this.cache = cache;
        this.history = new HistoryReader<>(this);
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
        return given(history.read(id, version)).orElseThrow(() -> notFound(id, version));
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
    final Optional<A> given(HistoryReader.Reading<A> reading) {
        StoredEvent last = reading.last();
        return last == null || !source.application().readsInDoubt(last)
                ? reading.result()
                : reading.result().map(aggregate -> inDoubt(aggregate, history.decode(last)));
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
        A aggregate = history.read(id, version).result().orElseThrow(() -> notFound(id, version));
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
        boolean interrupted = false;
        for (Recording recording : due(recordings)) {
            try {
                takeDueSnapshot(recording, false);
            } catch (PersistenceException e) {
                LOG.warn("{}", e.getMessage(), e.getCause());
                interrupted |= Thrown.isInterruption(e);
                if (e.isTransient()) {
                    // Who saves need not wait for the same again and again, such as a connection that the pool has not.
                    break;
                }
            }
        }
        if (interrupted) {
            // Not before: a set flag would break the connection of the next one.
            Thread.currentThread().interrupt();
        }
    }

    /** The same in the background, if this thread may still hold the connection of the transaction that it has committed. */
    final void takeDueSnapshotsInBackground(List<Recording> recordings) {
        for (Recording recording : due(recordings)) {
            if (!source.application().transactions().runInBackground(() -> takeDueSnapshot(recording, true))) {
                takeDueSnapshots(recordings);
                return;
            }
        }
    }

    private List<Recording> due(List<Recording> recordings) {
        return interval.isAutomatic()
                ? recordings.stream()
                        .filter(recording -> interval.isDue(recording.event().originatorVersion())
                                && source.eventTypes()
                                        .contains(recording.event().payload().getClass()))
                        .toList()
                : List.of();
    }

    /**
     * Takes a snapshot that is due.
     *
     * @param elsewhere whether the connection may lead to another database than the one in which the event was recorded
     * @return false if it does: the event is not there
     * @throws PersistenceException if the snapshot cannot be taken
     */
    private boolean takeDueSnapshot(Recording recording, boolean elsewhere) {
        UUID id = recording.event().originatorId();
        long version = recording.event().originatorVersion();
        try {
            SnapshotStore snapshots = source.requireSnapshots();
            HistoryReader.Reading<A> reading = history.read(id, version);
            if (elsewhere && !recording.notification().event().equals(reading.last())) {
                return false;
            }
            // Nothing is taken where the projector left nothing.
            reading.result().ifPresent(aggregate -> snapshots.put(capture(aggregate)));
        } catch (WrongAggregateException e) {
            LOG.debug("The event type is that of another kind of aggregate too", e);
        } catch (Throwable e) {
            throw new PersistenceException(
                    "No snapshot was taken of version " + version + " of " + id + " in application "
                            + source.application().name() + "; what was recorded stays recorded.",
                    Thrown.readable(e),
                    e instanceof PersistenceException failure && failure.isTransient());
        }
        return true;
    }

    private AggregateNotFoundException notFound(UUID id, long version) {
        return new AggregateNotFoundException(source.application().name(), id, version);
    }
}
