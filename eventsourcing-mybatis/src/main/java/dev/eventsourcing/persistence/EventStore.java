package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.DomainEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;

/** Stores and reads the events of an application: a recorder with the codec in front. Safe for use by several threads. */
public final class EventStore {
    /** How many events of an aggregate are read at a time, so that a history of any length needs constant memory. */
    private static final int PAGE = 1_024;

    private final AggregateRecorder recorder;
    private final EventCodec codec;

    /** Makes a store over a recorder. */
    public EventStore(AggregateRecorder recorder, EventCodec codec) {
        this.recorder = recorder;
        this.codec = codec;
    }

    /**
     * Stores all the events or none of them, in the current transaction or in one of its own.
     *
     * @return a recording for each event, in order; none if the recorder keeps no log
     * @throws RecordConflictException if a version of an aggregate is stored already
     * @throws PersistenceException if storing fails otherwise
     */
    public List<Recording> put(List<? extends DomainEvent<?>> events) {
        List<StoredEvent> stored = new ArrayList<>(events.size());
        for (DomainEvent<?> event : events) {
            stored.add(codec.encode(event));
        }
        List<Long> ids = recorder.insertEvents(stored);
        List<Recording> recordings = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            recordings.add(new Recording(events.get(i), new Notification(ids.get(i), stored.get(i))));
        }
        return recordings;
    }

    /** Whether the event is what is stored at its version, as far as its class can tell. */
    public boolean contains(DomainEvent<?> event) {
        long version = event.originatorVersion();
        VersionRange only = VersionRange.after(version - 1).upTo(version);
        return recorder.selectEvents(event.originatorId(), only).stream().anyMatch(stored -> codec.says(stored, event));
    }

    /**
     * The events of an aggregate in a range, read page by page and decoded one by one as they are asked for.
     *
     * @throws PersistenceException from the iterator, if reading or decoding fails
     */
    public Iterable<DomainEvent<?>> get(UUID originatorId, VersionRange range) {
        return () -> {
            Iterator<StoredEvent> stored = new Pages(originatorId, range);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return stored.hasNext();
                }

                @Override
                public DomainEvent<?> next() {
                    return decode(stored.next());
                }
            };
        };
    }

    /**
     * The same as they are stored, to be {@linkplain #decode decoded} or compared.
     *
     * @throws PersistenceException from the iterator, if reading fails
     */
    public Iterable<StoredEvent> stored(UUID originatorId, VersionRange range) {
        return () -> new Pages(originatorId, range);
    }

    /**
     * The event that is stored.
     *
     * @throws EventDecodingException if it is not readable
     */
    public DomainEvent<?> decode(StoredEvent stored) {
        return codec.decode(stored);
    }

    private final class Pages implements Iterator<StoredEvent> {
        private final UUID originatorId;
        private VersionRange rest;
        private List<StoredEvent> page = List.of();
        private int next;
        private boolean last;

        Pages(UUID originatorId, VersionRange range) {
            this.originatorId = originatorId;
            this.rest = range;
        }

        @Override
        public boolean hasNext() {
            if (next == page.size() && !last) {
                int limit = Math.min(PAGE, rest.limit());
                page = recorder.selectEvents(originatorId, rest.limit(limit));
                next = 0;
                last = page.size() < limit || limit == 0;
                if (!last) {
                    long reached = page.get(page.size() - 1).originatorVersion();
                    rest = (rest.descending()
                                    ? new VersionRange(rest.after(), reached - 1, true, rest.limit())
                                    : new VersionRange(reached, rest.upTo(), false, rest.limit()))
                            .limit(rest.limit() == Integer.MAX_VALUE ? rest.limit() : rest.limit() - limit);
                }
            }
            return next < page.size();
        }

        @Override
        public StoredEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.get(next++);
        }
    }
}
