package dev.eventsourcing.system;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OutcomeUnknownException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass of a follower over the log of a leader, from the follower's position to where the log ends when the pass starts. If
 * appends are open that may yet record something below that, it waits for them a while, and then leaves the rest.
 *
 * <p>A page of the log is read, and its connection given back; then its events are processed batch by batch, each batch in one
 * transaction. If that fails it is rolled back, and the batch is processed again with a transaction for each event, so that
 * exactly the failing event and those behind it are left. In a dry run, which has a transaction around all of it, there is no
 * second try, and each event is recorded on its own, so that the failing one is known.
 */
final class Pull {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final Follower follower;
    private final Upstream upstream;
    private final BatchSize batchSize;
    private final @Nullable PullListener listener;
    private final Patience patience;
    private final Transactions transactions;
    private long processed;

    /** A pass that tells those downstream what was recorded. */
    Pull(Follower follower, Upstream upstream, BatchSize batchSize) {
        this(follower, upstream, batchSize, Patience.OF_A_PROMPT, null);
    }

    /** A pass that tells nobody but the listener, if there is one. */
    Pull(
            Follower follower,
            Upstream upstream,
            BatchSize batchSize,
            Duration patience,
            @Nullable PullListener listener) {
        this.follower = follower;
        this.upstream = upstream;
        this.batchSize = batchSize;
        this.listener = listener;
        this.patience = new Patience(patience);
        this.transactions = follower.transactions();
    }

    /** Runs the pass and returns how many events were processed. */
    long run() {
        claim();
        try {
            LogEnd end = upstream.log().end();
            long recorded = end.recorded();
            Position position = position();
            requireWithinTheLog(position, recorded);
            while (reached(position) < recorded) {
                if (reached(position) < end.readable()) {
                    long before = reached(position);
                    position = nextPage(position, end.readable());
                    if (reached(position) == before) {
                        // What was known of open appends is not known any more: ask again.
                        end = new LogEnd(before, recorded);
                    }
                } else if (transactions.active() || !patience.pause()) {
                    tellWhatIsLeft(position, recorded);
                    break;
                } else {
                    end = upstream.log().end();
                }
            }
            return processed;
        } finally {
            follower.processing().unlock();
        }
    }

    /**
     * Checks that the position is one of this log. A log that was put back to an older state gives its ids again, and what it
     * recorded under them would be passed by.
     */
    private void requireWithinTheLog(@Nullable Position position, long recorded) {
        // Another process may have recorded, and this follower elsewhere processed, since the end was read.
        if (reached(position) > recorded
                && reached(position) > upstream.log().end().recorded()) {
            throw new PersistenceException(
                    "Follower " + follower.name() + " has come to " + reached(position) + " in the log of "
                            + upstream.leader() + ", which ends at " + recorded
                            + ": it is another log, or was put back to an older state. Nothing is processed, as events would be"
                            + " passed by. Put the follower's database back too; or delete the follower's row of that leader in"
                            + " notification_tracking, and what its events have led to, to process all of them again.",
                    null);
        }
    }

    /** Waits until all that is recorded now may be read, as far as patience goes; for those who then read in a transaction. */
    void awaitReadable() {
        LogEnd end = upstream.log().end();
        long recorded = end.recorded();
        while (end.readable() < recorded && patience.pause()) {
            end = upstream.log().end();
        }
    }

    private void tellWhatIsLeft(@Nullable Position position, long recorded) {
        LOG.warn(
                "Follower {} has come to {} in the log of {}. What is above, up to {}, is left until appends have ended that"
                        + " were open before: {}",
                follower.name(),
                reached(position),
                upstream.leader(),
                recorded,
                upstream.log().openAppends());
    }

    /**
     * Keeps other threads from processing for this follower. In a transaction nothing is waited for: the thread that we wait for
     * may itself wait for what our transaction has written, which no database would see.
     */
    private void claim() {
        if (!transactions.active()) {
            follower.processing().lock();
        } else if (!follower.processing().tryLock()) {
            throw new EventSourcingException("Follower " + follower.name()
                    + " is processing in another thread. Let it process outside of a transaction, or later.");
        }
    }

