package dev.eventsourcing.application;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A log as a linked list of sections: each full one names the next. A reader holds one section at a time, however long the log
 * is. Ids have gaps: a section starts where it is asked to, and has as many notifications as fit, so that it may reach
 * beyond the last id that was asked for.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class NotificationSections {
    private final NotificationLog log;
    private final NotificationSelection within;

    private NotificationSections(NotificationLog log, NotificationSelection within) {
        this.log = log;
        this.within = within;
    }

    /** A log in sections of at most {@value NotificationSelection#DEFAULT_LIMIT} notifications. */
    public static NotificationSections of(NotificationLog log) {
        return new NotificationSections(log, NotificationSelection.after(0));
    }

    /**
     * The same in sections of another size.
     *
     * @param notifications how many at most, from 1 to {@value NotificationLog#MAX_LIMIT}
     * @throws ConfigurationException if it is another number
     */
    public NotificationSections size(int notifications) {
        if (notifications < 1 || notifications > NotificationLog.MAX_LIMIT) {
            throw new ConfigurationException("Sections of " + notifications
                    + " notifications cannot be made. Give a size from 1 to " + NotificationLog.MAX_LIMIT + ".");
        }
        return new NotificationSections(log, within.limit(notifications));
    }

    /** The same up to and with an id. */
    public NotificationSections upTo(long id) {
        return new NotificationSections(log, within.upTo(id));
    }

    /** The same of these topics only; of all if there is none. The others are not read. */
    public NotificationSections topics(Set<String> only) {
        return new NotificationSections(log, within.topics(only));
    }

    /**
     * Reads a section. It has as many notifications as the id names, but at most the size of sections here.
     *
     * @param id where it starts, and how many notifications are asked for; {@code 3,2} asks for none
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public Section section(SectionId id) {
        int size = (int) Math.min(id.size(), within.limit());
        NotificationSelection asked =
                new NotificationSelection(id.start() - 1, within.upTo(), within.topics(), within.except(), size);
        return Section.of(log.select(asked), size);
    }

    /**
     * The sections from an id on, each read when it is asked for. The stream ends at the first that is not full: read on later
     * from behind its last id.
     *
     * @return a stream that throws {@link dev.eventsourcing.persistence.PersistenceException} where reading fails
     */
    public Stream<Section> from(long id) {
        return StreamSupport.stream(new Following(id), false);
    }

    /** The notifications from an id on, in ascending order; otherwise as {@link #from}. */
    public Stream<Notification> read(long id) {
        return from(id).flatMap(section -> section.items().stream());
    }

    /** Follows next ids. */
    private final class Following extends Spliterators.AbstractSpliterator<Section> {
        private Optional<SectionId> next;

        Following(long id) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            long start = Math.max(1, id);
            next = Optional.of(new SectionId(start, start + within.limit() - 1));
        }

        @Override
        public boolean tryAdvance(Consumer<? super Section> action) {
            if (next.isEmpty()) {
                return false;
            }
            Section section = section(next.get());
            next = section.nextId();
            if (section.items().isEmpty()) {
                return false;
            }
            action.accept(section);
            return true;
        }
    }
}
