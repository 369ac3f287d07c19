package dev.eventsourcing.persistence;

import java.util.Optional;

/**
 * Makes the recorders of applications that share one store. Making a recorder checks the application's name and asks
 * nothing of the store. Safe for use by several threads.
 */
public interface RecorderFactory extends AutoCloseable {
    /**
     * Makes a recorder for snapshots.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    AggregateRecorder snapshotRecorder(String applicationName);

    /**
     * Makes a recorder for an application that follows nobody.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    ApplicationRecorder applicationRecorder(String applicationName);

    /**
     * Makes a recorder for a follower.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    ProcessRecorder processRecorder(String applicationName);

    /** The transactions that these recorders take part in. */
    Transactions transactions();

    /** What brings the store's tables up to date; empty if it has none. */
    default Optional<Migrations> migrations() {
        return Optional.empty();
    }

    /** Closes what this factory opened, and nothing that it was given. */
    @Override
    void close();
}
