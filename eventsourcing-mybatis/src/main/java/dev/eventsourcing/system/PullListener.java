package dev.eventsourcing.system;

import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.Recording;
import java.time.Duration;
import java.util.List;

/** Hears how a pull goes on. */
interface PullListener {
    /** For a pull that nobody wants to hear of. */
    PullListener NOBODY = batch -> {};

    /** A batch was committed. */
    void batch(PulledBatch batch);

    /** An event was put aside, as it could not be processed; its batch comes first. */
    default void parked(EventProcessingException failed) {}

    /**
     * A batch.
     *
     * @param leader whose log it was of
     * @param processed the events that were processed
     * @param parked how many were put aside
     * @param recordings what came of it
     * @param reached the position then
     * @param target where the log ended when the pass began
     * @param time what it took, commit included
     */
    record PulledBatch(
            String leader,
            List<Notification> processed,
            int parked,
            List<Recording> recordings,
            long reached,
            long target,
            Duration time) {}
}
