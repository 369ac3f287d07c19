package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a statement that reads a log has given; it knows nothing of what readers may be given.
 *
 * @param notifications in the order of their ids
 * @param marks in the order of their ids, if they were asked for
 */
record LogPage(List<Notification> notifications, List<LogMark> marks) {
    /**
     * Reads a page.
     *
     * @param generation what the connection must lead to, else nothing is read; empty for anything
     */
    static LogPage select(Unit unit, String application, NotificationSelection selection, String generation) {
        Map<String, Object> parameters = Map.of(
                "application",
                application,
                "after",
                selection.after(),
                "upTo",
                selection.upTo(),
                "topics",
                new EventArrays.Rows<>(selection.except().isEmpty() ? selection.topics() : selection.except()),
                "limit",
                selection.limit(),
                "generation",
                generation);
        String statement = statement(selection);
        return selection.marked()
                ? of(unit.list("selectMarked" + statement, parameters))
                : new LogPage(unit.list("select" + statement, parameters), List.of());
    }

    private static LogPage of(List<MarkedRow> rows) {
        List<MarkedRow> sorted = new ArrayList<>(rows);
        // SQL promises no order of what UNION ALL puts together; it comes sorted from both databases.
        sorted.sort(Comparator.comparingLong(row -> row.notification().id()));
        List<Notification> notifications = new ArrayList<>(rows.size());
        List<LogMark> marks = new ArrayList<>(rows.size());
        long last = 0;
        for (MarkedRow row : sorted) {
            if (row.selected()) {
                notifications.add(row.notification());
            }
            if (row.notification().id() > last) {
                last = row.notification().id();
                marks.add(row.mark());
            }
        }
        return new LogPage(notifications, marks);
    }

    /** The page for a selection, all of which may be read. */
    NotificationPage page(NotificationSelection selection) {
        return NotificationPage.of(selection, notifications, marks);
    }

    /** The highest id that is seen, up to one; 0 if there is none. */
    static long highestId(Unit unit, String application, long upTo) {
        return unit.<Long>list("selectMaxNotificationId", Map.of("application", application, "upTo", upTo)).stream()
                .mapToLong(Long::longValue)
                .findAny()
                .orElse(0);
    }

    private static String statement(NotificationSelection selection) {
        if (!selection.except().isEmpty()) {
            return "NotificationsExceptTopics";
        }
        return selection.topics().isEmpty() ? "Notifications" : "NotificationsOfTopics";
    }

    /** An event of the log with its mark; not selected if it is there for the mark alone. */
    record MarkedRow(Notification notification, boolean selected, LogMark mark) {}
}
