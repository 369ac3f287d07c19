package dev.eventsourcing.persistence;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Recorders that write nothing while the thread rehearses. */
final class RehearsedRecorders implements RecorderFactory {
    private final RecorderFactory base;

    RehearsedRecorders(RecorderFactory base) {
        this.base = base;
    }

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return new Snapshots(base.snapshotRecorder(applicationName));
    }

    @Override
    public ApplicationRecorder applicationRecorder(String applicationName) {
        return new Log(applicationName, base.applicationRecorder(applicationName));
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        return new RehearsedProcess(applicationName, base.processRecorder(applicationName));
    }

    @Override
    public SharedStore sharedStore() {
        return base.sharedStore();
    }

    @Override
    public ParkedEvents parkedEvents(String applicationName) {
        return new RehearsedParkedEvents(applicationName, base.parkedEvents(applicationName));
    }

    @Override
    public Transactions transactions() {
        return new RehearsedTransactions(base.transactions());
    }

    @Override
    public Optional<Migrations> migrations() {
        return base.migrations();
    }

    @Override
    public Settings settings() {
        return base.settings();
    }

    @Override
    public RecorderFactory forApplication(String applicationName) {
        return new RehearsedRecorders(base.forApplication(applicationName));
    }

    @Override
    public RecorderFactory rehearsable() {
        return this;
    }

    @Override
    public void close() {
        base.close();
    }

    /** The log of an application that follows nobody. */
    private static final class Log extends RehearsedRecorder<ApplicationRecorder> {
        Log(String application, ApplicationRecorder base) {
            super(application, base);
        }
    }

    /** Snapshots, of which a rehearsal takes none: they would change nothing. */
    private record Snapshots(AggregateRecorder base) implements AggregateRecorder {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return Rehearsal.isOn() ? List.of() : base.insertEvents(events);
        }

        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return base.selectEvents(originatorId, range);
        }
    }
}
