package dev.eventsourcing.system;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.system.PullListener.PulledBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass of a follower over the log of a leader, from the follower's position to where the log ends for readers, or to where
 * its pace ends it. It waits for nobody.
 *
 * <p>A page of the log is read, and its connection given back; then its events are processed batch by batch, each batch in one
 * transaction. If that fails it is rolled back, and the batch is processed again with a transaction for each event, so that
 * exactly the failing event and those behind it are left. After an interruption it is not processed again, and all of it is left.
 *
 * <p>Events of an originator that has parked ones are put behind these, in the same transaction as the move of the position.
 */
final class Pull {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final Follower follower;
    private final Upstream upstream;
    private final Place place;
    private final Terms terms;
    private final Transactions transactions;
    private final LogCheck check;
    private long processed;
    private long target;
    private @Nullable Notification inHand;

    Pull(Follower follower, Upstream upstream, Place place, Terms terms) {
        this.follower = follower;
        this.upstream = upstream;
        this.place = place;
        this.terms = terms;
        this.transactions = follower.transactions();
        this.check = new LogCheck(follower, upstream);
    }

    /**
     * What a pass goes by.
     *
     * @param batchSize how many events are one transaction
     * @param upTo the last notification to process, if the log reaches that far
     * @param tells whether those are told who listen to what the follower records
     * @param pace when to end
     * @param listener hears of each batch
     */
    record Terms(BatchSize batchSize, long upTo, boolean tells, Pace pace, PullListener listener) {
        Terms upTo(long id) {
            return new Terms(batchSize, id, tells, pace, listener);
        }

        Terms heardBy(PullListener other) {
            return new Terms(batchSize, upTo, tells, pace, other);
        }
    }

    /** Runs the pass. */
    Progress run() {
        claim();
        try {
            return pass();
        } catch (Throwable e) {
            place.doubted();
            throw e;
        } finally {
            release();
        }
    }

    private Progress pass() {
        LogEnd end = terms.pace.withConnection(this::end);
        target = Math.min(end.recorded(), terms.upTo);
        long readable = Math.min(end.readable(), terms.upTo);
        Position position = terms.pace.withConnection(() -> positionIn(end, readable));
        boolean waits = readable < target;
        while (Place.reached(position) < readable && mayBegin()) {
            long before = Place.reached(position);
            position = nextPage(position, readable);
            if (Place.reached(position) == before && mayBegin()) {
                // What was known of open appends is not known any more.
                waits = true;
                break;
            }
        }
        return new Progress(Place.reached(position), target, processed, waits);
    }

    /**
     * Puts an event aside that could not be processed, and moves the position behind it.
     *
     * @throws TrackingConflictException if the position is not the one in front of the event any more
     */
    void park(EventProcessingException failed, int attempts) {
        claim();
        try {
            Tracking unmarked = tracking(failed.position(), failed.notificationId());
            Tracking tracking = Rehearsal.isOn()
                    ? unmarked
                    : terms.pace.<Tracking>withConnection(
                            () -> unmarked.marked(check.marksAt(failed.position(), failed.notificationId())));
            terms.pace.<Position>withConnection(() -> transactions.required(() -> {
                terms.pace.begins();
                follower.parkedEvents().park(List.of(failed.parked(attempts)));
                follower.recorder().insertEvents(List.of(), tracking);
                return tracking.position();
            }));
            place.moved(tracking.position());
            place.parked();
            terms.listener.batch(new PulledBatch(
                    upstream.leader(), List.of(), 1, List.of(), tracking.notificationId(), terms.upTo, Duration.ZERO));
            terms.listener.parked(failed);
        } finally {
            release();
        }
    }

    private boolean mayBegin() {
        return terms.pace.goesOn() && terms.pace.hasTime();
    }

    private LogEnd end() {
        return upstream.log().end();
    }

    /** The position, once it is known to be one of the log. Changes nothing. */
    @Nullable Position checkedPosition(LogEnd end) {
        Position position = positionWithin(end);
        if (position != null) {
            check.requireSame(position);
        }
        return position;
    }

    private @Nullable Position positionWithin(LogEnd end) {
        Position position = position();
        check.requireWithin(position, end.recorded());
        return position;
    }

    /** The position, once it is known to be one of the log: where there is a page to read behind it, that is compared. */
    private @Nullable Position positionIn(LogEnd end, long readable) {
        place.sees(end.recorded());
        Position position = positionWithin(end);
        if (position == null || position.notificationId() < readable || place.isChecked()) {
            return position;
        }
        if (position.marks().isEmpty() && !Rehearsal.isOn()) {
            position = mark(position);
        } else {
            check.requireSame(position);
        }
        place.checked();
        return position;
    }

