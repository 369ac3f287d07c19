package dev.eventsourcing.persistence;

import java.util.Set;

/**
 * Which notifications of a log to read, in ascending order of their ids.
 *
 * @param after ids above this one; 0 or less for all, as ids start at 1
 * @param upTo ids up to and with this one
 * @param topics only events of these topics; empty for all
 * @param except no events of these topics; empty to leave out none
 * @param limit how many notifications at most, counted after the topics; 0 gives none
 * @param marked whether the page is to have the {@linkplain NotificationPage#marks() marks} of its events
 */
public record NotificationSelection(
        long after, long upTo, Set<String> topics, Set<String> except, int limit, boolean marked) {
    /** How many notifications are read where nothing else is said. */
    public static final int DEFAULT_LIMIT = 500;

    /** Checks the limit. */
    public NotificationSelection {
        if (limit < 0) {
            throw new PersistenceException("Limit " + limit + " is below 0. Give the size of a page.", null);
        }
        topics = Set.copyOf(topics);
        except = Set.copyOf(except);
        if (!topics.isEmpty() && !except.isEmpty()) {
            throw new PersistenceException("Topics are either named or left out. Give one of the two.", null);
        }
    }

    /** A selection without marks. */
    public NotificationSelection(long after, long upTo, Set<String> topics, Set<String> except, int limit) {
        this(after, upTo, topics, except, limit, false);
    }

    /** The first {@value #DEFAULT_LIMIT} notifications above an id. */
    public static NotificationSelection after(long id) {
        return new NotificationSelection(id, Long.MAX_VALUE, Set.of(), Set.of(), DEFAULT_LIMIT);
    }

    /** The same up to and with an id. */
    public NotificationSelection upTo(long id) {
        return new NotificationSelection(after, id, topics, except, limit, marked);
    }

    /** The same of these topics only; of all if there is none. */
    public NotificationSelection topics(Set<String> only) {
        return new NotificationSelection(after, upTo, only, except, limit, marked);
    }

    /** The same of all topics but these; for those who pass by what they know, and nothing else. */
    public NotificationSelection exceptTopics(Set<String> passedBy) {
        return new NotificationSelection(after, upTo, topics, passedBy, limit, marked);
    }

    /** The same, at most so many notifications. */
    public NotificationSelection limit(int notifications) {
        return new NotificationSelection(after, upTo, topics, except, notifications, marked);
    }

    /** The same with the marks of the events. */
    public NotificationSelection withMarks() {
        return new NotificationSelection(after, upTo, topics, except, limit, true);
    }
}
