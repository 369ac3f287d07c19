package dev.eventsourcing.system;

import java.time.Duration;

/** Pauses that double, from a shortest to a longest one. Used by one thread. */
final class BackOff {
    private final Duration shortest;
    private final Duration longest;
    private Duration next;

    BackOff(Duration shortest, Duration longest) {
        this.shortest = shortest.compareTo(longest) < 0 ? shortest : longest;
        this.longest = longest;
        this.next = this.shortest;
    }

    /** The next pause. */
    Duration next() {
        Duration pause = next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return pause;
    }

    /** Begins again with the shortest. */
    void reset() {
        next = shortest;
    }
}
