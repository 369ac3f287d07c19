package dev.eventsourcing.system;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.SharedStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that watches one store for all followers of a runner: sees with one query where the leaders' logs end, whoever has
 * recorded, and keeps the leases of the followers whose positions are there. It pauses longer and longer while nothing is found that
 * the followers did not know of.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
    private static final Duration PAUSE_OF_TROUBLE = Duration.ofSeconds(1);
    private static final Duration PAUSE_OF_MEASURING = Duration.ofSeconds(5);

    private final String what;
    private final Set<String> leaders;
    private final Supplier<Map<String, Long>> heads;
    private final List<FollowerRun> behind;
    private final @Nullable SharedStore store;
    private final List<FollowerRun> leased;
    private final String holder;
    private final RunnerSettings settings;
    private final BackOff pauses;
    private final Rounds rounds;
    private final LeaseObservations observations;
    private Map<String, Long> lastEnds = Map.of();
    private volatile boolean asksForLeases;
    private long nextLease;
    private long nextMeasure = System.nanoTime();
    private @Nullable String trouble;

    /**
     * Makes a watch, which is not started yet.
     *
     * @param what the store, for people
     * @param leaders whose logs are watched
     * @param heads where they end
     * @param behind those who follow them
     * @param store keeps the leases; null if there is nothing to keep
     * @param leased the followers whose leases it keeps
     */
    Watch(
            String what,
            Set<String> leaders,
            Supplier<Map<String, Long>> heads,
            List<FollowerRun> behind,
            @Nullable SharedStore store,
            List<FollowerRun> leased,
            String holder,
            RunnerSettings settings,
            BooleanSupplier stopping) {
        this.what = what;
        this.leaders = leaders;
        this.heads = heads;
        this.behind = behind;
        this.store = store;
        this.leased = leased;
        this.holder = holder;
        this.settings = settings;
        this.pauses = new BackOff(SHORTEST_PAUSE, settings.pollPause());
        this.observations = new LeaseObservations(settings.longestLeaseTime());
        this.rounds = new Rounds("eventsourcing watch of " + what, this::look, this::broken, stopping);
    }

    Rounds rounds() {
        return rounds;
    }

    /** Has it look, and ask for leases, at once. */
    void wake() {
        asksForLeases = true;
        rounds.wake();
    }

    /** Looks once, and says how long to pause. */
    private Duration look() {
        try {
            if (asksForLeases || System.nanoTime() - nextLease >= 0) {
                // Before it asks: who wants it meanwhile wants it again.
                asksForLeases = false;
                keepLeases();
            }
            boolean here = behind.stream().anyMatch(run -> run.lease().isHeld());
            // A process that stands by need not know where logs end.
            Map<String, Long> ends = here ? heads.get() : Map.of();
            if (prompt(ends)) {
                pauses.reset();
            }
            if (settings.metrics() != FollowerMetrics.NONE && System.nanoTime() - nextMeasure >= 0) {
                behind.forEach(run -> run.measure(leaders));
                nextMeasure = System.nanoTime() + PAUSE_OF_MEASURING.toNanos();
            }
            if (trouble != null) {
                LOG.info("Watching {} continues.", what);
                trouble = null;
                // The store may have failed over, and lost what was recorded last.
                behind.forEach(FollowerRun::doubtsPositions);
            }
            Duration untilLease = Duration.ofNanos(Math.max(0, nextLease - System.nanoTime()));
            Duration pause = pauses.next();
            return pause.compareTo(untilLease) < 0 ? pause : untilLease;
        } catch (Throwable e) {
            if (trouble == null) {
                LOG.warn(
                        "Watching {} failed, and is tried again: {} Until then, followers process what this process records.",
                        what,
                        Thrown.message(e),
                        Thrown.readable(e));
            }
            trouble = Thrown.message(e);
            leased.forEach(run -> run.lease().cannotBeAsked(Thrown.message(e)));
            return PAUSE_OF_TROUBLE.compareTo(settings.leaseTime().dividedBy(3)) < 0
                    ? PAUSE_OF_TROUBLE
                    : settings.leaseTime().dividedBy(3);
        }
    }

    /** The last guard. Leases that are not renewed end by themselves, here before they do elsewhere. */
    private void broken(Throwable e) {
        LOG.error("Watching {} failed, and is tried again.", what, Thrown.readable(e));
    }

    /** Prompts those who have not come to the end of a log; whether there is something that was not there before. */
    private boolean prompt(Map<String, Long> ends) {
        boolean news = false;
        for (FollowerRun run : behind) {
            for (Pursuit pursuit : run.pursuits()) {
                Long end = ends.get(pursuit.leader());
                if (end != null && run.lease().isHeld() && run.reached(pursuit.leader()) != end) {
                    run.prompt(pursuit.leader());
                    news |= !end.equals(lastEnds.get(pursuit.leader()));
                }
            }
        }
        lastEnds = ends;
        return news;
    }

    /** Takes and prolongs leases; called by the thread that starts the runner, and then by this watch's own. */
    void keepLeases() {
        if (store == null || leased.isEmpty()) {
            nextLease = System.nanoTime() + Duration.ofHours(1).toNanos();
            return;
        }
        leased.forEach(FollowerRun::forgetWhatHasPassed);
        List<FollowerRun> stopped = leased.stream()
                .filter(run -> run.failure() != null && !run.keepsOthersOut())
                .toList();
        if (stopped.stream().anyMatch(run -> run.lease().isHeld())) {
            // Another process, of another version perhaps, may do better.
            release(stopped);
        }
        long asked = System.nanoTime();
        Set<String> wanted = names(leased);
        wanted.removeAll(names(stopped));
        Set<String> given = wanted.isEmpty() ? Set.of() : store.takeLeases(holder, wanted, settings.leaseTime());
        leased.stream()
                .filter(run -> !given.contains(run.follower().name()))
                .forEach(run -> run.lease().lost());
        hold(given, asked);
        nextLease = asked + settings.leaseTime().dividedBy(3).toNanos();
        // Last: if it fails, the leases that this process has are renewed all the same.
        wanted.removeAll(given);
        hold(takeOver(store, wanted), asked);
        leased.forEach(run -> run.lease().cannotBeAsked(""));
    }

    private void hold(Set<String> followers, long asked) {
        for (FollowerRun run : leased) {
            String follower = run.follower().name();
            if (followers.contains(follower) && run.lease().given(asked, settings.leaseTime())) {
                LOG.info("This process, {}, processes for follower {} now.", holder, follower);
                run.takesOver();
            }
        }
    }

    /** Takes the leases that end in the future by the store's clock, and that nobody has renewed for the time they last. */
    private Set<String> takeOver(SharedStore shared, Set<String> followers) {
        long asked = System.nanoTime();
        List<FollowerLease> leases = followers.isEmpty() ? List.of() : shared.leases(followers);
        Set<String> elsewhere = leases.stream().map(FollowerLease::follower).collect(Collectors.toSet());
        leased.stream()
                .filter(run -> elsewhere.contains(run.follower().name()))
                .forEach(run -> run.lease().isElsewhere());
        List<FollowerLease> abandoned = observations.abandoned(leases, asked, System.nanoTime());
        Set<String> taken = shared.takeOverLeases(holder, abandoned, settings.leaseTime());
        for (FollowerLease lease : abandoned) {
            if (taken.contains(lease.follower())) {
                LOG.warn(
                        "The lease of {} on follower {} ends at {} by the clock of {}, but was not renewed for as long as it lasts."
                                + " This process has taken it over. Check whether that clock was put back.",
                        lease.holder(),
                        lease.follower(),
                        lease.until(),
                        what);
            }
        }
        return taken;
    }

    /** Gives leases back. */
    void release(Collection<FollowerRun> runs) {
        if (store != null) {
            Set<String> names = names(leased);
            names.retainAll(names(runs));
            if (!names.isEmpty()) {
                store.releaseLeases(holder, names);
            }
        }
    }

    private static Set<String> names(Collection<FollowerRun> runs) {
        return runs.stream().map(run -> run.follower().name()).collect(Collectors.toSet());
    }
}
