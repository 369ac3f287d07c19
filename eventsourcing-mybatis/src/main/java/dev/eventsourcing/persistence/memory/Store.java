package dev.eventsourcing.persistence.memory;

import dev.eventsourcing.domain.errors.Listeners;
import dev.eventsourcing.persistence.FollowedLog;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.RehearsedUnit;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables, and their transactions: one at a time, undone step by step when they are rolled back. */
final class Store implements Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(InMemoryRecorders.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final Map<String, Sequences> events = new HashMap<>();
    private final Map<String, Sequences> snapshots = new HashMap<>();
    private final Map<String, NavigableMap<Long, StoredEvent>> logs = new HashMap<>();
    private final Map<String, Map<String, Position>> positions = new HashMap<>();
    private final Map<List<String>, Set<String>> topics = new HashMap<>();
    private final Map<String, Map<String, NavigableMap<Long, ParkedEvent>>> parked = new HashMap<>();
    private final Map<Long, Instant> recordedAt = new HashMap<>();
    private long lastId;

    @Override
    public <T> T required(Supplier<T> work) {
        if (active()) {
            return work.get();
        }
        T result;
        List<Runnable> actions;
        lock.lock();
        try {
            result = work.get();
            actions = List.copyOf(afterCommit);
        } catch (Throwable e) {
            undoTo(0);
            throw e;
        } finally {
            undo.clear();
            afterCommit.clear();
            lock.unlock();
        }
        Listeners.callAll(
                actions,
                Runnable::run,
                e -> LOG.error("An action after a commit failed; what was committed stays.", e));
        return result;
    }

    /** In no transaction: no rows of the user's are here, and of ours a rehearsal writes none. */
    @Override
    public <T> T rehearse(Duration yieldsAfter, Function<RehearsedUnit, T> work) {
        return work.apply(RehearsedUnit.PLAIN);
    }

    @Override
    public boolean active() {
        return lock.isHeldByCurrentThread();
    }

    @Override
    public boolean afterCommit(Runnable action) {
        return active() && afterCommit.add(action);
    }

    /** Does the work in a transaction; if it throws, its own steps are undone and the transaction stays usable. */
    <T> T atomically(Supplier<T> work) {
        return required(() -> {
            int before = undo.size();
            try {
                return work.get();
            } catch (Throwable e) {
                undoTo(before);
                throw e;
            }
        });
    }

    Sequences events(String application) {
        return events.computeIfAbsent(application, name -> new Sequences());
    }

    Sequences snapshots(String application) {
        return snapshots.computeIfAbsent(application, name -> new Sequences());
    }

    NavigableMap<Long, StoredEvent> log(String application) {
        return logs.computeIfAbsent(application, name -> new TreeMap<>());
    }

    /** What all followers have recorded of the logs of some leaders. */
    List<FollowedLog> followedLogs(Collection<String> leaders) {
        List<FollowedLog> followed = new ArrayList<>();
        positions.forEach((follower, behind) -> behind.forEach((leader, position) -> {
            if (leaders.contains(leader)) {
                Optional<Set<String>> known = Optional.ofNullable(topics.get(List.of(follower, leader)));
                followed.add(new FollowedLog(follower, leader, position.notificationId(), known));
            }
        }));
        return followed;
    }

    /** Records the topics that a follower with a position processes. */
    void recordTopics(String follower, String leader, Set<String> followed) {
        if (positions(follower).containsKey(leader)) {
            topics.put(List.of(follower, leader), followed);
        }
    }

    Map<String, Position> positions(String follower) {
        return positions.computeIfAbsent(follower, name -> new HashMap<>());
    }

    NavigableMap<Long, ParkedEvent> parked(String follower, String leader) {
        return parked.computeIfAbsent(follower, name -> new HashMap<>())
                .computeIfAbsent(leader, name -> new TreeMap<>());
    }

    /** Adds an entry, to be taken out again if the transaction is rolled back. */
    <K, V> void put(Map<K, V> map, K key, V value) {
        V former = map.put(key, value);
        undo.push(former == null ? () -> map.remove(key) : () -> map.put(key, former));
    }

    /** Takes an entry away, to be put back if the transaction is rolled back. */
    <K, V> void remove(Map<K, V> map, K key) {
        V former = map.remove(key);
        if (former != null) {
            undo.push(() -> map.put(key, former));
        }
    }

    /** When each event was recorded, by its id. */
    Map<Long, Instant> recordedAt() {
        return recordedAt;
    }

    /** The next id; used up even if the transaction is rolled back, as those of a database are. */
    long nextId() {
        return ++lastId;
    }

    private void undoTo(int steps) {
        while (undo.size() > steps) {
            undo.pop().run();
        }
    }

    /** The events of each originator, in order of version. */
    final class Sequences {
        private final Map<UUID, NavigableMap<Long, StoredEvent>> sequences = new HashMap<>();

        /** Those of one originator, not to be changed; none are kept for one that has none. */
        NavigableMap<Long, StoredEvent> of(UUID originatorId) {
            return sequences.getOrDefault(originatorId, Collections.emptyNavigableMap());
        }

        /** Adds an event; false if its version is there. */
        boolean add(StoredEvent event) {
            NavigableMap<Long, StoredEvent> sequence =
                    sequences.computeIfAbsent(event.originatorId(), id -> new TreeMap<>());
            if (sequence.containsKey(event.originatorVersion())) {
                return false;
            }
            put(sequence, event.originatorVersion(), event);
            return true;
        }
    }
}
