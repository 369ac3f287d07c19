package dev.eventsourcing.application;

import dev.eventsourcing.persistence.Settings;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What settings say of snapshots and caches, before what the code says.
 *
 * @param snapshotsOn whether declared snapshots are read and taken
 * @param interval when they are taken; empty for as declared
 * @param cache how many aggregates each repository keeps in memory; empty for as declared
 */
record StateSettings(boolean snapshotsOn, Optional<SnapshotInterval> interval, OptionalInt cache) {
    /**
     * Reads them.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if one cannot be used
     */
    static StateSettings of(Settings settings) {
        String snapshots = settings.text(Settings.SNAPSHOTS).orElse("declared");
        Optional<SnapshotInterval> interval = switch (snapshots) {
            case "declared" -> Optional.empty();
            case "off", "on-request" -> Optional.of(SnapshotInterval.onRequest());
            default -> Optional.of(SnapshotInterval.every(number(settings, snapshots)));
        };
        OptionalInt cache = settings.wholeNumber(Settings.CACHE, 0, StateCache.MAX_SIZE).stream()
                .mapToInt(Math::toIntExact)
                .findFirst();
        return new StateSettings(!snapshots.equals("off"), interval, cache);
    }

    private static long number(Settings settings, String text) {
        if (text.matches("[1-9][0-9]{0,17}")) {
            return Long.parseLong(text);
        }
        throw settings.unusable(
                Settings.SNAPSHOTS, "is none of declared, off, on-request, and no number of events from 1");
    }

    /** The interval that holds where this one is declared. */
    SnapshotInterval interval(SnapshotInterval declared) {
        return interval.orElse(declared);
    }

    /** The size of a cache that holds where this one is declared. */
    int cache(int declared) {
        int checked = StateCache.requireSize(declared);
        return cache.orElse(checked);
    }
}
