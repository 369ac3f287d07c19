package dev.eventsourcing.persistence;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Also keeps the events of an application in one log. Of the log a reader is promised: ids ascend within an insert in the
 * order of its events; who was given id n is never later given an id below n; the versions of an aggregate come in their
 * order; nothing that was committed is left out. Ids have gaps, which stop nobody.
 */
public interface ApplicationRecorder extends AggregateRecorder {
    /**
     * Reads a page of the log.
     *
     * @throws PersistenceException if reading fails
     */
    default List<Notification> selectNotifications(NotificationSelection selection) {
        return selectPage(selection).notifications();
    }

    /**
     * Reads a page of the log, and says how far it reaches; for readers who go on behind it, and leave topics out.
     *
     * @throws PersistenceException if reading fails
     */
    NotificationPage selectPage(NotificationSelection selection);

    /**
     * The highest id of this application that readers may be given; empty if the log is.
     *
     * @throws PersistenceException if reading fails
     */
    OptionalLong maxNotificationId();

    /**
     * Where the log ends for readers, and what is recorded behind that.
     *
     * @throws PersistenceException if reading fails
     */
    default LogEnd end() {
        long end = maxNotificationId().orElse(0);
        return new LogEnd(end, end);
    }

    /**
     * The transactions that keep readers from the end of the log, oldest first; for people who ask why.
     *
     * @throws PersistenceException if reading fails
     */
    default List<OpenAppend> openAppends() {
        return List.of();
    }

    /**
     * What is recorded behind an id; for people who ask how late a follower is. Empty if this recorder cannot tell.
     *
     * @throws PersistenceException if reading fails
     */
    default Optional<Backlog> backlog(long after) {
        return Optional.empty();
    }

    /**
     * How many events of each topic are recorded, be they readable yet or not; for people who ask what a follower has before it. Empty
     * if this recorder cannot count.
     *
     * @param selection which; its limit is not looked at
     * @throws PersistenceException if reading fails
     */
    default Optional<Map<String, Long>> countByTopic(NotificationSelection selection) {
        return Optional.empty();
    }

    /**
     * Whether a version is stored that one of these events has, or one above it; for those who want to know without storing them.
     *
     * @param events as {@link #insertEvents} takes them
     * @throws PersistenceException if reading fails
     */
    default boolean containsAny(List<StoredEvent> events) {
        return RecordConflictException.Candidate.of(events).stream()
                .anyMatch(lowest -> !selectEvents(
                                lowest.originatorId(),
                                VersionRange.after(lowest.originatorVersion() - 1)
                                        .limit(1))
                        .isEmpty());
    }
}
