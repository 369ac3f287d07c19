package dev.eventsourcing.system;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.FailureKind;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.RowChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The turns of one follower in a synchronisation, and what they have done. */
final class FollowerTurns {
    private static final Logger LOG = LoggerFactory.getLogger(FollowerSync.class);

    private final Follower follower;
    private final SyncTerms terms;
    private final SyncMode mode;
    private final SyncPace pace;
    private final FollowerSyncListener listener;
    private final List<LeaderTally> leaders;
    private final Map<String, Long> appended = new TreeMap<>();
    private final Map<String, Long> seen = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final List<FollowerResult.Failure> parkings = new ArrayList<>();
    private long recorded;
    private RowChanges rows = RowChanges.UNKNOWN;
    private Duration time = Duration.ZERO;
    private boolean interrupted;
    private FollowerResult.@Nullable Failure failure;

    FollowerTurns(Follower follower, SyncTerms terms, SyncMode mode, SyncPace pace, FollowerSyncListener listener) {
        this.follower = follower;
        this.terms = terms;
        this.mode = mode;
        this.pace = pace;
        this.listener = listener;
        this.leaders = follower.leaders().stream()
                .map(leader -> new LeaderTally(follower.upstream(leader)))
                .toList();
    }

    /** Whether this follower follows that one. */
    boolean follows(FollowerTurns other) {
        return follower.leaders().contains(other.follower.name());
    }

    /** Takes note that what that one has recorded up to now will be seen in the next turn. */
    void sees(FollowerTurns leader) {
        seen.put(leader.follower.name(), leader.recorded);
    }

