package dev.eventsourcing.persistence;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the applications of one store share: asked, and changed, for many of them with one statement. Each statement is a
 * transaction of its own, whatever the thread's transaction is, unless a method says something else. Call these methods
 * outside of transactions: in one, they need a second connection, or end it where the data source gives theirs to all, as under JTA. Two objects for the same store are equal. Safe for use by several
 * threads.
 */
public interface SharedStore {
    /**
     * The highest id that each application has recorded; 0 if it has recorded nothing. Not all below it may be readable yet.
     *
     * @throws PersistenceException if reading fails
     */
    Map<String, Long> heads(Collection<String> applications);

    /**
     * Whether leases keep others out. A store that has none gives them to everybody, and then each process does the same work.
     */
    default boolean keepsLeases() {
        return true;
    }

    /**
     * Takes leases, and prolongs those that the holder has: of the followers that nobody has a lease of, or whose lease is over, or
     * is the holder's. The store's clock decides, and not that of this machine. A lease keeps two processes from doing the same
     * work; that nothing is recorded twice does not depend on it, but on {@link Tracking}.
     *
     * @param holder who takes them; not two processes by one name
     * @param time how long they last from now on; from 1 ms
     * @return those of the followers that the holder has now
     * @throws PersistenceException if writing fails
     */
    Set<String> takeLeases(String holder, Collection<String> followers, Duration time);

    /**
     * Takes leases over from holders that no longer renew them, whatever the store's clock says. A lease that was renewed, released
     * or taken since it was read stays as it is.
     *
     * @param holder the process that takes them
     * @param abandoned the leases as {@link #leases} returned them
     * @param time how long they last from now on; from 1 ms
     * @return the names of the followers whose leases the holder has now
     * @throws PersistenceException if writing fails
     */
    Set<String> takeOverLeases(String holder, Collection<FollowerLease> abandoned, Duration time);

    /**
     * Gives leases back, so that others need not wait for their end; those of others are left alone.
     *
     * @throws PersistenceException if writing fails
     */
    void releaseLeases(String holder, Collection<String> followers);

    /**
     * The leases that are not over. In a transaction they are read as part of it, on its connection.
     *
     * @throws PersistenceException if reading fails
     */
    List<FollowerLease> leases(Collection<String> followers);

    /**
     * What all followers of this store, of whatever program, have recorded of the logs of some leaders.
     *
     * @throws PersistenceException if reading fails
     */
    default List<FollowedLog> followedLogs(Collection<String> leaders) {
        return List.of();
    }

    /**
     * Records which topics a follower processes of a leader, beside its position; without a position nothing is recorded.
     *
     * @param topics the topics; an empty set for all
     * @throws PersistenceException if writing fails
     */
    default void recordTopics(String follower, String leader, Set<String> topics) {}

    /**
     * Has the store end the thread's transaction if this process does nothing in it for so long, as when it was stopped or cut off,
     * so that its locks do not keep out whoever takes over. Does nothing where the store cannot do that, or would sooner.
     *
     * @throws PersistenceException if that fails
     */
    void limitIdleness(Duration idle);
}
