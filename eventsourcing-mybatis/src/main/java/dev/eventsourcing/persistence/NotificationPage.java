package dev.eventsourcing.persistence;

import java.util.List;
import java.util.Optional;

/**
 * Part of a log.
 *
 * @param notifications in ascending order of their ids
 * @param upTo the id up to which nothing that was asked for is left out, nor will come: from there a reader goes on. Below what
 *     was asked for if the page is full, or if an open append may yet record something there.
 * @param marks if the selection is {@linkplain NotificationSelection#marked marked}, those of the notifications, and of the last
 *     events at or below the beginning and the end of the page, whatever their topics; in ascending order of their ids. Empty for a
 *     log that does not identify its events.
 */
public record NotificationPage(List<Notification> notifications, long upTo, List<LogMark> marks) {
    /** A page of a log that does not identify its events. */
    public NotificationPage(List<Notification> notifications, long upTo) {
        this(notifications, upTo, List.of());
    }

    /** The page for a selection, all of which may be read. */
    public static NotificationPage of(NotificationSelection selection, List<Notification> notifications) {
        return of(selection, notifications, List.of());
    }

    /** The same with marks, of which those above the page's end are left out. */
    public static NotificationPage of(
            NotificationSelection selection, List<Notification> notifications, List<LogMark> marks) {
        long upTo = notifications.size() < selection.limit() ? selection.upTo() : endOfFull(selection, notifications);
        return new NotificationPage(notifications, upTo, upTo(upTo, marks));
    }

    private static long endOfFull(NotificationSelection selection, List<Notification> notifications) {
        return notifications.isEmpty()
                ? selection.after()
                : notifications.get(notifications.size() - 1).id();
    }

    /** Those of some marks, in ascending order, that are not above an id. */
    private static List<LogMark> upTo(long id, List<LogMark> marks) {
        int end = marks.size();
        while (end > 0 && marks.get(end - 1).id() > id) {
            end--;
        }
        return marks.subList(0, end);
    }

    /**
     * The last event at or below an id that is a notification's or one of the page's ends; empty if there is none, or the log does
     * not identify its events.
     */
    public Optional<LogMark> lastEvent(long id) {
        List<LogMark> known = upTo(id, marks);
        return known.isEmpty() ? Optional.empty() : Optional.of(known.get(known.size() - 1));
    }
}
