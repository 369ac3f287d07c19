package dev.eventsourcing.system;

import dev.eventsourcing.persistence.FailureKind;

/**
 * Decides what a failure of a follower is about, where the SQLSTATE does not tell: that of a web service the policy calls, or of a
 * database with errors of its own. Given to {@link Follower#retryPolicy}. Called by the thread that processes; its exceptions are logged,
 * and {@code proposed} is taken.
 */
@FunctionalInterface
public interface RetryPolicy {
    /** Takes what the library proposes. */
    RetryPolicy DEFAULT = (failure, proposed) -> proposed;

    /**
     * What a failure is about.
     *
     * @param failure what was thrown, by the policy or around it; look along its causes
     * @param proposed what the library takes it for
     */
    FailureKind kindOf(Throwable failure, FailureKind proposed);
}
