package dev.eventsourcing.system;

import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.TrackingConflictException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does work that goes by a follower's position while no other thread of this process moves it, and does it anew where another
 * process has moved it meanwhile. Used by one thread.
 */
final class Turn {
    private static final int MOST_CONFLICTS = 30;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
    static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private final Follower follower;
    private final String leader;
    private final Duration longestPause;

    Turn(Follower follower, String leader, Duration longestPause) {
        this.follower = follower;
        this.leader = leader;
        this.longestPause = longestPause;
    }

    /**
     * Does the work, which is given the position as it is before everything that the work reads; null for none.
     *
     * @throws TrackingConflictException if another process was faster every time
     */
    <T> T take(Function<@Nullable Position, T> work) {
        BackOff pauses = new BackOff(SHORTEST_PAUSE, longestPause);
        for (int conflicts = 1; ; conflicts++) {
            try {
                return once(work);
            } catch (TrackingConflictException e) {
                if (conflicts == MOST_CONFLICTS) {
                    throw givenUp(e);
                }
            }
            Place place = follower.place(leader);
            long reached = place.reached();
            long turns = place.turns();
            place.await(
                    () -> place.reached() != reached || place.turns() != turns,
                    pauses.next(),
                    "another turn of follower " + follower.name());
        }
    }

    private <T> T once(Function<@Nullable Position, T> work) {
        follower.processing().lock();
        try {
            T done = work.apply(follower.recorder().position(leader).orElse(null));
            follower.place(leader).turned();
            return done;
        } finally {
            follower.processing().unlock();
        }
    }

    private TrackingConflictException givenUp(TrackingConflictException last) {
        return new TrackingConflictException(
                "Parked events of follower " + follower.name() + " in the log of " + leader + " could not be changed: "
                        + MOST_CONFLICTS
                        + " times another process has moved the follower's position meanwhile. What was not"
                        + " changed is parked as it was. Try again when less is recorded, or stop the follower until this is done.",
                leader,
                last.notificationId(),
                last);
    }
}
