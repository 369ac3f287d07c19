package dev.eventsourcing.application;

import static dev.eventsourcing.persistence.Settings.SNAPSHOTS;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.EventStore;
import java.util.Optional;
import java.util.Set;

/**
 * Where a repository has its aggregates from.
 *
 * @param application the application that has it
 * @param events its events
 * @param kind what one of them is called in messages
 * @param eventTypes what can happen to them
 * @param stateType the type of the state in snapshots; that of nothing if none are declared
 * @param declared its snapshots; empty if none are declared
 */
record RepositorySource(
        Application application,
        EventStore events,
        String kind,
        Set<Class<?>> eventTypes,
        Class<?> stateType,
        Optional<SnapshotStore> declared) {

    /** The same with snapshots of a type. */
    RepositorySource with(Class<?> type, SnapshotStore snapshots) {
        return new RepositorySource(application, events, kind, eventTypes, type, Optional.of(snapshots));
    }

    /** The snapshots, if they are declared and not switched off. */
    Optional<SnapshotStore> snapshots() {
        return declared.filter(SnapshotStore::isOn);
    }

    SnapshotStore requireSnapshots() {
        return snapshots()
                .orElseThrow(() -> new ConfigurationException("The repository of " + kind + " in application "
                        + application.name() + " takes no snapshots: "
                        + (declared.isEmpty()
                                ? "none are declared. Declare them where it is made, with snapshots(..)."
                                : "the setting " + SNAPSHOTS.key() + " is off.")));
    }
}
