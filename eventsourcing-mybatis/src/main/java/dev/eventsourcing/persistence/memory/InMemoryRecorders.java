package dev.eventsourcing.persistence.memory;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Transactions;

/**
 * Recorders that share one store in memory, which is gone when this object is. They keep every promise that those on a
 * database keep, gaps after a rollback included, so that tests in memory mean something. Safe for use by several threads, one
 * at a time: a transaction keeps the others waiting.
 */
public final class InMemoryRecorders implements RecorderFactory {
    private final Store store = new Store();

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return new SnapshotRecorder(store, ApplicationName.requireValid(applicationName));
    }

    @Override
    public ApplicationRecorder applicationRecorder(String applicationName) {
        return processRecorder(applicationName);
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        return new EventRecorder(store, ApplicationName.requireValid(applicationName));
    }

    @Override
    public Transactions transactions() {
        return store;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}
}
