package dev.eventsourcing.system;

/** What a follower does about an event that it cannot process, once what may pass by itself was tried again. */
public enum FailureAction {
    /** Stops the follower in front of the event, until somebody has mended what is wrong and lets it go on. The default. */
    STOP,

    /**
     * Puts the event aside, and all later ones of its originator, in order; goes on with the others. {@link Follower#parking} shows
     * them, and processes or drops them later. An {@link Error}, and what is about the moment, as
     * {@link dev.eventsourcing.persistence.FailureKind#MOMENT} says, are no reason to park an event.
     */
    PARK
}
