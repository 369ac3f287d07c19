package dev.eventsourcing.application;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.StoredEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The states of aggregates that were read last, none of which anybody can change. The one that was not asked for longest goes
 * when there are too many. Safe for use by several threads.
 */
final class StateCache<A> {
    static final int MAX_SIZE = 1_000_000;

    private final int size;
    private final Map<UUID, Entry<A>> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** Makes a cache for so many aggregates; 0 keeps none. */
    StateCache(int size) {
        this.size = requireSize(size);
    }

    /** Checks a size, which may give way to a setting. */
    static int requireSize(int size) {
        if (size < 0 || size > MAX_SIZE) {
            throw new ConfigurationException("A cache of " + size
                    + " aggregates cannot be had. Give a number from 0, for" + " none, to " + MAX_SIZE + ".");
        }
        return size;
    }

    boolean isOn() {
        return size > 0;
    }

    int size() {
        return size;
    }

    synchronized Optional<Entry<A>> get(UUID id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** Keeps an entry, unless a later one is there: it may come late, after the commit of what it was read in. */
    synchronized void put(UUID id, Entry<A> entry) {
        Entry<A> former = entries.get(id);
        if (former != null && former.version() > entry.version()) {
            return;
        }
        entries.put(id, entry);
        if (entries.size() > size) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    /** Drops an entry that turned out to be of no use. */
    synchronized void remove(UUID id, Entry<A> entry) {
        entries.remove(id, entry);
    }

    /**
     * A state.
     *
     * @param last the event that led to it: it is compared with what is recorded whenever the state is used
     * @param resume makes a replay that goes on from the state, another one each time
     */
    record Entry<A>(StoredEvent last, Supplier<Replay<A>> resume) {
        long version() {
            return last.originatorVersion();
        }
    }
}
