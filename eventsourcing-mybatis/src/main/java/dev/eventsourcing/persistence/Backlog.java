package dev.eventsourcing.persistence;

import java.time.Duration;

/**
 * What is recorded behind a place in a log.
 *
 * @param events how many events; at most {@value #MOST_COUNTED}, which stands for "or more"
 * @param age how long ago the first of them was recorded, by the store's clock; zero if there is none
 */
public record Backlog(long events, Duration age) {
    /** Up to where events are counted. */
    public static final long MOST_COUNTED = 100_000;

    /** Nothing. */
    public static final Backlog NONE = new Backlog(0, Duration.ZERO);
}
