package dev.eventsourcing.persistence.memory;

import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** The events that a follower has put aside. */
final class ParkedEventRecorder implements ParkedEvents {
    private final Store store;
    private final String follower;

    ParkedEventRecorder(Store store, String follower) {
        this.store = store;
        this.follower = follower;
    }

    @Override
    public Set<UUID> originators(String leader, Collection<UUID> among) {
        return store.required(() -> {
            Set<UUID> parked = new LinkedHashSet<>();
            of(leader).values().stream().map(ParkedEvent::originatorId).forEach(parked::add);
            parked.retainAll(Set.copyOf(among));
            return parked;
        });
    }

    @Override
    public void park(Collection<ParkedEvent> events) {
        store.atomically(() -> {
            for (ParkedEvent event : events) {
                ParkedEvent before = of(event.leader()).get(event.notificationId());
                store.put(
                        of(event.leader()),
                        event.notificationId(),
                        again(event, before == null ? 0 : before.attempts()));
            }
            return this;
        });
    }

    private static ParkedEvent again(ParkedEvent event, int attemptsBefore) {
        return new ParkedEvent(
                event.leader(),
                event.notificationId(),
                event.originatorId(),
                event.originatorVersion(),
                event.topic(),
                event.reason(),
                attemptsBefore + event.attempts(),
                Clock.systemUTC().instant());
    }

    @Override
    public int remove(String leader, Collection<Long> notificationIds) {
        return store.atomically(() -> {
            int removed = 0;
            for (Long id : Set.copyOf(notificationIds)) {
                if (of(leader).containsKey(id)) {
                    store.remove(of(leader), id);
                    removed++;
                }
            }
            return removed;
        });
    }

    @Override
    public List<ParkedEvent> select(String leader, long after, int limit) {
        return select(leader, after, limit, event -> true);
    }

    @Override
    public List<ParkedEvent> select(String leader, UUID originatorId, long after, int limit) {
        return select(leader, after, limit, event -> event.originatorId().equals(originatorId));
    }

    private List<ParkedEvent> select(String leader, long after, int limit, Predicate<ParkedEvent> wanted) {
        return store.required(() -> of(leader).tailMap(after, false).values().stream()
                .filter(wanted)
                .limit(limit)
                .toList());
    }

    @Override
    public long count(String leader) {
        return store.required(() -> (long) of(leader).size());
    }

    private NavigableMap<Long, ParkedEvent> of(String leader) {
        return store.parked(follower, leader);
    }
}
