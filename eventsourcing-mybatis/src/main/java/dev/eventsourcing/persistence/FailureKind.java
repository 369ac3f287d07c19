package dev.eventsourcing.persistence;

/** What a failure is about, and with it whether trying again helps. The table of SQLSTATEs is in the README. */
public enum FailureKind {
    /**
     * The moment: the server cannot be reached, has no room, is read-only or shuts down, or the library's own tables or rights are
     * missing. Whatever is tried now fails, and the same succeeds once the server is well again. A runner retries without limit, and
     * parks nothing.
     */
    MOMENT,

    /** The event, or the statement that failed, though the same may succeed a little later: a lock, a deadlock, a time limit. */
    PASSING,

    /** The event, or the statement that failed: the same fails again until somebody changes something. */
    LASTING
}
