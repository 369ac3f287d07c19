package dev.eventsourcing.application;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads what a repository gives: from the cache, from a snapshot, or from the first event on, whichever is there and can be
 * believed. A state counts only as long as the event is recorded that it came from. Safe for use by several threads.
 */
final class HistoryReader<A> {
    private static final Logger LOG = LoggerFactory.getLogger(Repository.class);

    private final Repository<A> repository;
    private final RepositorySource source;
    private final StateCache<A> cache;

    HistoryReader(Repository<A> repository) {
        this.repository = repository;
        this.source = repository.source;
        this.cache = repository.cache;
    }

    /** Reads the latest version, from the cache if that is on. */
    Reading<A> latest(UUID id) {
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
        } catch (Exception e) {
            // The events lead to the same state.
            LOG.warn(
                    "Version {} of {} in application {} cannot be restored from the cache; it is read again.",
                    cached.version(),
                    id,
                    source.application().name(),
                    Thrown.readable(e));
            cache.remove(id, cached);
            return readAgain(e, () -> {
                Reading<A> again = read(id, Long.MAX_VALUE);
                keep(id, again);
                return again;
            });
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
            StateCache.Entry<A> entry = new StateCache.Entry<>(
                    last, repository.keep(reading.result().get()));
            source.application().afterCommit(() -> cache.put(id, entry));
        } catch (Exception e) {
            // What was read is right all the same.
            Thrown.restoreInterruption(e);
            LOG.warn(
                    "{} in application {} is not cached.",
                    id,
                    source.application().name(),
                    Thrown.readable(e));
        }
    }

    /** Reads a version, from the newest snapshot up to it if there is one. */
    Reading<A> read(UUID id, long version) {
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
        return readFromTheFirst(id, version);
    }

    private Reading<A> readFromTheFirst(UUID id, long version) {
        return Objects.requireNonNull(read(id, repository.replay(id), -1, version, null));
    }

    /** Reads in another way after an error. An interruption is restored after that: with its flag set the connection would break. */
    private Reading<A> readAgain(Throwable failed, Supplier<Reading<A>> reading) {
        boolean interrupted = Thread.interrupted() || Thrown.isInterruption(failed);
        try {
            return reading.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable Reading<A> readOn(SnapshotStore snapshots, DomainEvent<?> snapshot, long version) {
        UUID id = snapshot.originatorId();
        long from = snapshot.originatorVersion();
        Replay<A> replay;
        try {
            replay = repository.replay(snapshot);
        } catch (Exception e) {
            snapshots.skip(id, from, "restoring it failed: " + Thrown.text(e), Thrown.readable(e));
            return readAgain(e, () -> readFromTheFirst(id, version));
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
    boolean begins(UUID id) {
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
    DomainEvent<?> decode(StoredEvent stored) {
        DomainEvent<?> event = source.events().decode(stored);
        if (!source.eventTypes().contains(event.payload().getClass())) {
            throw new WrongAggregateException(
                    source.application().name(), stored.originatorId(), source.kind(), event.payload());
        }
        return event;
    }

    /**
     * What was read.
     *
     * @param result the aggregate, if there is one
     * @param last the last event that led to it; null if there is none
     */
    record Reading<A>(Optional<A> result, @Nullable StoredEvent last) {}
}