    /** Whether that one has recorded something since the last turn began. */
    boolean hasNewsOf(FollowerTurns leader) {
        return leader.recorded > seen.getOrDefault(leader.follower.name(), 0L);
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Whether the thread was interrupted while it worked for this follower. */
    boolean wasInterrupted() {
        return interrupted;
    }

    FollowerResult result() {
        return new FollowerResult(
                follower.name(),
                mode,
                leaders.stream().map(LeaderTally::result).toList(),
                appended,
                parkings,
                rows,
                time,
                failure);
    }

    /** Waits until what all leaders have recorded may be read, as far as patience goes. */
    void awaitReadable() {
        for (LeaderTally tally : leaders) {
            attempt(() -> follower.awaitReadable(tally.leader(), pace.atMost(terms.patience()), pace));
        }
    }

    /** Has a rehearsal go on from where the follower is now. */
    void notePositions() {
        leaders.forEach(tally -> attempt(() -> position(tally)));
    }

    /** Has a rehearsal record behind what the follower has recorded up to now. */
    void noteEnd() {
        attempt(() -> follower.recorder().end());
    }

    private void attempt(Runnable look) {
        try {
            look.run();
        } catch (Exception e) {
            noteInterruption(e);
            LOG.debug("{} cannot be looked at, and will fail again in its turn.", follower.name(), Thrown.readable(e));
        }
    }

    /** Goes through the logs of all leaders, as far as they are recorded now. */
    void take() {
        listener.begins(follower.name());
        long begun = System.nanoTime();
        try {
            if (mode == SyncMode.DRY_RUN) {
                follower.rehearsing(places, this::rehearse);
            } else {
                leaders.forEach(this::take);
            }
        } finally {
            time = time.plusNanos(System.nanoTime() - begun);
        }
    }

    private int rehearse() {
        try {
            RowChanges before = Rehearsal.changes(follower.transactions());
            leaders.forEach(this::take);
            rows = rows.plus(Rehearsal.changes(follower.transactions()).since(before));
        } catch (ListenerFailedException e) {
            throw e;
        } catch (Exception e) {
            noteInterruption(e);
            failure = failure == null ? failure("", e) : failure;
        }
        return rows.rows().size();
    }

    private void take(LeaderTally tally) {
        Recovery recovery = new Recovery(follower, CatchUp.SHORTEST_PAUSE, CatchUp.LONGEST_PAUSE);
        while (failure == null) {
            try {
                if (mode == SyncMode.PLAN) {
                    plan(tally);
                } else {
                    pull(tally);
                }
                return;
            } catch (ListenerFailedException e) {
                throw e;
            } catch (Throwable e) {
                noteInterruption(e);
                if (!waits(tally.leader(), recovery, e)) {
                    tally.failed();
                    failure = failure(tally.leader(), e);
                }
            }
        }
    }

    /** Waits a little after a failure that is about the moment; false where it is not, or has lasted for as long as patience goes. */
    private boolean waits(String leader, Recovery recovery, Throwable failed) {
        if (mode == SyncMode.DRY_RUN
                || interrupted
                || recovery.kindOf(failed) != FailureKind.MOMENT
                || !pace.hasPatienceWithTheMoment()) {
            return false;
        }
        LOG.warn(
                "Follower {} failed in the log of {}, and tries again: {}",
                follower.name(),
                leader,
                Thrown.message(failed));
        follower.place(leader).await(() -> !pace.goesOn(), recovery.pause(), "the database");
        return true;
    }

    /** Clears the interrupt flag until the others had their turn: a thread with its flag set breaks connections. */
    private void noteInterruption(Throwable failed) {
        interrupted |= Thread.interrupted() || Thrown.isInterruption(failed);
    }

    private void plan(LeaderTally tally) {
        Upstream upstream = follower.upstream(tally.leader());
        LogEnd end = upstream.log().end();
        // Refuses what a pass would.
        long position = Place.reached(follower.checkedPosition(tally.leader(), end));
        tally.plan(
                position,
                upstream.log()
                        .countByTopic(upstream.filter(
                                NotificationSelection.after(position).upTo(end.recorded()))));
    }

    private void pull(LeaderTally tally) {
        tally.beginsAt(position(tally));
        Pull.Terms how = new Pull.Terms(
                terms.batchSize().orElseGet(follower::batchSize), Long.MAX_VALUE, false, pace, new Counting(tally));
        // A rehearsal has waited before.
        Duration patience = mode == SyncMode.DRY_RUN ? Duration.ZERO : pace.atMost(terms.patience());
        Progress progress = follower.catchUp(tally.leader(), how, patience);
        List<OpenAppend> openAppends =
                progress.waits() ? follower.upstream(tally.leader()).log().openAppends() : List.of();
        tally.endedAt(progress, progress.waits() && pace.goesOn() ? SyncEnd.OPEN_APPEND : pace.end(), openAppends);
    }

    private long position(LeaderTally tally) {
        return Place.reached(follower.recorder().position(tally.leader()).orElse(null));
    }

    private static FollowerResult.Failure failure(String leader, Throwable e) {
        String message = Thrown.message(e);
        return e instanceof EventProcessingException event
                ? new FollowerResult.Failure(event.leader(), event.notificationId(), event.topic(), message, e)
                : new FollowerResult.Failure(leader, 0, "", message, Thrown.readable(e));
    }

    /** Counts what is committed. */
    private final class Counting implements PullListener {
        private final LeaderTally tally;

        Counting(LeaderTally tally) {
            this.tally = tally;
        }

        @Override
        public void batch(PulledBatch batch) {
            tally.add(batch);
            pace.done(batch.processed().size() + batch.parked());
            for (Recording recording : batch.recordings()) {
                appended.merge(recording.notification().event().topic(), 1L, Long::sum);
            }
            recorded += batch.recordings().size();
            try {
                listener.progressed(tally.progress(follower.name(), batch.target()));
            } catch (Throwable e) {
                throw new ListenerFailedException(e);
            }
        }

        @Override
        public void parked(EventProcessingException failed) {
            if (parkings.size() < FollowerResult.MOST_PARKINGS) {
                parkings.add(failure(tally.leader(), failed));
            }
        }
    }
}
