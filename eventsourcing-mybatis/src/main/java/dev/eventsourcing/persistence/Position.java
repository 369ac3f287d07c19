package dev.eventsourcing.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a follower has come in a leader's log. Equal to another of the same notification and epoch, whatever marks the two have.
 *
 * @param notificationId the last notification that was processed or passed by; 0 after a reset
 * @param epoch how many times what was processed up to there has changed, as by a reset, or as parked events were processed later;
 *     from 0
 * @param marks events of the log that the position belongs to, highest id first: the last one at or below the position, and a few
 *     before it. Empty if they are not known, as where a program without marks has moved the position.
 */
public record Position(long notificationId, long epoch, List<LogMark> marks) {
    /** How many marks a position has at most. */
    public static final int MOST_MARKS = 8;

    /** Copies the marks. */
    public Position {
        marks = List.copyOf(marks);
    }

    /** A position whose log is not known. */
    public Position(long notificationId, long epoch) {
        this(notificationId, epoch, List.of());
    }

    /** The last event at or below the position; empty if it is not known. */
    public Optional<LogMark> lastEvent() {
        return marks.stream().findFirst();
    }

    /**
     * The marks of a position behind this one. Of the older marks those are kept that lie some eight times as far back as the one
     * before: a log that has lost its tail then still has one of them, wherever it was cut.
     *
     * @param last the last event at or below that position
     */
    public List<LogMark> marksWith(LogMark last) {
        List<LogMark> all = new ArrayList<>(MOST_MARKS);
        all.add(last);
        int taken = -1;
        for (int i = marks.size() - 1; i >= 0; i--) {
            // The oldest one at each distance, which is the next to get to the distance behind.
            int distance = distance(last.id() - marks.get(i).id());
            if (distance != taken && last.id() > marks.get(i).id()) {
                all.add(1, marks.get(i));
                taken = distance;
            }
        }
        return List.copyOf(all.subList(0, Math.min(all.size(), MOST_MARKS)));
    }

    private static int distance(long ids) {
        return (Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, ids))) / 3;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Position that && notificationId == that.notificationId && epoch == that.epoch;
    }

    @Override
    public int hashCode() {
        return Objects.hash(notificationId, epoch);
    }

    @Override
    public String toString() {
        return "Position[notificationId=" + notificationId + ", epoch=" + epoch + "]";
    }
}