    /** Gives marks to a position that a program without them has moved. */
    private Position mark(Position position) {
        return check.lastEvent(position.notificationId())
                .map(last -> Tracking.marking(upstream.leader(), position, List.of(last)))
                .map(marking -> transactions.required(() -> {
                    follower.recorder().insertEvents(List.of(), marking);
                    return marking.position();
                }))
                .orElse(position);
    }

    /** Keeps other threads from processing for this follower. A rehearsal keeps nobody from anything. */
    private void claim() {
        if (!Rehearsal.isOn()) {
            follower.processing().lock();
        }
    }

    private void release() {
        if (!Rehearsal.isOn()) {
            follower.processing().unlock();
        }
    }

    /** Processes the page behind a position and returns the position then. */
    private @Nullable Position nextPage(@Nullable Position from, long end) {
        int limit = terms.batchSize.page();
        NotificationPage read = terms.pace.withConnection(() -> upstream.log()
                .selectPage(upstream.filter(NotificationSelection.after(Place.reached(from))
                        .upTo(end)
                        .limit(limit)
                        .withMarks())));
        if (from != null) {
            terms.pace.<Position>withConnection(() -> {
                check.requireSame(from, read);
                return from;
            });
        }
        if (!read.marks().isEmpty()) {
            place.checked();
        } else if (!read.notifications().isEmpty() && !Rehearsal.isOn() && place.isFirstOfUnknownLog()) {
            check.warnOfUnknownLog();
        }
        List<Notification> page = read.notifications();
        // The position passes by what the filter left out, as far as the page reaches.
        long pageEnd = Math.min(end, read.upTo());
        if (pageEnd <= Place.reached(from)) {
            return from;
        }
        Position position = from;
        int done = 0;
        do {
            if (!mayBegin()) {
                return position;
            }
            int next = Math.min(done + terms.pace.most(terms.batchSize.events()), page.size());
            long batchEnd = next < page.size() ? page.get(next - 1).id() : pageEnd;
            position = batch(page.subList(done, next), position, batchEnd, read);
            if (Place.reached(position) != batchEnd) {
                // Another process was faster; what is left of the page may be done.
                return position;
            }
            done = next;
        } while (done < page.size());
        return position;
    }

    /** Processes a batch and returns the position then, which is another than the batch's end if another process was faster. */
    private @Nullable Position batch(
            List<Notification> batch, @Nullable Position from, long batchEnd, NotificationPage page) {
        try {
            try {
                return unit(batch, tracking(from, batchEnd, page));
            } catch (Throwable e) {
                requireNotEnded(batch, from, e);
                if (batch.isEmpty() || Recovery.isNoEventsFault(e)) {
                    throw e;
                }
                if (terms.pace.endsOn(e)) {
                    if (inHand == null) {
                        throw e;
                    }
                    throw new EventProcessingException(follower.name(), upstream.leader(), inHand, from, e);
                }
                return eachAlone(batch, from, batchEnd, page);
            }
        } catch (TrackingConflictException e) {
            // Another process was faster: go on from where it is, unless it is nowhere else.
            Position now = terms.pace.withConnection(this::position);
            if (Objects.equals(now, from)) {
                throw e;
            }
            LOG.info(
                    "Follower {} did not commit what it had processed of {} behind {}: another process has moved its position, which"
                            + " is {} now. It goes on from there.",
                    follower.name(),
                    upstream.leader(),
                    Place.reached(from),
                    Place.reached(now));
            return now;
        }
    }

    private @Nullable Position eachAlone(
            List<Notification> batch, @Nullable Position from, long batchEnd, NotificationPage page) {
        Position position = from;
        for (Notification notification : batch) {
            if (!terms.pace.goesOn()) {
                return position;
            }
            try {
                position = unit(List.of(notification), tracking(position, notification.id(), page));
            } catch (Throwable e) {
                requireNotEnded(List.of(notification), position, e);
                if (Recovery.isNoEventsFault(e)) {
                    throw e;
                }
                Position now = terms.pace.endsOn(e) ? position : terms.pace.withConnection(this::position);
                if (!Objects.equals(now, position)) {
                    // Another process was faster, and what it did made the policy fail.
                    return now;
                }
                throw new EventProcessingException(follower.name(), upstream.leader(), notification, position, e);
            }
        }
        return Place.reached(position) < batchEnd ? unit(List.of(), tracking(position, batchEnd, page)) : position;
    }

