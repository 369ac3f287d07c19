package dev.eventsourcing.persistence;

/**
 * How far a follower has come in a leader's log.
 *
 * @param notificationId the last notification that was processed or passed by; 0 after a reset
 * @param epoch how many times what was processed up to there has changed, as by a reset, or as parked events were processed later;
 *     from 0
 */
public record Position(long notificationId, long epoch) {}
