package dev.eventsourcing.persistence;

import java.util.Optional;

/**
 * Makes the recorders of applications that share one store. Making a recorder checks the application's name and asks
 * nothing of the store. Safe for use by several threads.
 */
public interface RecorderFactory extends AutoCloseable {
    /**
     * Recorders by the settings of this process, as {@link #fromSettings(Settings)}.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if a setting cannot be used
     */
    static RecorderFactory fromSettings() {
        return fromSettings(Settings.ofProcess());
    }

    /**
     * Recorders of the provider that the setting {@code persistence} names, {@code mybatis} if it names none. Each application gets
     * those of its own settings, be it another database or another provider; where settings are equal, they are shared.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if there is no such provider, or a setting cannot be used
     */
    static RecorderFactory fromSettings(Settings settings) {
        settings.warnOfUnknown();
        return ChosenRecorders.by(settings);
    }

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

    /**
     * What the applications of this store share, for those who run many. Recorders without it are asked one by one, and then do the
     * same work in each process, which the positions keep from being recorded twice.
     */
    default SharedStore sharedStore() {
        return new UnsharedStore(this);
    }

    /**
     * Keeps the events that a follower puts aside. Recorders without it have none, and refuse to park one.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    default ParkedEvents parkedEvents(String applicationName) {
        return new NoParkedEvents(this);
    }

    /** The transactions that these recorders take part in. */
    Transactions transactions();

    /** What brings the store's tables up to date; empty if it has none. */
    default Optional<Migrations> migrations() {
        return Optional.empty();
    }

    /**
     * The settings that what is done with these recorders goes by, such as how state is compressed: those that the recorders were
     * made from, else those of the process, but for {@code persistence}, which the code has decided.
     */
    default Settings settings() {
        return Settings.ofProcess().fixed(Settings.PERSISTENCE, getClass().getName());
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

    /** The same recorders, which write nothing while the thread {@linkplain Rehearsal rehearses}. */
    default RecorderFactory rehearsable() {
        return new RehearsedRecorders(this);
    }

    /** Closes what this factory opened, and nothing that it was given. */
    @Override
    void close();
}
