package dev.eventsourcing.persistence.contract;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testing.RecorderContract;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.function.Supplier;

/** Recorders over a database of their own, which is closed with them. */
public final class DatabaseRecorders implements RecorderFactory {
    private final TestDatabase database;
    private final MyBatisRecorders recorders;

    private DatabaseRecorders(TestDatabase database) {
        this.database = database;
        this.recorders = MyBatisRecorders.over(database.dataSource());
    }

    /** The contract of the recorders over such databases. */
    public static RecorderContract<?> contract(Supplier<? extends TestDatabase> migrated) {
        return RecorderContract.of(() -> new DatabaseRecorders(migrated.get()))
                .waitingWhen((recorders, thread) -> recorders.database.somebodyWaits());
    }

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return recorders.snapshotRecorder(applicationName);
    }

    @Override
    public ApplicationRecorder applicationRecorder(String applicationName) {
        return recorders.applicationRecorder(applicationName);
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        return recorders.processRecorder(applicationName);
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
    public void close() {
        recorders.close();
        database.close();
    }
}
