package dev.eventsourcing.system;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.system.FollowerHealth.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks how a follower is. What cannot be asked is an answer, too. */
final class HealthCheck {
    private final FollowerRun run;
    private final boolean running;

    HealthCheck(FollowerRun run, boolean running) {
        this.run = run;
        this.running = running;
    }

    FollowerHealth of(Pursuit pursuit) {
        Follower follower = run.follower();
        String leader = pursuit.leader();
        String error = error(pursuit);
        if (running && run.failure() == null && run.stuck().isPresent()) {
            // The policy may hold what the store would be asked with: the only connection, or a lock.
            return unasked(pursuit, State.STUCK, error);
        }
        try {
            NotificationLog log = follower.upstream(leader).log();
            long position = Place.reached(follower.recorder().position(leader).orElse(null));
            LogEnd end = log.end();
            String holder = holder();
            List<OpenAppend> open = end.isSettled() ? List.of() : log.openAppends();
            return new FollowerHealth(
                    follower.name(),
                    leader,
                    state(pursuit, position, end, holder),
                    position,
                    Math.max(position, end.recorded()),
                    log.backlog(position),
                    follower.parkedEvents().count(leader),
                    open,
                    holder,
                    error);
        } catch (Exception e) {
            State state = run.failure() == null ? State.UNKNOWN : State.STOPPED;
            return unasked(pursuit, state, error.isEmpty() ? Thrown.message(e) : error);
        }
    }

    /** What this process knows by itself. */
    private FollowerHealth unasked(Pursuit pursuit, State state, String error) {
        long reached = run.reached(pursuit.leader());
        return new FollowerHealth(
                run.follower().name(),
                pursuit.leader(),
                state,
                reached,
                reached,
                Optional.empty(),
                0,
                List.of(),
                "",
                error);
    }

    private State state(Pursuit pursuit, long position, LogEnd end, String holder) {
        if (!running) {
            return State.NOT_RUNNING;
        }
        if (run.failure() != null) {
            return State.STOPPED;
        }
        if (!run.lease().isHeld()) {
            return holder.isEmpty() ? State.STANDING_BY : State.ELSEWHERE;
        }
        if (pursuit.trouble() != null) {
            return State.RETRYING;
        }
        if (position >= end.recorded()) {
            return State.UP_TO_DATE;
        }
        return position >= end.readable() ? State.WAITING : State.CATCHING_UP;
    }

    private String error(Pursuit pursuit) {
        Throwable wrong = run.failure() == null ? pursuit.trouble() : run.failure();
        return wrong == null ? run.stuck().orElse("") : Thrown.message(wrong);
    }

    private String holder() {
        String name = run.follower().name();
        return run.follower().sharedStore().leases(Set.of(name)).stream()
                .findAny()
                .map(FollowerLease::holder)
                .orElse("");
    }
}
