package dev.eventsourcing.persistence;

/**
 * How far a follower has come in a leader's log.
 *
 * @param notificationId the last notification that was processed or passed by; 0 after a reset
 * @param epoch how many times the follower was reset; from 0
 */
public record Position(long notificationId, long epoch) {}
