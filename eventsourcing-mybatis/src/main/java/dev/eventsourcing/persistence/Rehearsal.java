package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.errors.Thrown;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done to see what it would change, and undone. While a thread rehearses, {@linkplain RecorderFactory#rehearsable
 * rehearsable} recorders write nothing: what the thread records, positions and parked events included, is kept beside the store, where
 * the thread, and nobody else, sees it as if it were recorded. What the user's mappers do runs in a transaction for each database that
 * is rolled back.
 *
 * <p>A transaction of the work is, in a rehearsal, a part of that one which is undone if it throws.
 */
public final class Rehearsal {
    private static final ThreadLocal<@Nullable Rehearsal> CURRENT = new ThreadLocal<>();

    private final Map<Transactions, RehearsedUnit> units = new IdentityHashMap<>();
    private final Map<Transactions, Exception> unreachable = new IdentityHashMap<>();
    private final Set<Transactions> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, RehearsedLog> logs = new HashMap<>();
    private final Map<Path, Optional<Position>> positions = new HashMap<>();
    private final Map<Path, Set<UUID>> parked = new HashMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private final ExecutorService beside = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "eventsourcing-dry-run-reads");
        thread.setDaemon(true);
        return thread;
    });

    private Rehearsal() {}

    /**
     * Rehearses work.
     *
     * @param transactions those that are rolled back at the end. One that cannot be opened is left out; work that needs it then fails
     *     with what kept it from being opened.
     * @param yieldsAfter how long others may wait for what the work has locked, before it is given up
     * @return what the work returns
     * @throws PersistenceException if the thread is in a rehearsal already
     */
    public static <T> T of(Collection<Transactions> transactions, Duration yieldsAfter, Supplier<T> work) {
        if (isOn()) {
            throw new PersistenceException("This thread is in a rehearsal already. End that one first.", null);
        }
        Rehearsal rehearsal = new Rehearsal();
        Set<Transactions> distinct = new LinkedHashSet<>();
        transactions.forEach(each -> distinct.add(RehearsedTransactions.baseOf(each)));
        try {
            return rehearsal.open(distinct.iterator(), yieldsAfter, () -> {
                CURRENT.set(rehearsal);
                try {
                    return work.get();
                } finally {
                    CURRENT.remove();
                }
            });
        } finally {
            rehearsal.beside.shutdown();
            rehearsal.logs.values().forEach(RehearsedLog::close);
        }
    }

    private <T> T open(Iterator<Transactions> rest, Duration yieldsAfter, Supplier<T> work) {
        if (!rest.hasNext()) {
            return work.get();
        }
        Transactions next = rest.next();
        try {
            return next.rehearse(yieldsAfter, unit -> {
                units.put(next, unit);
                return open(rest, yieldsAfter, work);
            });
        } catch (Exception e) {
            if (units.containsKey(next)) {
                throw e;
            }
            unreachable.put(next, e);
            return open(rest, yieldsAfter, work);
        }
    }

    /** Whether this thread rehearses. */
    public static boolean isOn() {
        return CURRENT.get() != null;
    }

    /** Whether an event of an application was recorded by this thread's rehearsal, and so is not really. */
    public static boolean hasRecorded(String application, StoredEvent event) {
        Rehearsal current = CURRENT.get();
        RehearsedLog log = current == null ? null : current.logs.get(application);
        return log != null && log.contains(event);
    }

    /** The user's rows that this thread's rehearsal has changed up to now in transactions. */
    public static RowChanges changes(Transactions transactions) {
        return unit(transactions).map(RehearsedUnit::changes).orElse(RowChanges.UNKNOWN);
    }

    /**
     * To be called from time to time by work that takes long. Does nothing in a thread that does not rehearse.
     *
     * @throws RehearsalLostException if what is rehearsed in the transaction in hand has come to its end
     */
    public static void goOn() {
        Rehearsal current = CURRENT.get();
        if (current != null) {
            current.units.forEach(current::goOn);
        }
    }

    private void goOn(Transactions transactions, RehearsedUnit unit) {
        try {
            unit.goOn();
        } catch (RehearsalLostException e) {
            if (isWithin(transactions)) {
                throw e;
            }
        }
    }

    private static Optional<RehearsedUnit> unit(Transactions transactions) {
        Rehearsal current = CURRENT.get();
        return current == null
                ? Optional.empty()
                : Optional.ofNullable(current.units.get(RehearsedTransactions.baseOf(transactions)));
    }

    /** The rehearsal of this thread. */
    static Optional<Rehearsal> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Does what would be a transaction. */
    <T> T within(Transactions base, Supplier<T> work) {
        Exception failed = unreachable.get(base);
        if (failed != null) {
            throw Thrown.unchanged(failed);
        }
        if (isWithin(base)) {
            return work.get();
        }
        int before = undo.size();
        open.add(base);
        try {
            return units.getOrDefault(base, RehearsedUnit.PLAIN).undoable(work);
        } catch (Throwable e) {
            while (undo.size() > before) {
                undo.pop().run();
            }
            throw e;
        } finally {
            open.remove(base);
            if (open.isEmpty()) {
                undo.clear();
            }
        }
    }

    boolean isWithin(Transactions base) {
        return open.contains(base);
    }

    /** Reads what others see, on another thread and so outside of the transactions in hand. */
    <T> T beside(Callable<T> read) {
        try {
            return beside.submit(read).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PersistenceException("Interrupted while reading", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new PersistenceException("Reading failed: " + Thrown.text(e.getCause()), e.getCause());
        }
    }

    /** What an application would have recorded. */
    RehearsedLog log(String application, ApplicationRecorder recorder) {
        RehearsedLog known = logs.get(application);
        if (known == null) {
            known = new RehearsedLog(beside(recorder::end));
            logs.put(application, known);
        }
        return known;
    }

    List<Long> record(RehearsedLog log, List<StoredEvent> events) {
        int before = log.size();
        undo.push(() -> log.cutTo(before));
        return log.add(events);
    }

    Optional<Position> position(String follower, String leader, Supplier<Optional<Position>> before) {
        return positions.computeIfAbsent(new Path(follower, leader), path -> before.get());
    }

    void move(String follower, Tracking tracking) {
        Path path = new Path(follower, tracking.leader());
        Optional<Position> former = positions.put(path, Optional.of(tracking.position()));
        undo.push(() -> positions.put(path, former == null ? Optional.empty() : former));
    }

    Set<UUID> parked(String follower, String leader) {
        return parked.computeIfAbsent(new Path(follower, leader), path -> new HashSet<>());
    }

    void park(String follower, Collection<ParkedEvent> events) {
        for (ParkedEvent event : events) {
            Set<UUID> originators = parked(follower, event.leader());
            if (originators.add(event.originatorId())) {
                undo.push(() -> originators.remove(event.originatorId()));
            }
        }
    }

    /** A follower's way through the log of a leader. */
    private record Path(String follower, String leader) {}
}
