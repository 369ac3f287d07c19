package dev.eventsourcing.application;

import dev.eventsourcing.persistence.Notification;
import java.util.List;
import java.util.Optional;

/**
 * A section of a log. Immutable.
 *
 * @param id the first and the last id that it really has; empty if it has none
 * @param items its notifications, in ascending order of their ids
 * @param nextId the section behind it, of the same size; empty if this one is not full, and so was the last when it was read
 */
public record Section(Optional<SectionId> id, List<Notification> items, Optional<SectionId> nextId) {
    /** Copies the list. */
    public Section {
        items = List.copyOf(items);
    }

    /** The section of these notifications, which is full if there are as many as its size. */
    public static Section of(List<Notification> items, int size) {
        if (items.isEmpty()) {
            return new Section(Optional.empty(), items, Optional.empty());
        }
        long last = items.get(items.size() - 1).id();
        return new Section(
                Optional.of(new SectionId(items.get(0).id(), last)),
                items,
                items.size() < size ? Optional.empty() : Optional.of(new SectionId(last + 1, last + size)));
    }
}
