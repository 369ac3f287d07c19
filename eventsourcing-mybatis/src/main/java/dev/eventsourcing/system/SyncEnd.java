package dev.eventsourcing.system;

/** Why a synchronisation went no further in a log. */
public enum SyncEnd {
    /** It has come to where the log ended. */
    COMPLETE,
    /** A transaction is open that may yet record an event below those that are left; it was waited for long enough. */
    OPEN_APPEND,
    /** As many events were processed as were asked for. */
    MAX_EVENTS,
    /** The time that was given is over. */
    TIME_BUDGET,
    /** It was told to stop. */
    STOPPED,
    /** The follower failed. */
    FAILED
}
