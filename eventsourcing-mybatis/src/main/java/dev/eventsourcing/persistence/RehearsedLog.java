package dev.eventsourcing.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What an application would have recorded in a rehearsal, behind what it had recorded when that first looked. Ids go on from there, as
 * if nobody else recorded anything; what others do record meanwhile is not seen. Used by one thread.
 */
final class RehearsedLog implements AutoCloseable {
    private final LogEnd before;
    private final EventSpool events = new EventSpool();

    /** Makes a log that is empty. */
    RehearsedLog(LogEnd before) {
        this.before = before;
    }

    /** The end of what is recorded. */
    LogEnd before() {
        return before;
    }

    /** Where readers come to an end: at what was recorded, if an append was open that may have recorded something below. */
    LogEnd end() {
        long recorded = before.recorded() + events.size();
        return new LogEnd(before.isSettled() ? recorded : before.readable(), recorded);
    }

    int size() {
        return events.size();
    }

    /** Adds events, and returns their ids. */
    List<Long> add(List<StoredEvent> added) {
        List<Long> ids = new ArrayList<>(added.size());
        for (StoredEvent event : added) {
            events.add(event);
            ids.add(before.recorded() + events.size());
        }
        return ids;
    }

    void cutTo(int size) {
        events.cutTo(size);
    }

    List<StoredEvent> of(UUID originatorId, long after, long upTo) {
        return events.of(originatorId, after, upTo);
    }

    /** The highest version of an originator; none if none of them is its. */
    OptionalLong lastVersion(UUID originatorId) {
        return events.lastVersion(originatorId);
    }

    /** Whether an event is one of them. */
    boolean contains(StoredEvent event) {
        return of(event.originatorId(), event.originatorVersion() - 1, event.originatorVersion())
                .contains(event);
    }

    /** What is selected of them, which are all readable. */
    List<Notification> select(NotificationSelection selection) {
        List<Notification> page = new ArrayList<>();
        for (int place = place(selection.after()); place < place(selection.upTo()); place++) {
            if (page.size() == selection.limit()) {
                break;
            }
            StoredEvent event = events.get(place);
            if (isAskedFor(event, selection)) {
                page.add(new Notification(before.recorded() + place + 1, event));
            }
        }
        return page;
    }

    Map<String, Long> countByTopic(NotificationSelection selection) {
        Map<String, Long> counts = new TreeMap<>();
        for (int place = place(selection.after()); place < place(selection.upTo()); place++) {
            StoredEvent event = events.get(place);
            if (isAskedFor(event, selection)) {
                counts.merge(event.topic(), 1L, Long::sum);
            }
        }
        return counts;
    }

    @Override
    public void close() {
        events.close();
    }

    /** How many of them are up to an id. */
    private int place(long id) {
        return (int) Math.max(0, Math.min(events.size(), id - before.recorded()));
    }

    private static boolean isAskedFor(StoredEvent event, NotificationSelection selection) {
        return (selection.topics().isEmpty() || selection.topics().contains(event.topic()))
                && !selection.except().contains(event.topic());
    }
}
