package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;

/** Makes the applications of a system and lets the followers among them follow. */
public interface Runner extends AutoCloseable {
    /** The system that is run. */
    EventDrivenSystem system();

    /**
     * An application of the system; before and after the start.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the system has no such class
     */
    <A extends Application> A get(Class<A> application);

    /**
     * Lets the followers catch up, and from then on process what is recorded.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the runner was started before, or is closed
     */
    void start();

    /**
     * Stops following, and closes what the runner made or was told to close.
     *
     * @throws EventProcessingException if a follower had failed; further failures are suppressed exceptions of the first
     */
    @Override
    void close();
}
