package dev.eventsourcing.testing;

import dev.eventsourcing.application.AggregateNotFoundException;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.OriginatorVersionException;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.persistence.json.DeepEquality;
import dev.eventsourcing.persistence.json.DeepEquality.Difference;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Whether a snapshot of each version of an aggregate, and the events after it, lead to what all of its events lead to.
 *
 * @param name the application's name
 * @param history the events
 * @param initialVersion the version of the first
 * @param repositories declares a repository with snapshots
 */
record SnapshotAgreement<A>(
        String name,
        History history,
        long initialVersion,
        Function<ScenarioApplication, ? extends Repository<A>> repositories) {
    /** Checks it. */
    void check() {
        if (history.isEmpty()) {
            throw new AssertionError("Snapshots of nothing agree always. Give events first.");
        }
        InMemoryRecorders complete = new InMemoryRecorders();
        ScenarioApplication application = application(complete);
        Repository<A> repository = repositories.apply(application);
        List<DomainEvent<?>> events = history.events(initialVersion);
        ScenarioApplication.readBack(application, application.save(events));
        Optional<A> replayed = repository.find(history.id());
        // The highest version first, so that none is made of a snapshot below.
        for (int i = events.size() - 1; i >= 0; i--) {
            long version = events.get(i).originatorVersion();
            if (takes(repository, version)) {
                compare(version, replayed, restored(complete, version));
            }
        }
    }

    private ScenarioApplication application(InMemoryRecorders recorders) {
        return new ScenarioApplication(name, recorders, history.format());
    }

    /** Takes a snapshot; false if there is nothing at that version. */
    private boolean takes(Repository<A> repository, long version) {
        try {
            return repository.takeSnapshot(history.id(), version);
        } catch (AggregateNotFoundException e) {
            return false;
        }
    }

    /**
     * Reads from a store that has the snapshot, its event and the events after it, and no other: where the snapshot was
     * passed by, which a repository may do, this fails.
     */
    private Optional<A> restored(InMemoryRecorders complete, long version) {
        UUID id = history.id();
        InMemoryRecorders rest = new InMemoryRecorders();
        rest.snapshotRecorder(name)
                .insertEvents(complete.snapshotRecorder(name)
                        .selectEvents(id, VersionRange.after(version - 1).upTo(version)));
        rest.applicationRecorder(name)
                .insertEvents(complete.applicationRecorder(name).selectEvents(id, VersionRange.after(version - 1)));
        try {
            return repositories.apply(application(rest)).find(id);
        } catch (OriginatorVersionException e) {
            throw new AssertionError(
                    "The snapshot of version " + version + " is stored and cannot be restored. A warning in the log of"
                            + " this test says why.\ngiven " + history.payloads(),
                    e);
        }
    }

    private void compare(long version, Optional<A> replayed, Optional<A> restored) {
        Optional<Difference> difference = DeepEquality.ofStates(replayed, restored);
        if (difference.isPresent()) {
            Difference found = difference.get();
            throw new AssertionError("The snapshot of version " + version + " and the events after it lead to another "
                    + name + " than all events do. They differ in "
                    + (found.path().isEmpty() ? "all" : found.path())
                    + ":\n  by all events   " + found.one() + "\n  by the snapshot " + found.other() + "\ngiven "
                    + history.payloads());
        }
    }
}
