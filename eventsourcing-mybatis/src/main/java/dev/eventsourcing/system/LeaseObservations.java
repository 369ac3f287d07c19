package dev.eventsourcing.system;

import dev.eventsourcing.persistence.FollowerLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds leases that their holders have stopped renewing, by this machine's monotonic clock alone: the store's clock may have been put
 * back, by hand or by a fail-over to a host that is behind, and then a lease seems to last for hours. Used by one thread at a time.
 */
final class LeaseObservations {
    private final Duration unknownTime;
    private Map<String, Observation> observations = new HashMap<>();

    /**
     * Makes an empty list of observations.
     *
     * @param unknownTime how long a lease lasts unless it is renewed, if its holder does not say
     */
    LeaseObservations(Duration unknownTime) {
        this.unknownTime = unknownTime;
    }

    /**
     * Takes note of the leases of others, and forgets all that are not among them.
     *
     * @param current the leases as they are in the store
     * @param asked when they were asked for, as of {@link System#nanoTime}: since then they may have changed
     * @param answered when the answer was here
     * @return those that have not changed for the time that their holder takes them for
     */
    List<FollowerLease> abandoned(Collection<FollowerLease> current, long asked, long answered) {
        Map<String, Observation> before = observations;
        observations = new HashMap<>();
        List<FollowerLease> abandoned = new ArrayList<>();
        for (FollowerLease lease : current) {
            Observation known = before.get(lease.follower());
            Observation observation = known != null && known.isOf(lease)
                    ? known
                    : new Observation(lease.holder(), lease.until(), answered);
            observations.put(lease.follower(), observation);
            if (asked - observation.since() >= lease.time().orElse(unknownTime).toNanos()) {
                abandoned.add(lease);
            }
        }
        return abandoned;
    }

    private record Observation(String holder, Instant until, long since) {
        boolean isOf(FollowerLease lease) {
            return holder.equals(lease.holder()) && until.equals(lease.until());
        }
    }
}
