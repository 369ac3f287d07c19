package dev.eventsourcing.system;

import java.time.Duration;

/** Hears how a pull goes on. */
interface PullListener {
    /** For a pull that nobody wants to hear of. */
    PullListener NOBODY = (leader, events, parked, time) -> {};

    /**
     * A batch was committed.
     *
     * @param events how many events were processed
     * @param parked how many were put aside
     * @param time what it took, commit included
     */
    void batch(String leader, int events, int parked, Duration time);
}
