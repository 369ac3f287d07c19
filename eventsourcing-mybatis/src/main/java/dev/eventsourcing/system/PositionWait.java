package dev.eventsourcing.system;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.Position;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Waits until a follower, in whatever process it is at work, has processed notifications of a leader. */
final class PositionWait {
    private final Follower follower;
    private final Upstream upstream;
    private final Duration timeout;

    /** A wait that ends after a time. */
    PositionWait(Follower follower, Upstream upstream, Duration timeout) {
        this.follower = follower;
        this.upstream = upstream;
        this.timeout = timeout;
        if (timeout.isNegative()) {
            throw new ConfigurationException(
                    "Timeout " + timeout + " is below zero. Give a time, or zero to look once.");
        }
    }

    /** Waits until all of them are processed; at once if there is none. */
    void until(NavigableSet<Long> notificationIds) {
        requireNoTransaction();
        if (notificationIds.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        BackOff pauses = new BackOff(Patience.SHORTEST_PAUSE, Patience.LONGEST_PAUSE);
        Position position = position();
        while (position == null || position.notificationId() < notificationIds.last()) {
            Duration left = timeout.minusNanos(System.nanoTime() - begun);
            if (left.isNegative() || left.isZero()) {
                throw behind(notificationIds.last(), position);
            }
            awaitHere(notificationIds.last(), shorter(pauses.next(), left));
            position = position();
        }
        new LogCheck(follower, upstream).requireSame(position);
        // Behind the position, as both move in one transaction: what is parked now was parked when it was passed.
        Optional<ParkedEvent> parked = parkedAmong(notificationIds);
        if (parked.isPresent()) {
            throw parked(parked.get(), position);
        }
    }

    /** Who waits in a transaction waits for what it has recorded itself, which nobody processes before it has ended. */
    private void requireNoTransaction() {
        if (follower.transactions().active() || upstream.transactions().active()) {
            throw new ConfigurationException("Nobody waits for follower " + follower.name()
                    + " in a transaction: what was recorded in it is processed after its commit only. Wait after the"
                    + " commit.");
        }
    }

    private @Nullable Position position() {
        return follower.recorder().position(upstream.leader()).orElse(null);
    }

    private Optional<ParkedEvent> parkedAmong(NavigableSet<Long> notificationIds) {
        ParkedEvents parked = follower.parkedEvents();
        NavigableSet<Long> rest = notificationIds;
        while (!rest.isEmpty()) {
            Optional<ParkedEvent> found = parked.select(upstream.leader(), rest.first() - 1, 1).stream()
                    .findFirst();
            if (found.isEmpty() || rest.contains(found.get().notificationId())) {
                return found;
            }
            rest = rest.tailSet(found.get().notificationId(), false);
        }
        return Optional.empty();
    }

    /** Waits until this process has brought the follower there, or for a time: that of another process nobody tells. */
    private void awaitHere(long notificationId, Duration atMost) {
        Place place = follower.place(upstream.leader());
        place.await(
                () -> place.reached() >= notificationId,
                atMost,
                follower.name() + " to come to " + notificationId + " in the log of " + upstream.leader());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private FollowerBehindException parked(ParkedEvent event, Position position) {
        return exception(
                follower.name() + " has parked notification " + event.notificationId() + " of " + upstream.leader()
                        + ", and does not process it until it is retried: " + event.reason(),
                event.notificationId(),
                position,
                true);
    }

    private FollowerBehindException behind(long notificationId, @Nullable Position position) {
        String come =
                position == null ? "it has processed nothing of it yet" : "it has come to " + position.notificationId();
        return exception(
                follower.name() + " is not at " + notificationId + " in the log of " + upstream.leader() + " after "
                        + timeout.toMillis() + " ms: " + come + ". " + reason(notificationId),
                notificationId,
                position,
                false);
    }

    /** Why it may be behind, as far as the leader's log tells, and what to do. */
    private String reason(long notificationId) {
        LogEnd end;
        String open;
        try {
            end = upstream.log().end();
            open = upstream.log().openAppends().toString();
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            return "Why is not known, as the log could not be asked: " + Thrown.message(e);
        }
        if (end.recorded() < notificationId) {
            return "The log ends at " + end.recorded() + ". Wait for an id that was recorded there, after its commit.";
        }
        if (end.readable() < notificationId) {
            return "It waits for appends that were open before: " + open + ". Have them end, or wait again.";
        }
        EventSourcingException stoppedBy = follower.stoppedBy();
        if (stoppedBy != null) {
            return "It has stopped in this process: " + stoppedBy.getMessage();
        }
        return "Is it running, in this process or another, and has it not failed? Start a runner with it, look at what it"
                + " logs, or wait again.";
    }

    private FollowerBehindException exception(
            String message, long notificationId, @Nullable Position position, boolean parked) {
        return new FollowerBehindException(
                message,
                follower.name(),
                upstream.leader(),
                notificationId,
                position == null ? null : position.notificationId(),
                parked);
    }
}