    /** Processes the page behind a position and returns the position then. */
    private @Nullable Position nextPage(@Nullable Position from, long end) {
        int limit = batchSize.page();
        NotificationPage read = upstream.log()
                .selectPage(upstream.filter(
                        NotificationSelection.after(reached(from)).upTo(end).limit(limit)));
        List<Notification> page = read.notifications();
        // The position passes by what the filter left out, as far as the page reaches.
        long pageEnd = Math.min(end, read.upTo());
        if (pageEnd <= reached(from)) {
            return from;
        }
        Position position = from;
        int done = 0;
        do {
            int next = Math.min(done + batchSize.events(), page.size());
            long batchEnd = next < page.size() ? page.get(next - 1).id() : pageEnd;
            position = batch(page.subList(done, next), position, batchEnd);
            if (reached(position) != batchEnd) {
                // Another process was faster; what is left of the page may be done.
                return position;
            }
            done = next;
        } while (done < page.size());
        return position;
    }

    /** Processes a batch and returns the position then, which is another than the batch's end if another process was faster. */
    private @Nullable Position batch(List<Notification> batch, @Nullable Position from, long batchEnd) {
        try {
            if (transactions.active()) {
                return eachAlone(batch, from, batchEnd);
            }
            try {
                return unit(batch, from, batchEnd);
            } catch (TrackingConflictException | CannotConnectException | OutcomeUnknownException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                if (batch.isEmpty()) {
                    throw e;
                }
                return eachAlone(batch, from, batchEnd);
            }
        } catch (TrackingConflictException e) {
            // Another process was faster: go on from where it is, unless it is nowhere else.
            Position now = position();
            if (transactions.active() || Objects.equals(now, from)) {
                throw e;
            }
            return now;
        }
    }

    private @Nullable Position eachAlone(List<Notification> batch, @Nullable Position from, long batchEnd) {
        Position position = from;
        for (Notification notification : batch) {
            try {
                position = unit(List.of(notification), position, notification.id());
            } catch (TrackingConflictException | CannotConnectException | OutcomeUnknownException e) {
                // Not the event's fault.
                throw e;
            } catch (RuntimeException | Error e) {
                Position now = transactions.active() ? position : position();
                if (!Objects.equals(now, position)) {
                    // Another process was faster, and what it did made the policy fail.
                    return now;
                }
                throw new EventProcessingException(follower.name(), upstream.leader(), notification, e);
            }
        }
        return reached(position) < batchEnd ? unit(List.of(), position, batchEnd) : position;
    }

    /** Processes events in one transaction, together with the move of the position. */
    private Position unit(List<Notification> notifications, @Nullable Position from, long to) {
        Tracking tracking =
                from == null ? Tracking.first(upstream.leader(), to) : Tracking.after(upstream.leader(), from, to);
        boolean joined = transactions.active();
        Batch batch = new Batch(joined);
        List<Recording> recordings;
        try {
            recordings = transactions.required(() -> follower.recorder().inBatch(batch, () -> {
                for (Notification notification : notifications) {
                    batch.nextPolicy();
                    process(notification);
                }
                List<Long> ids = joined
                        ? follower.recorder().insertEvents(batch.stored(), tracking)
                        : follower.recorder().insertLastEvents(batch.stored(), tracking);
                return batch.recordings(ids);
            }));
        } catch (RuntimeException | Error e) {
            batch.holders().forEach(aggregate -> aggregate.markUnusable(e));
            throw e;
        }
        if (!joined) {
            batch.holders().forEach(Aggregate::confirmRecorded);
        }
        if (listener == null) {
            follower.tell(recordings);
        } else if (!joined) {
            follower.snapshot(recordings);
        }
        processed += notifications.size();
        if (listener != null) {
            listener.processed(upstream.leader(), notifications.size());
        }
        return tracking.position();
    }

    private void process(Notification notification) {
        DomainEvent<?> event = upstream.codec().decode(notification);
        ProcessingEvent processing = new ProcessingEvent(upstream.leader(), notification.id(), event, follower);
        try {
            follower.policy(event, processing);
        } catch (TrackingConflictException | CannotConnectException | OutcomeUnknownException e) {
            // Those of a policy are not about our position and our connection.
            throw new EventSourcingException("Its policy failed: " + e.getMessage(), e);
        } finally {
            processing.end();
        }
    }

    private @Nullable Position position() {
        return follower.recorder().position(upstream.leader()).orElse(null);
    }

    private static long reached(@Nullable Position position) {
        return position == null ? 0 : position.notificationId();
    }
}
