package dev.eventsourcing.system;

import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.Tracking;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that the log of a leader is the one that a follower's position belongs to. A log that was put back to an older state gives
 * its ids again, and what it records under them would be skipped.
 */
final class LogCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);

    private final Follower follower;
    private final Upstream upstream;

    LogCheck(Follower follower, Upstream upstream) {
        this.follower = follower;
        this.upstream = upstream;
    }

    /**
     * Checks the page that was read behind a position, as far as both have marks.
     *
     * @throws LogMismatchException if the last event at or below the position is another one
     */
    void requireSame(Position position, NotificationPage page) {
        Optional<LogMark> found = page.lastEvent(position.notificationId());
        if (!position.marks().isEmpty() && !page.marks().isEmpty() && !found.equals(position.lastEvent())) {
            throw mismatch(position, found.orElse(null));
        }
    }

    /**
     * Reads the log at a position, and checks it.
     *
     * @throws LogMismatchException if the last event at or below the position is another one, or the log ends below the position
     */
    void requireSame(Position position) {
        Optional<NotificationPage> page = position.lastEvent()
                .map(last -> pageOf(position, last))
                .filter(read -> !read.marks().isEmpty());
        if (page.isPresent()) {
            requireSame(position, page.get());
        } else {
            requireWithin(position, upstream.log().end().recorded());
        }
    }

    /**
     * A page with the last event, and what is behind it up to the position: where all of it may be read, ordering strategies need one
     * statement for it. Another process may have gone further than this one knows to be readable.
     */
    private NotificationPage pageOf(Position position, LogMark last) {
        NotificationPage page = upstream.log()
                .selectPage(NotificationSelection.after(last.id() - 1)
                        .upTo(position.notificationId())
                        .limit(2)
                        .withMarks());
        boolean reaches = page.upTo() >= position.notificationId()
                || page.notifications().size() == 2
                || page.marks().isEmpty();
        return reaches ? page : pageBehind(position.notificationId());
    }

    /** An empty page, whose mark is that of the last event at or below an id. */
    private NotificationPage pageBehind(long id) {
        return upstream.log()
                .selectPage(NotificationSelection.after(id).upTo(id).limit(1).withMarks());
    }

    /** Checks that the log, which ends at an id, ends at or above a position. */
    void requireWithin(@Nullable Position position, long recorded) {
        // Another process may have recorded, and this follower elsewhere processed, since the end was read.
        if (position != null
                && position.notificationId() > recorded
                && position.notificationId() > upstream.log().end().recorded()) {
            throw mismatch(position, lastEvent(position.notificationId()).orElse(null));
        }
    }

    void warnOfUnknownLog() {
        LOG.warn(
                "The log of {} does not identify its events, as that of an endpoint of an earlier version. Follower {} cannot notice"
                        + " if that log is put back to an older state and then grows again.",
                upstream.leader(),
                follower.name());
    }

    /** The last event at or below an id; empty if there is none, or the log does not identify its events. */
    Optional<LogMark> lastEvent(long id) {
        return pageBehind(id).lastEvent(id);
    }

    /** The marks of a position that moves to an event which is not in any page at hand; none if the log does not identify its events. */
    List<LogMark> marksAt(@Nullable Position from, long id) {
        if (from != null) {
            requireSame(from);
        }
        return lastEvent(id)
                .map(last -> from == null ? List.of(last) : from.marksWith(last))
                .orElse(List.of());
    }

    /** The claim that lets a position stand on the log as it is now. */
    Tracking accepting(Position position) {
        LogEnd end = upstream.log().end();
        boolean ends = end.recorded() < position.notificationId();
        long id = ends ? end.recorded() : position.notificationId();
        if (end.readable() < id) {
            throw new PersistenceException(
                    "The log of " + upstream.leader() + " ends at " + end.recorded()
                            + ", and appends are open that may record" + " something below: "
                            + upstream.log().openAppends() + ". Try again when they have ended.",
                    null,
                    true);
        }
        List<LogMark> marks = id == 0 ? List.of() : lastEvent(id).map(List::of).orElse(List.of());
        LOG.warn(
                "Follower {} accepts the log of {} as it is now. Its position was {}, and is {}.",
                follower.name(),
                upstream.leader(),
                position.notificationId(),
                id);
        return new Tracking(upstream.leader(), position, id, position.epoch() + 1, marks);
    }

    private LogMismatchException mismatch(Position position, @Nullable LogMark found) {
        LogMark expected = position.lastEvent().orElse(null);
        long lastEqual = lastEqual(position);
        String leader = upstream.leader();
        String message = "The log of " + leader + " is not the one that follower " + follower.name()
                + " has processed up to " + position.notificationId() + ". The last event up to there was "
                + (expected == null ? "not kept" : expected) + ", and is " + (found == null ? "none" : found)
                + " now. The log was put back to an older state, events were deleted or changed, or it is another log. Nothing is processed,"
                + " as events would be skipped. "
                + (lastEqual == 0 ? "No earlier event is" : "Event " + lastEqual + " is the last one that is")
                + " known to be the same. Put the follower's database back to the same state. Or undo what the later events led"
                + " to, and process them again; in the schema of the follower's tables: UPDATE notification_tracking SET notification_id = "
                + lastEqual
                + ", epoch = epoch + 1 WHERE application_name = " + quoted(follower.name()) + " AND leader_name = "
                + quoted(leader)
                + ". Or, if no event would be skipped, as where events were deleted on purpose, call acceptLog(\""
                + leader + "\") of the follower. Then let it resume.";
        return new LogMismatchException(
                message, follower.name(), leader, position.notificationId(), expected, found, lastEqual);
    }

    private static String quoted(String name) {
        return "'" + name.replace("'", "''") + "'";
    }

    /** The highest id of a kept event that the log still has; 0 if there is none. */
    private long lastEqual(Position position) {
        for (LogMark mark : position.marks()) {
            if (lastEvent(mark.id()).equals(Optional.of(mark))) {
                return mark.id();
            }
        }
        return 0;
    }
}
