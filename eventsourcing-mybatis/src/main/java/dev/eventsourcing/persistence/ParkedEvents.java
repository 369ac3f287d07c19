package dev.eventsourcing.persistence;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The events that one follower has put aside. What is changed here is changed in the current transaction, together with the
 * follower's position ({@link ProcessRecorder#insertEvents(List, Tracking)}): that is what keeps two processes from changing it at
 * once. Safe for use by several threads.
 */
public interface ParkedEvents {
    /** Whether events can be put aside here; if not, there are none. */
    default boolean keepsEvents() {
        return true;
    }

    /**
     * Which originators have events of a leader here.
     *
     * @param among those that are asked for
     * @throws PersistenceException if reading fails
     */
    Set<UUID> originators(String leader, Collection<UUID> among);

    /**
     * Puts events aside; one that is here already is replaced, and its attempts are added up. The time is the store's: the one that
     * is given is not looked at.
     *
     * @throws PersistenceException if writing fails
     */
    void park(Collection<ParkedEvent> events);

    /**
     * Takes events away that were processed, or are to be left out for good.
     *
     * @return how many of them were here
     * @throws PersistenceException if writing fails
     */
    int remove(String leader, Collection<Long> notificationIds);

    /**
     * Reads what is put aside of a leader's log, in ascending order of the notification ids.
     *
     * @param after ids above this one; 0 for all
     * @param limit how many at most; from 1
     * @throws PersistenceException if reading fails
     */
    List<ParkedEvent> select(String leader, long after, int limit);

    /**
     * The same of one originator.
     *
     * @throws PersistenceException if reading fails
     */
    List<ParkedEvent> select(String leader, UUID originatorId, long after, int limit);

    /**
     * The last events of a leader that have failed themselves, as their attempts tell, in descending order of their notification ids;
     * those behind another one are left out.
     *
     * @param below ids below this one
     * @param limit how many at most; from 1
     * @throws PersistenceException if reading fails
     */
    default List<ParkedEvent> failures(String leader, long below, int limit) {
        Deque<ParkedEvent> last = new ArrayDeque<>();
        List<ParkedEvent> page = select(leader, 0, NotificationSelection.DEFAULT_LIMIT);
        while (!page.isEmpty()) {
            for (ParkedEvent event : page) {
                if (event.attempts() > 0 && event.notificationId() < below) {
                    last.addFirst(event);
                }
            }
            while (last.size() > limit) {
                last.removeLast();
            }
            page = select(leader, page.get(page.size() - 1).notificationId(), NotificationSelection.DEFAULT_LIMIT);
        }
        return List.copyOf(last);
    }

    /**
     * How many events of a leader are put aside.
     *
     * @throws PersistenceException if reading fails
     */
    long count(String leader);
}
