package dev.eventsourcing.persistence.memory;

import dev.eventsourcing.persistence.FollowedLog;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.SharedStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

/** What the applications of one store share. Leases are no part of its transactions. */
final class SharedMemory implements SharedStore {
    private final Store store;
    private final Map<String, Lease> leases = new HashMap<>();

    SharedMemory(Store store) {
        this.store = store;
    }

    @Override
    public Map<String, Long> heads(Collection<String> applications) {
        return store.required(() -> {
            Map<String, Long> heads = new LinkedHashMap<>();
            for (String name : applications) {
                NavigableMap<Long, ?> log = store.log(name);
                heads.put(name, log.isEmpty() ? 0 : log.lastKey());
            }
            return heads;
        });
    }

    @Override
    public synchronized Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
        long now = System.nanoTime();
        Set<String> taken = new LinkedHashSet<>();
        for (String follower : followers) {
            Lease lease = leases.get(follower);
            if (lease == null || lease.holder.equals(holder) || lease.until - now <= 0) {
                leases.put(follower, Lease.from(now, holder, time));
                taken.add(follower);
            }
        }
        return taken;
    }

    @Override
    public synchronized Set<String> takeOverLeases(String holder, Collection<FollowerLease> abandoned, Duration time) {
        long now = System.nanoTime();
        Set<String> taken = new LinkedHashSet<>();
        for (FollowerLease seen : abandoned) {
            Lease lease = leases.get(seen.follower());
            if (lease != null && lease.holder.equals(seen.holder()) && lease.end.equals(seen.until())) {
                leases.put(seen.follower(), Lease.from(now, holder, time));
                taken.add(seen.follower());
            }
        }
        return taken;
    }

    @Override
    public synchronized void releaseLeases(String holder, Collection<String> followers) {
        followers.forEach(follower ->
                leases.computeIfPresent(follower, (name, lease) -> lease.holder.equals(holder) ? null : lease));
    }

    @Override
    public synchronized List<FollowerLease> leases(Collection<String> followers) {
        long now = System.nanoTime();
        List<FollowerLease> current = new ArrayList<>();
        for (String follower : followers) {
            Lease lease = leases.get(follower);
            if (lease != null && lease.until - now > 0) {
                current.add(new FollowerLease(
                        follower,
                        lease.holder,
                        Duration.ofNanos(lease.until - now),
                        lease.end,
                        Optional.of(lease.time)));
            }
        }
        return current;
    }

    @Override
    public List<FollowedLog> followedLogs(Collection<String> leaders) {
        return store.required(() -> store.followedLogs(leaders));
    }

    @Override
    public void recordTopics(String follower, String leader, Set<String> topics) {
        store.required(() -> {
            store.recordTopics(follower, leader, topics);
            return follower;
        });
    }

    /** Does nothing: nobody can be cut off from this memory. */
    @Override
    public void limitIdleness(Duration idle) {}

    /**
     * A lease.
     *
     * @param until its end by {@link System#nanoTime}
     * @param end the same by the clock of the day, which only tells one renewal from another
     */
    private record Lease(String holder, long until, Instant end, Duration time) {
        static Lease from(long now, String holder, Duration time) {
            return new Lease(holder, now + time.toNanos(), Instant.now().plus(time), time);
        }
    }
}
