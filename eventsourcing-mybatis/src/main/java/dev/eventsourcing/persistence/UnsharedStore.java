package dev.eventsourcing.persistence;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * For recorders that have no {@link SharedStore}: asks each application's recorder, and gives every lease to whoever asks.
 *
 * @param recorders what makes the recorders
 */
record UnsharedStore(RecorderFactory recorders) implements SharedStore {
    @Override
    public Map<String, Long> heads(Collection<String> applications) {
        Map<String, Long> heads = new LinkedHashMap<>();
        applications.forEach(name ->
                heads.put(name, recorders.applicationRecorder(name).end().recorded()));
        return heads;
    }

    @Override
    public boolean keepsLeases() {
        return false;
    }

    @Override
    public Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
        return new LinkedHashSet<>(followers);
    }

    @Override
    public Set<String> takeOverLeases(String holder, Collection<FollowerLease> abandoned, Duration time) {
        return Set.of();
    }

    @Override
    public void releaseLeases(String holder, Collection<String> followers) {}

    @Override
    public List<FollowerLease> leases(Collection<String> followers) {
        return List.of();
    }

    @Override
    public void limitIdleness(Duration idle) {}
}
