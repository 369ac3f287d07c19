package dev.eventsourcing.persistence;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who may process for a follower.
 *
 * @param follower the follower's name
 * @param holder the process, by the name that it gave
 * @param left how long it lasts if it is not renewed, by the store's clock
 * @param until when it ends, by the store's clock, to the microsecond; each renewal changes it
 * @param time how long the holder takes it for each time; empty if the holder did not say, as programs of earlier versions do not
 */
public record FollowerLease(String follower, String holder, Duration left, Instant until, Optional<Duration> time) {}
