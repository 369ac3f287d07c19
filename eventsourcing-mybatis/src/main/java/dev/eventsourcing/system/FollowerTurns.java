package dev.eventsourcing.system;

import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.system.PullListener.PulledBatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The turns of one follower in a synchronisation, and what they have done. */
final class FollowerTurns {
    private final Follower follower;
    private final SyncTerms terms;
    private final SyncMode mode;
    private final SyncPace pace;
    private final FollowerSyncListener listener;
    private final List<LeaderTally> leaders;
    private final Map<String, Long> appended = new TreeMap<>();
    private final Map<String, Long> seen = new HashMap<>();
    private long recorded;
    private Duration time = Duration.ZERO;
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

    FollowerResult result() {
        return new FollowerResult(
                follower.name(),
                mode,
                leaders.stream().map(LeaderTally::result).toList(),
                appended,
                RowChanges.UNKNOWN,
                time,
                failure);
    }

    /** Goes through the logs of all leaders, as far as they are recorded now. */
    void take() {
        listener.begins(follower.name());
        long begun = System.nanoTime();
        try {
            if (mode == SyncMode.DRY_RUN) {
                rehearse();
            } else {
                leaders.forEach(this::take);
            }
        } finally {
            time = time.plusNanos(System.nanoTime() - begun);
        }
    }

    private void take(LeaderTally tally) {
        if (failure != null) {
            return;
        }
        try {
            if (mode == SyncMode.PLAN) {
                plan(tally);
            } else {
                pull(tally);
            }
        } catch (RuntimeException | Error e) {
            tally.failed();
            failure = failure(tally.leader(), e);
        }
    }

    private void plan(LeaderTally tally) {
        Upstream upstream = follower.upstream(tally.leader());
        long position =
                Place.reached(follower.recorder().position(tally.leader()).orElse(null));
        LogEnd end = upstream.log().end();
        tally.plan(
                position,
                upstream.log()
                        .countByTopic(upstream.filter(
                                NotificationSelection.after(position).upTo(end.recorded()))));
    }

    private void pull(LeaderTally tally) {
        tally.beginsAt(
                Place.reached(follower.recorder().position(tally.leader()).orElse(null)));
        Pull.Terms how = new Pull.Terms(
                terms.batchSize().orElseGet(follower::batchSize),
                Long.MAX_VALUE,
                false,
                pace,
                batch -> count(tally, batch));
        Progress progress = follower.catchUp(tally.leader(), how, pace.atMost(terms.patience()));
        List<OpenAppend> openAppends =
                progress.waits() ? follower.upstream(tally.leader()).log().openAppends() : List.of();
        tally.endedAt(progress, progress.waits() && pace.goesOn() ? SyncEnd.OPEN_APPEND : pace.end(), openAppends);
    }

    private void count(LeaderTally tally, PulledBatch batch) {
        tally.add(batch);
        pace.done(batch.processed().size() + batch.parked());
        for (Recording recording : batch.recordings()) {
            appended.merge(recording.notification().event().topic(), 1L, Long::sum);
        }
        recorded += batch.recordings().size();
        listener.progressed(tally.progress(follower.name(), batch.target()));
    }

    private void rehearse() {
        // In the transaction nothing is waited for.
        try {
            leaders.forEach(tally -> follower.awaitReadable(tally.leader(), terms.patience()));
            follower.transactions().required(() -> {
                leaders.forEach(this::take);
                throw new RolledBack();
            });
        } catch (RolledBack asWished) {
            return;
        } catch (RuntimeException | Error e) {
            failure = failure("", e);
        }
    }

    private static FollowerResult.Failure failure(String leader, Throwable e) {
        String message = String.valueOf(e.getMessage() == null ? e.getClass().getName() : e.getMessage());
        return e instanceof EventProcessingException event
                ? new FollowerResult.Failure(event.leader(), event.notificationId(), event.topic(), message, e)
                : new FollowerResult.Failure(leader, 0, "", message, e);
    }

    /** Ends the transaction of a dry run. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RolledBack() {
            super("rolled back on purpose", null, false, false);
        }
    }
}
