package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * For recorders that keep no parked events: there are none, and none can be parked.
 *
 * @param recorders what makes the recorders, for the error message
 */
record NoParkedEvents(RecorderFactory recorders) implements ParkedEvents {
    @Override
    public boolean keepsEvents() {
        return false;
    }

    @Override
    public Set<UUID> originators(String leader, Collection<UUID> among) {
        return Set.of();
    }

    @Override
    public void park(Collection<ParkedEvent> events) {
        throw new ConfigurationException(recorders.getClass().getName()
                + " keeps no parked events. Let the follower stop at an event that it cannot process.");
    }

    @Override
    public int remove(String leader, Collection<Long> notificationIds) {
        return 0;
    }

    @Override
    public List<ParkedEvent> select(String leader, long after, int limit) {
        return List.of();
    }

    @Override
    public List<ParkedEvent> select(String leader, UUID originatorId, long after, int limit) {
        return List.of();
    }

    @Override
    public long count(String leader) {
        return 0;
    }
}
