package dev.eventsourcing.system;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Tracking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Processes events again that a follower has put aside. Used by one thread, once.
 *
 * <p>What is parked is read after the position, and the position is moved to its next epoch with each change. As nobody parks or takes
 * away without moving the position, what was read is what is there at the commit.
 */
final class Retry {
    private final Follower follower;
    private final Upstream upstream;
    private final String leader;
    private final ParkedEvents parkedEvents;
    private final Recovery recovery;
    private final Turn turn;
    private final List<EventProcessingException> failures = new ArrayList<>();
    private long processed;
    private long failed;

    Retry(Follower follower, Upstream upstream, Duration longestPause) {
        this.follower = follower;
        this.upstream = upstream;
        this.leader = upstream.leader();
        this.parkedEvents = follower.parkedEvents();
        this.recovery = new Recovery(follower, CatchUp.SHORTEST_PAUSE, CatchUp.LONGEST_PAUSE);
        this.turn = new Turn(follower, leader, longestPause);
    }

    RetryResult result(long stillParked) {
        return new RetryResult(processed, stillParked, failed, failures);
    }

    /** Gives each originator its turn that has parked events up to where the follower is now. */
    void all() {
        long end = Place.reached(follower.recorder().position(leader).orElse(null));
        List<ParkedEvent> page = parkedEvents.select(leader, 0, Parking.PAGE);
        while (!page.isEmpty()) {
            // Whoever had its turn has none left, or failed; that is asked for once in a page.
            Set<UUID> asked = new HashSet<>();
            for (ParkedEvent event : page) {
                if (event.notificationId() > end) {
                    return;
                }
                if (asked.add(event.originatorId()) && isFirst(event)) {
                    originator(event.originatorId());
                }
            }
            page = parkedEvents.select(leader, page.get(page.size() - 1).notificationId(), Parking.PAGE);
        }
    }

    /** Processes what is parked of an originator, up to the first event that fails. */
    void originator(UUID originatorId) {
        Step step = turn.take(position -> next(originatorId, position));
        while (step.event != null) {
            if (step.failure == null) {
                processed++;
                recovery.passed();
                // Those who listen may wait for this follower, so not while other threads of it wait for us.
                follower.tell(step.recordings);
            } else if (staysParked(step.event, step.failure)) {
                return;
            }
            step = turn.take(position -> next(originatorId, position));
        }
    }

    private boolean isFirst(ParkedEvent event) {
        return first(event.originatorId())
                .filter(first -> first.notificationId() == event.notificationId())
                .isPresent();
    }

    private Optional<ParkedEvent> first(UUID originatorId) {
        return parkedEvents.select(leader, originatorId, 0, 1).stream().findAny();
    }

    private Step next(UUID originatorId, @Nullable Position position) {
        ParkedEvent event = first(originatorId).orElse(null);
        // What is above a position that was reset, the follower processes when it comes there.
        if (event == null || position == null || event.notificationId() > position.notificationId()) {
            return Step.NONE;
        }
        try {
            return new Step(event, process(read(event), position), null);
        } catch (Throwable e) {
            if (Recovery.isNoEventsFault(e) && !Recovery.isOfAnEndedTransaction(e)) {
                Thrown.restoreInterruption(e);
                throw e;
            }
            return new Step(event, List.of(), new EventProcessingException(follower.name(), event, position, e));
        }
    }

    private Notification read(ParkedEvent event) {
        long id = event.notificationId();
        NotificationSelection selection =
                NotificationSelection.after(id - 1).upTo(id).limit(1);
        NotificationPage page = upstream.log().selectPage(selection);
        if (page.upTo() < id) {
            new Patience(follower.place(leader), Patience.OF_A_PASS)
                    .until(() -> upstream.log().end().readable() >= id);
            page = upstream.log().selectPage(selection);
        }
        if (page.upTo() < id) {
            throw new PersistenceException(
                    "The log of " + leader + " can be read up to " + page.upTo()
                            + " only, as an append is open that may record something below. Try again when it has ended.",
                    null,
                    true);
        }
        return page.notifications().stream()
                .filter(found -> isOf(event, found))
                .findAny()
                .orElseThrow(() -> new PersistenceException(
                        "The event is not in the log of " + leader
                                + " any more: the log was put back to an older state, or is"
                                + " another one. Drop what is parked of it.",
                        null));
    }

    private static boolean isOf(ParkedEvent event, Notification found) {
        return found.event().originatorId().equals(event.originatorId())
                && found.event().originatorVersion() == event.originatorVersion();
    }

    private List<Recording> process(Notification notification, Position position) {
        Batch batch = new Batch();
        try {
            List<Recording> recordings = follower.transactions()
                    .required(() -> follower.recorder().inBatch(batch, () -> {
                        follower.recorder().beginBatch();
                        batch.nextPolicy();
                        PolicyCall.of(follower, upstream, notification);
                        parkedEvents.remove(leader, List.of(notification.id()));
                        return batch.recordings(follower.recorder()
                                .insertLastEvents(batch.stored(), Tracking.nextEpoch(leader, position)));
                    }));
            batch.holders().forEach(Aggregate::confirmRecorded);
            return recordings;
        } catch (Throwable e) {
            batch.holders().forEach(aggregate -> aggregate.markUnusable(e));
            throw e;
        }
    }

    /** Whether an event that has failed stays parked, rather than to be tried again now. */
    private boolean staysParked(ParkedEvent event, EventProcessingException failure) {
        if (Recovery.isInterruption(failure)) {
            // Somebody wants this thread to end.
            Thrown.restoreInterruption(failure);
            throw failure;
        }
        if (Recovery.isOfAnEndedTransaction(failure)) {
            // Nobody knows what has come of it.
            throw failure;
        }
        boolean again = recovery.after(failure) == Recovery.Step.AGAIN;
        if (failure.getCause() instanceof Error || again && recovery.attempts() >= follower.attempts()) {
            // No event's fault.
            throw failure;
        }
        if (again) {
            // What may pass is not ours, and nobody tells when it has; but others here may take the event away.
            Place place = follower.place(leader);
            long turns = place.turns();
            place.await(
                    () -> place.turns() != turns,
                    recovery.pause(),
                    "another try of notification " + event.notificationId());
            return false;
        }
        if (!turn.take(position -> note(event, failure, position))) {
            return false;
        }
        failed++;
        if (failures.size() < RetryResult.MOST_FAILURES) {
            failures.add(failure);
        }
        return true;
    }

    /** Keeps why an event has failed again; false if another process has processed it meanwhile, or taken it out. */
    private boolean note(ParkedEvent event, EventProcessingException failure, @Nullable Position position) {
        if (position == null || !isFirst(event)) {
            return false;
        }
        follower.transactions().required(() -> {
            parkedEvents.park(List.of(failure.parked(recovery.attempts())));
            follower.recorder().insertLastEvents(List.of(), Tracking.nextEpoch(leader, position));
        });
        return true;
    }

    /**
     * What became of the next event of an originator.
     *
     * @param event the event; null if there is none
     * @param recordings what came of it
     * @param failure why it failed; null if it was processed
     */
    private record Step(
            @Nullable ParkedEvent event,
            List<Recording> recordings,
            @Nullable EventProcessingException failure) {
        private static final Step NONE = new Step(null, List.of(), null);
    }
}