    /** Throws if a policy has ended the transaction: what it and those before it have written may be there, and is not to be written again. */
    private void requireNotEnded(List<Notification> batch, @Nullable Position from, Throwable failed) {
        if (!batch.isEmpty() && Recovery.isOfAnEndedTransaction(failed)) {
            throw EventProcessingException.ofAnEndedTransaction(
                    follower.name(), upstream.leader(), batch, from, failed);
        }
    }

    private Tracking tracking(@Nullable Position from, long to) {
        return from == null ? Tracking.first(upstream.leader(), to) : Tracking.after(upstream.leader(), from, to);
    }

    /** The same with the marks of the new position, as far as the page that it is in has them. */
    private Tracking tracking(@Nullable Position from, long to, NotificationPage page) {
        return tracking(from, to)
                .marked(page.lastEvent(to)
                        .map(last -> from == null ? List.of(last) : from.marksWith(last))
                        .orElse(List.of()));
    }

    /** Processes events in one transaction, together with the move of the position. */
    private Position unit(List<Notification> notifications, Tracking tracking) {
        long begun = System.nanoTime();
        inHand = null;
        Outcome outcome = terms.pace.withConnection(() -> recorded(notifications, new Batch(), tracking));
        processed += outcome.processed.size();
        terms.listener.batch(new PulledBatch(
                upstream.leader(),
                outcome.processed,
                outcome.parked,
                outcome.recordings,
                tracking.notificationId(),
                target,
                Duration.ofNanos(System.nanoTime() - begun)));
        return tracking.position();
    }

    /** Records a batch, and then does what calls for a connection, too: those who listen must be told of what is committed. */
    private Outcome recorded(List<Notification> notifications, Batch batch, Tracking tracking) {
        Outcome outcome;
        try {
            outcome = transactions.required(
                    () -> follower.recorder().inBatch(batch, () -> process(notifications, batch, tracking)));
        } catch (Throwable e) {
            batch.holders().forEach(aggregate -> aggregate.markUnusable(e));
            throw e;
        }
        if (!Rehearsal.isOn()) {
            batch.holders().forEach(Aggregate::confirmRecorded);
        }
        try {
            if (terms.tells) {
                follower.tell(outcome.recordings);
            } else if (!Rehearsal.isOn()) {
                follower.snapshot(outcome.recordings);
            }
        } finally {
            // Last: who sees that this follower has come so far must find that those behind it were told of what it
            // recorded.
            place.moved(tracking.position());
        }
        return outcome;
    }

    private Outcome process(List<Notification> notifications, Batch batch, Tracking tracking) {
        terms.pace.begins();
        follower.recorder().beginBatch();
        Set<UUID> waiting = parkedOriginators(notifications);
        List<ParkedEvent> behind = new ArrayList<>();
        List<Notification> processing = waiting.isEmpty() ? notifications : new ArrayList<>();
        for (Notification notification : notifications) {
            if (waiting.contains(notification.event().originatorId())) {
                behind.add(behind(notification));
            } else {
                inHand = notification;
                terms.pace.working(notification);
                Rehearsal.goOn();
                batch.nextPolicy();
                PolicyCall.of(follower, upstream, notification);
                inHand = null;
                if (!waiting.isEmpty()) {
                    processing.add(notification);
                }
            }
        }
        if (!behind.isEmpty()) {
            follower.parkedEvents().park(behind);
        }
        List<Long> ids = follower.recorder().insertLastEvents(batch.stored(), tracking);
        return new Outcome(batch.recordings(ids), processing, behind.size());
    }

    private Set<UUID> parkedOriginators(List<Notification> notifications) {
        if (!place.hasParked() || notifications.isEmpty()) {
            return Set.of();
        }
        return follower.parkedEvents()
                .originators(
                        upstream.leader(),
                        notifications.stream()
                                .map(notification -> notification.event().originatorId())
                                .collect(Collectors.toSet()));
    }

    private ParkedEvent behind(Notification notification) {
        return new ParkedEvent(
                upstream.leader(),
                notification.id(),
                notification.event().originatorId(),
                notification.event().originatorVersion(),
                notification.event().topic(),
                "behind an earlier event of the same originator",
                0,
                Instant.EPOCH);
    }

    private @Nullable Position position() {
        Position position = follower.recorder().position(upstream.leader()).orElse(null);
        place.read(position, follower.parkedEvents(), upstream.leader());
        return position;
    }

    /**
     * What a batch has led to.
     *
     * @param recordings what was recorded
     * @param processed its events that were processed
     * @param parked how many of its events were put aside
     */
    private record Outcome(List<Recording> recordings, List<Notification> processed, int parked) {}
}
