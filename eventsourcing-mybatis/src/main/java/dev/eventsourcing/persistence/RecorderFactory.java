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

    /**
     * The settings that what is done with these recorders goes by, such as how state is compressed; those of the process unless
     * the recorders were made from others.
     */
    default Settings settings() {
        return Settings.ofProcess();
    }

    /**
     * The recorders that the application of this name is to use. Recorders that were made from settings may have another database
     * for it; all others are the same for every application. What is returned need not be closed: closing this factory does.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name or a setting of the application cannot be used
     */
    default RecorderFactory forApplication(String applicationName) {
        return this;
    }

    /** Closes what this factory opened, and nothing that it was given. */
    @Override
    void close();
}
