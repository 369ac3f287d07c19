package dev.eventsourcing.system;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.system.FollowerHealth.State;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Asks how a follower is. What cannot be asked is an answer, too. */
final class HealthCheck {
    private final FollowerRun run;
    private final List<FollowerRun> all;
    private final boolean running;

    /**
     * Makes a check.
     *
     * @param run the follower's
     * @param all those of the runner
     */
    HealthCheck(FollowerRun run, List<FollowerRun> all, boolean running) {
        this.run = run;
        this.all = all;
        this.running = running;
    }

    FollowerHealth of(Pursuit pursuit) {
        Follower follower = run.follower();
        String leader = pursuit.leader();
        String error = error(pursuit);
        Optional<String> ended = running && run.failure() == null ? run.endedThread() : Optional.empty();
        if (ended.isPresent()) {
            return unasked(
                    pursuit,
                    State.STOPPED,
                    "Thread " + ended.get() + " of follower " + follower.name()
                            + " has ended, so nothing is processed. Restart this process.");
        }
        try {
            // A stuck policy may hold what the store would be asked with: the only connection, or a lock.
            Optional<String> stuck = run.stuck();
            if (stuck.isPresent()) {
                return unasked(pursuit, state(State.STUCK), joined(stuck.get(), error));
            }
            Optional<String> behind = run.lease().isHeld() ? stuck(run::sharesThreadWith) : Optional.empty();
            if (behind.isPresent()) {
                return unasked(
                        pursuit,
                        state(State.STUCK),
                        joined("Waits for the thread of another follower. " + behind.get(), error));
            }
            Optional<String> held =
                    stuck(other -> stores(pursuit).contains(other.follower().sharedStore()));
            if (held.isPresent()) {
                return unasked(
                        pursuit,
                        state(State.UNKNOWN),
                        joined("The store was not asked, as a policy may hold it. " + held.get(), error));
            }
            NotificationLog log = follower.upstream(leader).log();
            long position = Place.reached(follower.recorder().position(leader).orElse(null));
            LogEnd end = log.end();
            String holder = holder();
            List<OpenAppend> open = end.isSettled() ? List.of() : log.openAppends();
            State state = state(pursuit, position, end, holder);
            return new FollowerHealth(
                    follower.name(),
                    leader,
                    state,
                    position,
                    Math.max(position, end.recorded()),
                    log.backlog(position),
                    follower.parkedEvents().count(leader),
                    open,
                    holder,
                    reason(state, pursuit, position, holder, error));
        } catch (Throwable e) {
            State state = run.failure() == null ? State.UNKNOWN : State.STOPPED;
            return unasked(pursuit, state, error.isEmpty() ? Thrown.message(e) : error);
        }
    }

    /** The stuck policy of another follower, if there is one that matches. */
    private Optional<String> stuck(Predicate<FollowerRun> matching) {
        return all.stream()
                .filter(other -> other != run)
                // Seldom is one stuck; only then it is worth asking whether it matches.
                .flatMap(other -> other.stuck().filter(text -> matching.test(other)).stream())
                .findFirst();
    }

    /** The stores that are asked about the follower. */
    private Set<SharedStore> stores(Pursuit pursuit) {
        Set<SharedStore> stores = new HashSet<>();
        stores.add(run.follower().sharedStore());
        run.follower().upstream(pursuit.leader()).log().store().ifPresent(stores::add);
        return stores;
    }

    /** What is known without the store, or a state that was found. */
    private State state(State found) {
        if (!running) {
            return State.NOT_RUNNING;
        }
        return run.failure() == null ? found : State.STOPPED;
    }

    private String joined(String stuck, String error) {
        if (error.isEmpty()) {
            return stuck;
        }
        return run.failure() == null ? stuck + " It was tried again before, after: " + error : error + " " + stuck;
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
        boolean here = run.lease().isHeld();
        if (!here && holder.isEmpty()) {
            return isLongerThanALease(run.lease().unheldFor()) ? State.UNATTENDED : State.STANDING_BY;
        }
        if (here && pursuit.trouble() != null) {
            return State.RETRYING;
        }
        if (position >= end.readable()) {
            pursuit.isCaughtUp();
        } else if (isLongerThanALease(unmovedFor(pursuit, position))) {
            return State.NOT_MOVING;
        }
        if (!here) {
            run.lease().isElsewhere();
            return State.ELSEWHERE;
        }
        if (position >= end.recorded()) {
            return State.UP_TO_DATE;
        }
        return position >= end.readable() ? State.WAITING : State.CATCHING_UP;
    }

    private Duration unmovedFor(Pursuit pursuit, long position) {
        return pursuit.unmovedFor(position, run.lease().isHeld(), run.lastProgress());
    }

    private boolean isLongerThanALease(Duration time) {
        return time.compareTo(run.leaseTime()) > 0;
    }

    /** Says what is wrong and what to do, where the state was found by what did not happen. */
    private String reason(State state, Pursuit pursuit, long position, String holder, String error) {
        String follower = run.follower().name();
        if (state == State.UNATTENDED) {
            String trouble = run.lease().trouble();
            return "No process has held the lease of follower " + follower + " for "
                    + seconds(run.lease().unheldFor()) + ", longer than it lasts (" + seconds(run.leaseTime())
                    + "), so nothing is processed. "
                    + (trouble.isEmpty()
                            ? "This process should have taken it; see its log, or restart it."
                            : "This process cannot take it: " + trouble);
        }
        if (state == State.NOT_MOVING) {
            String unmoved = "Follower " + follower + " has been at id " + position + " of " + pursuit.leader()
                    + " for "
                    + seconds(unmovedFor(pursuit, position)) + ", longer than a lease (" + seconds(run.leaseTime())
                    + "), while events wait that it may read. ";
            return unmoved
                    + (holder.isEmpty() || run.lease().isHeld()
                            ? run.atWorkFor(Duration.ZERO)
                                    .orElse("See in a thread dump what its thread waits for, or restart this process.")
                            : "See the log and the health of process " + holder
                                    + ", or stop it, so that another takes over.");
        }
        return error;
    }

    private static String seconds(Duration time) {
        return time.toSeconds() == 0 ? time.toMillis() + " ms" : time.toSeconds() + " s";
    }

    private String error(Pursuit pursuit) {
        Throwable wrong = run.failure() == null ? pursuit.trouble() : run.failure();
        return wrong == null ? "" : Thrown.message(wrong);
    }

    private String holder() {
        String name = run.follower().name();
        return run.follower().sharedStore().leases(Set.of(name)).stream()
                .findAny()
                .map(FollowerLease::holder)
                .orElse("");
    }
}
