package dev.eventsourcing.system;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.Transactions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives a follower, which is made as any application is, the recorder that its batches work on. */
final class BatchRecorders implements RecorderFactory {
    private RecorderFactory recorders;
    private @Nullable BatchRecorder made;

    BatchRecorders(RecorderFactory recorders) {
        this.recorders = recorders.rehearsable();
    }

    /** The recorder that the follower was made with. */
    BatchRecorder made() {
        if (made == null) {
            throw new AssertionError("The follower has not been made yet");
        }
        return made;
    }

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return recorders.snapshotRecorder(applicationName);
    }

    @Override
    public ApplicationRecorder applicationRecorder(String applicationName) {
        return processRecorder(applicationName);
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        made = new BatchRecorder(recorders.processRecorder(applicationName));
        return made;
    }

    @Override
    public SharedStore sharedStore() {
        return recorders.sharedStore();
    }

    @Override
    public ParkedEvents parkedEvents(String applicationName) {
        return recorders.parkedEvents(applicationName);
    }

    @Override
    public Transactions transactions() {
        return recorders.transactions();
    }

    @Override
    public Optional<Migrations> migrations() {
        return recorders.migrations();
    }

    @Override
    public Settings settings() {
        return recorders.settings();
    }

    /** Goes on with the recorders of that application. */
    @Override
    public RecorderFactory forApplication(String applicationName) {
        recorders = recorders.forApplication(applicationName);
        return this;
    }

    /** They are, as those that they go on with. */
    @Override
    public RecorderFactory rehearsable() {
        return this;
    }

    @Override
    public void close() {
        recorders.close();
    }
}
