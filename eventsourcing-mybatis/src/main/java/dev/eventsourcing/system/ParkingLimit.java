package dev.eventsourcing.system;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many events a follower parks before it stops: where nearly all fail, the cause is not the events. It is told by what is parked and
 * by the leader's log, so it holds after a restart and in another process. Events that are parked behind an earlier one of their
 * aggregate do not count, nor do those that were retried or dropped.
 *
 * @param inARow how many of different aggregates one after the other, the one that fails now included; 0 for any
 * @param percent the largest share of the last {@value #OF_THE_LAST}; 0 for any
 */
record ParkingLimit(int inARow, int percent) {
    static final ParkingLimit DEFAULT = new ParkingLimit(5, 10);

    private static final int OF_THE_LAST = 100;

    /**
     * Checks the numbers.
     *
     * @throws ConfigurationException if one is not from 0 to 100, or only one event would be in a row
     */
    ParkingLimit {
        if (inARow < 0 || inARow == 1 || inARow > OF_THE_LAST || percent < 0 || percent > OF_THE_LAST) {
            throw new ConfigurationException(
                    "A limit of " + inARow + " events in a row and " + percent + " % cannot be used. Give from 2 to "
                            + OF_THE_LAST + " events and from 1 to 100 %, or 0 for no limit.");
        }
    }

    /**
     * Checks whether another event may be parked.
     *
     * @throws ParkingLimitException if not
     */
    void requireBelow(Follower follower, Upstream upstream, EventProcessingException failed) {
        int most = Math.max(inARow - 1, percent);
        if (most <= 0) {
            return;
        }
        long id = failed.notificationId();
        long from = follower.place(upstream.leader()).parksFrom();
        List<ParkedEvent> before = follower.parkedEvents().failures(upstream.leader(), id, most).stream()
                .filter(event -> event.notificationId() >= from && event.notificationId() < id)
                .toList();
        if (inARow > 0 && before.size() >= inARow - 1) {
            List<ParkedEvent> row = before.subList(0, inARow - 1);
            if (aggregates(row, failed) == inARow && processedSince(follower, upstream, row, id, 0) == 0) {
                throw new ParkingLimitException(
                        failed, row, inARow + " events of different aggregates have failed in a row");
            }
        }
        if (percent > 0 && before.size() >= percent) {
            List<ParkedEvent> share = before.subList(0, percent);
            int others = OF_THE_LAST - percent - 1;
            if (processedSince(follower, upstream, share, id, others) <= others) {
                throw new ParkingLimitException(
                        failed,
                        share,
                        "more than " + percent + " % of the last " + OF_THE_LAST + " events have failed");
            }
        }
    }

    private static long aggregates(List<ParkedEvent> row, EventProcessingException failed) {
        Set<Object> aggregates =
                row.stream().map(ParkedEvent::originatorId).collect(Collectors.toCollection(HashSet::new));
        aggregates.add(failed.originatorId());
        return aggregates.size();
    }

    /**
     * How many events were processed from the first of some parked ones up to an id; a number above the most that are counted stands for
     * all above.
     */
    private static long processedSince(
            Follower follower, Upstream upstream, List<ParkedEvent> parked, long id, int most) {
        long first = parked.get(parked.size() - 1).notificationId();
        long processed = 0;
        long after = first - 1;
        while (after < id - 1 && processed <= most) {
            NotificationSelection page = NotificationSelection.after(after).upTo(id - 1);
            List<Notification> events =
                    upstream.log().selectPage(upstream.filter(page)).notifications();
            if (events.isEmpty()) {
                return processed;
            }
            long last = events.get(events.size() - 1).id();
            Set<Long> set = parkedBetween(follower, upstream.leader(), after, last);
            processed +=
                    events.stream().filter(event -> !set.contains(event.id())).count();
            after = last;
        }
        return processed;
    }

    /** Of a page of the log: there are no more than the page has. */
    private static Set<Long> parkedBetween(Follower follower, String leader, long after, long upTo) {
        return follower.parkedEvents().select(leader, after, NotificationSelection.DEFAULT_LIMIT).stream()
                .map(ParkedEvent::notificationId)
                .filter(parked -> parked <= upTo)
                .collect(Collectors.toSet());
    }
}
