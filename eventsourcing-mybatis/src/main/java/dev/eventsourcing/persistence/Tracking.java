package dev.eventsourcing.persistence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A follower's claim to have processed a leader's log up to a notification. It holds only if the follower's position is
 * still the one that the claim starts from, so that of two processes which did the same work one is refused.
 *
 * @param leader the name of the application whose log it is
 * @param expected the position that is claimed to be current; null for "none yet"
 * @param notificationId the new position; within an epoch above the expected one, from 1
 * @param epoch the expected position's epoch (0 without one), or the next
 * @param marks the {@linkplain Position#marks() marks} of the new position; empty if they are not known
 */
public record Tracking(
        String leader, @Nullable Position expected, long notificationId, long epoch, List<LogMark> marks) {
    /**
     * Checks that the position moves forward, or to the next epoch, or stays and is given marks.
     *
     * @throws TrackingConflictException if it does not
     */
    public Tracking {
        ApplicationName.requireValid(leader);
        marks = List.copyOf(marks);
        long from = expected == null ? 0 : expected.notificationId();
        long current = expected == null ? 0 : expected.epoch();
        boolean forward = epoch == current && notificationId > from;
        boolean anew = expected != null && epoch == current + 1 && notificationId >= 0;
        boolean marked = expected != null && epoch == current && notificationId == from && !marks.isEmpty();
        if (!forward && !anew && !marked) {
            throw new TrackingConflictException(
                    "The position in the log of " + leader + " is " + from + " and cannot move to " + notificationId
                            + ": positions move forward only.",
                    leader,
                    notificationId,
                    null);
        }
    }

    /** A claim of a position whose log is not known. */
    public Tracking(String leader, @Nullable Position expected, long notificationId, long epoch) {
        this(leader, expected, notificationId, epoch, List.of());
    }

    /** A claim by a follower that has no position in the leader's log yet. */
    public static Tracking first(String leader, long notificationId) {
        return new Tracking(leader, null, notificationId, 0);
    }

    /** A claim by a follower whose position is the given one. */
    public static Tracking after(String leader, Position expected, long notificationId) {
        return new Tracking(leader, expected, notificationId, expected.epoch());
    }

    /**
     * A claim that changes what was processed up to the position, which stays where it is, in the next epoch: whoever processes from
     * the position as it was, is refused.
     */
    public static Tracking nextEpoch(String leader, Position expected) {
        return new Tracking(leader, expected, expected.notificationId(), expected.epoch() + 1, expected.marks());
    }

    /** A claim that leaves the position as it is, and says which log it belongs to. */
    public static Tracking marking(String leader, Position expected, List<LogMark> marks) {
        return new Tracking(leader, expected, expected.notificationId(), expected.epoch(), marks);
    }

    /** The same with marks; with none if they are not known. */
    public Tracking marked(List<LogMark> known) {
        return new Tracking(leader, expected, notificationId, epoch, known);
    }

    /** The position once the claim is committed. */
    public Position position() {
        return new Position(notificationId, epoch, marks);
    }
}
