package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import java.util.List;
import java.util.Map;

/** The statements that read a log, which know nothing of what readers may be given. */
final class LogPage {
    private LogPage() {}

    /**
     * Reads a page.
     *
     * @param generation what the connection must lead to, else nothing is read; empty for anything
     */
    static List<Notification> select(
            Unit unit, String application, NotificationSelection selection, String generation) {
        return unit.list(
                statement(selection),
                Map.of(
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
                        generation));
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
            return "selectNotificationsExceptTopics";
        }
        return selection.topics().isEmpty() ? "selectNotifications" : "selectNotificationsOfTopics";
    }
}
