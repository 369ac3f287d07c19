package dev.eventsourcing.persistence.memory;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.RecorderProvider;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Recorders that share one store in memory, which is gone when this object is. They keep every promise that those on a
 * database keep, gaps after a rollback included, so that tests in memory mean something. Safe for use by several threads, one
 * at a time: a transaction keeps the others waiting.
 */
public final class InMemoryRecorders implements RecorderFactory {
    private final Store store = new Store();
    private final SharedStore shared = new SharedMemory(store);
    private final @Nullable Settings settings;

    /** Makes recorders with a store of their own, which is empty. */
    public InMemoryRecorders() {
        this.settings = null;
    }

    private InMemoryRecorders(Settings settings) {
        this.settings = settings;
    }

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
    public SharedStore sharedStore() {
        return shared;
    }

    @Override
    public ParkedEvents parkedEvents(String applicationName) {
        return new ParkedEventRecorder(store, ApplicationName.requireValid(applicationName));
    }

    @Override
    public Transactions transactions() {
        return store;
    }

    @Override
    public Settings settings() {
        return settings == null ? RecorderFactory.super.settings() : settings;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    /** Opens a store that all applications share, as {@code memory}. */
    public static final class Provider implements RecorderProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {}

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public RecorderFactory open(Settings settings) {
            return new InMemoryRecorders(settings);
        }
    }
}
