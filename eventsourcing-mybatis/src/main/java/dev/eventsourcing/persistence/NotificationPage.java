package dev.eventsourcing.persistence;

import java.util.List;

/**
 * Part of a log.
 *
 * @param notifications in ascending order of their ids
 * @param upTo the id up to which nothing that was asked for is left out, nor will come: from there a reader goes on. Below what
 *     was asked for if the page is full, or if an open append may yet record something there.
 */
public record NotificationPage(List<Notification> notifications, long upTo) {
    /** The page for a selection, all of which may be read. */
    public static NotificationPage of(NotificationSelection selection, List<Notification> notifications) {
        return notifications.size() < selection.limit()
                ? new NotificationPage(notifications, selection.upTo())
                : full(selection, notifications);
    }

    private static NotificationPage full(NotificationSelection selection, List<Notification> notifications) {
        return new NotificationPage(
                notifications,
                notifications.isEmpty()
                        ? selection.after()
                        : notifications.get(notifications.size() - 1).id());
    }
}
