package dev.eventsourcing.application;

import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.SharedStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What an application recorded, in one order that never changes: ids ascend, with gaps, and nothing is added below an id
 * that was given out. Safe for use by several threads.
 */
public interface NotificationLog {
    /** The largest page that a log gives. A larger {@linkplain NotificationSelection#limit limit} is an error, not a smaller page. */
    int MAX_LIMIT = 10_000;

    /**
     * Reads a page of the log. {@link NotificationSections} reads a log of any length page by page.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails, or the limit is above {@link #MAX_LIMIT}
     */
    default List<Notification> select(NotificationSelection selection) {
        return selectPage(selection).notifications();
    }

    /**
     * Reads a page of the log, and says how far it reaches; for readers who go on behind it, and leave topics out.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails, or the limit is above {@link #MAX_LIMIT}
     */
    NotificationPage selectPage(NotificationSelection selection);

    /**
     * Checks a limit, for those who implement a log.
     *
     * @return the selection
     * @throws dev.eventsourcing.persistence.PersistenceException if its limit is above {@link #MAX_LIMIT}
     */
    static NotificationSelection requireLimit(NotificationSelection selection) {
        if (selection.limit() > MAX_LIMIT) {
            throw new PersistenceException(
                    "Limit " + selection.limit() + " is above " + MAX_LIMIT
                            + ", the largest page of a log. Read page by" + " page, as NotificationSections does.",
                    null);
        }
        return selection;
    }

    /**
     * The highest id that readers may be given now; empty if there is none.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    OptionalLong maxNotificationId();

    /**
     * Where the log ends for readers, and what is recorded behind that.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    default LogEnd end() {
        long end = maxNotificationId().orElse(0);
        return new LogEnd(end, end);
    }

    /**
     * The transactions that keep readers from the end of the log, oldest first; for people who ask why.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    default List<OpenAppend> openAppends() {
        return List.of();
    }

    /**
     * What is recorded behind an id; for people who ask how late a follower is. Empty if this log cannot tell.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    default Optional<Backlog> backlog(long after) {
        return Optional.empty();
    }

    /**
     * How many events of each topic are recorded, be they readable yet or not; for people who ask what a follower has before it. A log
     * that cannot count reads all of them, page by page.
     *
     * @param selection which; its limit is not looked at
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    default Map<String, Long> countByTopic(NotificationSelection selection) {
        Map<String, Long> counts = new TreeMap<>();
        NotificationSelection next = selection.limit(NotificationSelection.DEFAULT_LIMIT);
        while (next.after() < next.upTo()) {
            NotificationPage page = selectPage(next);
            page.notifications()
                    .forEach(notification -> counts.merge(notification.event().topic(), 1L, Long::sum));
            if (page.upTo() <= next.after()) {
                break;
            }
            next = new NotificationSelection(page.upTo(), next.upTo(), next.topics(), next.except(), next.limit());
        }
        return counts;
    }

    /** The store that this log is in, which tells the ends of many logs at once; empty if it is that of another program. */
    default Optional<SharedStore> store() {
        return Optional.empty();
    }
}
