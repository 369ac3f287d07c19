package dev.eventsourcing.persistence;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Parked events of a follower. Of those that a rehearsal parks, only the originators are kept: that is what the rest of it depends on.
 */
record RehearsedParkedEvents(String follower, ParkedEvents base) implements ParkedEvents {
    @Override
    public boolean keepsEvents() {
        return base.keepsEvents();
    }

    @Override
    public Set<UUID> originators(String leader, Collection<UUID> among) {
        Set<UUID> parked = new LinkedHashSet<>(base.originators(leader, among));
        Rehearsal.current()
                .ifPresent(rehearsal -> among.stream()
                        .filter(rehearsal.parked(follower, leader)::contains)
                        .forEach(parked::add));
        return parked;
    }

    @Override
    public void park(Collection<ParkedEvent> events) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        if (rehearsal.isPresent()) {
            rehearsal.get().park(follower, events);
        } else {
            base.park(events);
        }
    }

    @Override
    public int remove(String leader, Collection<Long> notificationIds) {
        if (Rehearsal.isOn()) {
            throw new PersistenceException(
                    "Parked events are not retried or dropped in a rehearsal. Do it outside of one.", null);
        }
        return base.remove(leader, notificationIds);
    }

    @Override
    public List<ParkedEvent> select(String leader, long after, int limit) {
        return base.select(leader, after, limit);
    }

    @Override
    public List<ParkedEvent> select(String leader, UUID originatorId, long after, int limit) {
        return base.select(leader, originatorId, after, limit);
    }

    @Override
    public List<ParkedEvent> failures(String leader, long below, int limit) {
        return base.failures(leader, below, limit);
    }

    @Override
    public long count(String leader) {
        long rehearsed = Rehearsal.current()
                .map(rehearsal -> rehearsal.parked(follower, leader).size())
                .orElse(0);
        return base.count(leader) + rehearsed;
    }
}
