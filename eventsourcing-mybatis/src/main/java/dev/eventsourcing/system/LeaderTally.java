package dev.eventsourcing.system;

import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.system.PullListener.PulledBatch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a synchronisation does for one follower in the log of one leader, as it is counted up. */
final class LeaderTally {
    private final Upstream upstream;
    private final Map<String, Long> topics = new TreeMap<>();
    private long parked;
    private boolean begun;
    private long from;
    private long reached;
    private long left;
    private SyncEnd ended = SyncEnd.FAILED;
    private List<OpenAppend> openAppends = List.of();

    LeaderTally(Upstream upstream) {
        this.upstream = upstream;
    }

    String leader() {
        return upstream.leader();
    }

    /** Takes the position that the follower begins a turn at. */
    void beginsAt(long position) {
        from = begun ? from : position;
        begun = true;
        reached = position;
    }

    /** Adds a batch that was committed. */
    void add(PulledBatch batch) {
        for (Notification notification : batch.processed()) {
            topics.merge(notification.event().topic(), 1L, Long::sum);
        }
        parked += batch.parked();
        reached = batch.reached();
    }

    /** How far it is, on a way to a target. */
    FollowerProgress progress(String follower, long target) {
        long events = topics.values().stream().mapToLong(Long::longValue).sum() + parked;
        return new FollowerProgress(follower, leader(), events, from, reached, target);
    }

    /** Takes what is there to be processed, without doing so. */
    void plan(long position, Map<String, Long> before) {
        beginsAt(position);
        topics.putAll(before);
        ended = SyncEnd.COMPLETE;
    }

    /** Takes note of where a turn has ended. */
    void endedAt(Progress progress, SyncEnd unlessComplete, List<OpenAppend> waitsFor) {
        reached = progress.reached();
        ended = progress.isComplete() ? SyncEnd.COMPLETE : unlessComplete;
        left = progress.isComplete() ? 0 : left(progress.target());
        openAppends = ended == SyncEnd.OPEN_APPEND ? waitsFor : List.of();
    }

    /** Takes note that the follower failed, in this log or in one before it. */
    void failed() {
        ended = SyncEnd.FAILED;
    }

    private long left(long target) {
        return upstream
                .log()
                .countByTopic(
                        upstream.filter(NotificationSelection.after(reached).upTo(target)))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    LeaderResult result() {
        return new LeaderResult(leader(), topics, parked, from, reached, left, ended, openAppends);
    }
}
