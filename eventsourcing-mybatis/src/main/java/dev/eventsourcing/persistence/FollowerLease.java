package dev.eventsourcing.persistence;

import java.time.Duration;

/**
 * Who may process for a follower.
 *
 * @param follower the follower's name
 * @param holder the process, by the name that it gave
 * @param left how long it lasts if it is not prolonged, by the store's clock
 */
public record FollowerLease(String follower, String holder, Duration left) {}
