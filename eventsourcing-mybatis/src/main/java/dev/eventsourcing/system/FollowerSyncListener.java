package dev.eventsourcing.system;

/** Hears how a synchronisation goes on, on its thread. What it throws ends the synchronisation. */
public interface FollowerSyncListener {
    /** For a synchronisation that nobody wants to hear of. */
    FollowerSyncListener NOBODY = new FollowerSyncListener() {};

    /**
     * A follower has its turn. In a system with loops it may have several.
     *
     * @param follower the follower's name
     */
    default void begins(String follower) {}

    /** A batch was committed; in a dry run, was done. */
    default void progressed(FollowerProgress progress) {}

    /** The result of a follower is there, which had its last turn. */
    default void ended(FollowerResult result) {}
}
