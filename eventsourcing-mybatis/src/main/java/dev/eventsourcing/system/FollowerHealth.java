package dev.eventsourcing.system;

import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.OpenAppend;
import java.util.List;
import java.util.Optional;

/**
 * How a follower is, in the log of one leader.
 *
 * @param follower the follower's name
 * @param leader the leader's name
 * @param state what it is doing
 * @param position how far it has come; 0 for not at all
 * @param recorded where the leader's log ends
 * @param backlog what is recorded behind its position; empty if the log cannot tell
 * @param parked how many events it has put aside
 * @param waitsFor the open transactions that keep it from the end of the log, oldest first
 * @param holder the process that processes for it, as that names itself; empty if none does
 * @param error what has stopped it, is tried again, or is not done with; empty if nothing is wrong
 */
public record FollowerHealth(
        String follower,
        String leader,
        State state,
        long position,
        long recorded,
        Optional<Backlog> backlog,
        long parked,
        List<OpenAppend> waitsFor,
        String holder,
        String error) {
    /** Copies the list. */
    public FollowerHealth {
        waitsFor = List.copyOf(waitsFor);
    }

    /** What a follower is doing. */
    public enum State {
        /** It has processed all that is recorded. Healthy. */
        UP_TO_DATE,
        /** It processes what is recorded; a burst of events alone leaves it here. Healthy. */
        CATCHING_UP,
        /** It waits for an open append, which may yet record an event below those that are left. Healthy. */
        WAITING,
        /** Another process holds its lease and processes for it. Healthy. */
        ELSEWHERE,
        /** No process holds its lease at this moment; one takes it within a third of the lease time. Healthy. */
        STANDING_BY,
        /** No process has held its lease for longer than a lease lasts, so nothing is processed. Unhealthy. */
        UNATTENDED,
        /**
         * Its position has not moved for longer than a lease, in whatever process, while events wait that it may read. Each event that its
         * policy begins counts as a move; of another process only the position is seen, so this one has to have been asked twice.
         * Unhealthy.
         */
        NOT_MOVING,
        /**
         * Its policy has worked on one event for longer than {@link RunnerSettings#policyLimit} allows, or that of another follower of
         * the same thread. Unhealthy.
         */
        STUCK,
        /** Something has failed that may pass, and is tried again. Unhealthy. */
        RETRYING,
        /**
         * Something has failed that does not pass by itself, or its thread has ended: mend it and let the follower resume. Unhealthy.
         */
        STOPPED,
        /** The runner was not started, or has been stopped. Unhealthy. */
        NOT_RUNNING,
        /** Its store, or that of its leader, cannot be asked, or was not asked, as a stuck policy may hold it. Unhealthy. */
        UNKNOWN
    }

    /** Whether nothing is wrong that somebody has to look at: see {@link State} for the rule of each state. */
    public boolean isHealthy() {
        return switch (state) {
            case UP_TO_DATE, CATCHING_UP, WAITING, ELSEWHERE, STANDING_BY -> true;
            case UNATTENDED, NOT_MOVING, STUCK, RETRYING, STOPPED, NOT_RUNNING, UNKNOWN -> false;
        };
    }

    /** A line for people. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(follower)
                .append(" behind ")
                .append(leader)
                .append(": ")
                .append(state)
                .append(", at id ")
                .append(position)
                .append(" of ")
                .append(recorded);
        backlog.filter(lag -> lag.events() > 0)
                .ifPresent(lag -> line.append(", ")
                        .append(lag.events())
                        .append(lag.events() == Backlog.MOST_COUNTED ? " or more" : "")
                        .append(lag.events() == 1 ? " event and " : " events and ")
                        .append(lag.age().toSeconds())
                        .append(" s late"));
        if (parked > 0) {
            line.append(", ").append(parked).append(" parked");
        }
        if (!waitsFor.isEmpty()) {
            line.append(", waits for ").append(waitsFor);
        }
        if (!holder.isEmpty()) {
            line.append(", run by ").append(holder);
        }
        if (!error.isEmpty()) {
            line.append(": ").append(error);
        }
        return line.toString();
    }
}
