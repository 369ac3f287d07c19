package dev.eventsourcing.system;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.Tracking;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The events that a follower has put aside ({@link FailureAction#PARK}): shows them, processes them again, and takes them out.
 * Whatever their number, only a page of them is in memory.
 *
 * <p>The follower may follow meanwhile, here and in other processes: each change here is one transaction with a new epoch of the
 * follower's position, so that whoever processes from the position as it was is refused, and starts anew. Where another process is
 * faster every time, a change here gives up after some seconds. Safe for use by several threads.
 */
public final class Parking {
    /** How many parked events are read at once. */
    static final int PAGE = 500;

    private final Follower follower;
    private final ParkedEvents events;
    private final Duration longestPause;

    Parking(Follower follower) {
        this(follower, Turn.LONGEST_PAUSE);
    }

    /** The same, with another longest pause between two tries when another process is faster. */
    Parking(Follower follower, Duration longestPause) {
        this.follower = follower;
        this.events = follower.parkedEvents();
        this.longestPause = longestPause;
    }

    /**
     * Reads a page of what is put aside of a leader's log, in the order of that log. The next page begins behind the last event's
     * notification id.
     *
     * @param leader the leader's name; also of one that is not followed any more
     * @param after ids above this one; 0 for the first page
     * @param limit how many at most; from 1 to 10,000
     * @throws ConfigurationException if the limit is another number
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public List<ParkedEvent> list(String leader, long after, int limit) {
        if (limit < 1 || limit > NotificationLog.MAX_LIMIT) {
            throw new ConfigurationException("A page of " + limit
                    + " parked events cannot be read. Give a number from 1 to " + NotificationLog.MAX_LIMIT + ".");
        }
        return events.select(leader, after, limit);
    }

    /**
     * How many events of a leader are put aside.
     *
     * @throws dev.eventsourcing.persistence.PersistenceException if reading fails
     */
    public long count(String leader) {
        return events.count(leader);
    }

    /**
     * Processes the parked events of one originator again, in order, each in a transaction of its own, up to the first that
     * fails again. That one stays in its place, with the new reason, and with the attempts added up; it is tried as often as the
     * follower tries any event. Once none is left, the follower processes later events of that originator as they come.
     *
     * <p>Each event is read again from the leader's log, and decoded as this program does: what could not be read when it was parked
     * may be readable now. Events above the follower's position, as it was reset since, are left: the follower comes to them.
     *
     * @throws EventProcessingException if an event fails with an {@link Error}, as another database cannot be reached, or as the
     *     thread is interrupted, which it stays; the event stays parked as it is
     * @throws dev.eventsourcing.persistence.TrackingConflictException if other processes were faster every time; those before are
     *     processed
     * @throws dev.eventsourcing.persistence.PersistenceException if the database cannot be reached, or the log not be read
     * @throws ConfigurationException if the leader is not followed, or the thread is in a transaction
     */
    public RetryResult retry(String leader, UUID originatorId) {
        Retry retry = retrying(leader);
        retry.originator(originatorId);
        return retry.result(countOf(leader, originatorId));
    }

    /**
     * The same for each originator that has parked events of a leader, up to the follower's position; one that fails again does not
     * keep the next from its turn.
     *
     * @throws EventProcessingException if an event fails with an {@link Error}, as another database cannot be reached, or as the
     *     thread is interrupted, which it stays; the event stays parked as it is
     * @throws dev.eventsourcing.persistence.TrackingConflictException if other processes were faster every time; those before are
     *     processed
     * @throws dev.eventsourcing.persistence.PersistenceException if the database cannot be reached, or the log not be read
     * @throws ConfigurationException if the leader is not followed, or the thread is in a transaction
     */
    public RetryResult retryAll(String leader) {
        Retry retry = retrying(leader);
        retry.all();
        return retry.result(count(leader));
    }

    /**
     * Takes a parked event out: this follower will never process it. Those behind it stay parked until they are retried.
     *
     * @return how many were taken out: 1, or 0 if it is not parked
     * @throws dev.eventsourcing.persistence.TrackingConflictException if other processes were faster every time; nothing is done then
     * @throws dev.eventsourcing.persistence.PersistenceException if the database fails
     * @throws ConfigurationException if the thread is in a transaction
     */
    public long drop(String leader, long notificationId) {
        return drop(leader, () -> events.remove(leader, List.of(notificationId)));
    }

    /**
     * Takes all parked events of an originator out, in one transaction: this follower will never process them. Later ones it processes
     * as they come.
     *
     * @return how many were taken out
     * @throws dev.eventsourcing.persistence.TrackingConflictException if other processes were faster every time; nothing is done then
     * @throws dev.eventsourcing.persistence.PersistenceException if the database fails
     * @throws ConfigurationException if the thread is in a transaction
     */
    public long drop(String leader, UUID originatorId) {
        return drop(leader, () -> removeAll(leader, originatorId));
    }

    private long drop(String leader, LongSupplier removal) {
        requireNoTransaction(follower.transactions().active());
        return new Turn(follower, leader, longestPause)
                .take(position -> follower.transactions().required(() -> {
                    long removed = removal.getAsLong();
                    // Without a position, as after a reset, nothing is processed that could go by what was here.
                    if (removed > 0 && position != null) {
                        follower.recorder().insertLastEvents(List.of(), Tracking.nextEpoch(leader, position));
                    }
                    return removed;
                }));
    }

    private long removeAll(String leader, UUID originatorId) {
        long removed = 0;
        List<ParkedEvent> page = events.select(leader, originatorId, 0, PAGE);
        while (!page.isEmpty()) {
            removed += events.remove(
                    leader, page.stream().map(ParkedEvent::notificationId).toList());
            page = events.select(leader, originatorId, 0, PAGE);
        }
        return removed;
    }

    private long countOf(String leader, UUID originatorId) {
        long count = 0;
        List<ParkedEvent> page = events.select(leader, originatorId, 0, PAGE);
        while (!page.isEmpty()) {
            count += page.size();
            page = events.select(leader, originatorId, page.get(page.size() - 1).notificationId(), PAGE);
        }
        return count;
    }

    private Retry retrying(String leader) {
        Upstream upstream = follower.upstream(leader);
        requireNoTransaction(
                follower.transactions().active() || upstream.transactions().active());
        return new Retry(follower, upstream, longestPause);
    }

    private void requireNoTransaction(boolean inTransaction) {
        if (inTransaction) {
            throw new ConfigurationException(
                    "Parked events of follower " + follower.name()
                            + " cannot be processed or dropped in a transaction. Do it outside of one; each event has its own.");
        }
    }
}
