package dev.eventsourcing.persistence;

import java.time.Instant;
import java.util.UUID;

/**
 * An event that a follower has put aside: it could not be processed, or an earlier one of its originator could not. The event itself
 * is in the leader's log, from where it is read again.
 *
 * @param leader the application that recorded it
 * @param notificationId its place in the leader's log
 * @param originatorId whose it is; later events of the same originator are put aside too
 * @param originatorVersion its version
 * @param topic its topic
 * @param reason why, for people: the error, or which event it is behind; at most {@value #MAX_REASON} characters
 * @param attempts how often its processing was tried; 0 if it only is behind another one
 * @param parkedAt when it was put aside, or tried last; by the store's clock
 */
public record ParkedEvent(
        String leader,
        long notificationId,
        UUID originatorId,
        long originatorVersion,
        String topic,
        String reason,
        int attempts,
        Instant parkedAt) {
    /** The longest reason that is kept; longer ones are cut. */
    public static final int MAX_REASON = 2_000;

    /** Cuts the reason. */
    public ParkedEvent {
        reason = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON - 3) + "..." : reason;
    }
}
