package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.system.PullListener.PulledBatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A follower in a runner: whose turn it is, what it is at, and what has stopped it. Passes are made by one thread, its worker's;
 * everything else by all.
 */
final class FollowerRun implements Pace {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    /** The longest time of one pass, so that other followers of the same worker have their turn. */
    private static final long SLICE_NANOS = Duration.ofMillis(500).toNanos();

    private final Follower follower;
    private final List<Pursuit> pursuits;
    private final RunnerSettings settings;
    private final Budget budget;
    private final BooleanSupplier stopping;
    private final Consumer<Follower> recordedBefore;
    private final Lease lease = new Lease();
    private final Pull.Terms terms;
    private volatile @Nullable EventSourcingException failure;
    private volatile boolean knowsWhatItRecorded;
    private volatile @Nullable Worker worker;
    private volatile @Nullable FollowedLogs followedLogs;
    private final EventSourcingException unreported;
    private long begun;
    private boolean hasProcessed;
    private long lastStatement;

    /**
     * Makes a run.
     *
     * @param recordedBefore is called when the follower may have recorded something that nobody was told of
     */
    FollowerRun(
            Follower follower,
            RunnerSettings settings,
            Budget budget,
            BooleanSupplier stopping,
            Consumer<Follower> recordedBefore) {
        this.follower = follower;
        this.pursuits = follower.leaders().stream()
                .map(leader -> new Pursuit(follower, leader))
                .toList();
        this.unreported =
                new EventSourcingException(follower.name() + " has stopped, as its processing failed in the runner.");
        this.settings = settings;
        this.budget = budget;
        this.stopping = stopping;
        this.recordedBefore = recordedBefore;
        this.terms = new Pull.Terms(follower.batchSize(), Long.MAX_VALUE, true, this, this::tell);
    }

    Follower follower() {
        return follower;
    }

    List<Pursuit> pursuits() {
        return pursuits;
    }

    Lease lease() {
        return lease;
    }

    /** Names the worker whose thread makes the passes. */
    void runBy(Worker by) {
        worker = by;
    }

    private void wake() {
        Worker current = worker;
        if (current != null) {
            current.rounds().wake();
        }
    }

    /** The name of the thread that made the passes, if it has ended; empty if it runs or was not started. */
    Optional<String> endedThread() {
        Worker current = worker;
        return current == null || current.rounds().thread().getState() != Thread.State.TERMINATED
                ? Optional.empty()
                : Optional.of(current.rounds().thread().getName());
    }

    /** Whether one thread makes the passes of this follower and of that one. */
    boolean sharesThreadWith(FollowerRun other) {
        return worker != null && worker == other.worker;
    }

    /** How far it has come in the log of a leader, as far as this process knows. */
    long reached(String leader) {
        return follower.place(leader).reached();
    }

    /** Has the log of a leader looked at, if it follows that one. */
    void prompt(String leader) {
        for (Pursuit pursuit : pursuits) {
            if (pursuit.leader().equals(leader)) {
                pursuit.prompt();
                wake();
            }
        }
    }

    /** Whether those who listen were told of all that the follower has recorded. */
    boolean knowsWhatItRecorded() {
        return knowsWhatItRecorded;
    }

    /** Begins to process, after another process perhaps. */
    void takesOver() {
        knowsWhatItRecorded = false;
        doubtsPositions();
    }

    /** Has the positions compared with the logs, be there something to process or not. */
    void doubtsPositions() {
        pursuits.forEach(pursuit -> follower.place(pursuit.leader()).doubted());
        promptAll();
    }

    /** The same for every leader. */
    void promptAll() {
        pursuits.forEach(Pursuit::prompt);
        wake();
    }

    /** What has stopped it; null if nothing has. */
    @Nullable EventSourcingException failure() {
        return failure;
    }

    /** Whether it has stopped, and no other process is to go on either: nobody knows which effects the event in front of it has. */
    boolean keepsOthersOut() {
        EventSourcingException stopped = failure;
        return stopped != null && Recovery.isOfAnEndedTransaction(stopped);
    }

    /** Whether it processes nothing for now: something has failed that is tried again, or an append is open. */
    boolean isHeldUp() {
        return pursuits.stream().anyMatch(pursuit -> pursuit.trouble() != null || pursuit.isWaiting());
    }

    /**
     * Forgets the event that has stopped it, if the follower has come past it all the same: in another process, where it was let go on.
     * This one then stands by again.
     */
    void forgetWhatHasPassed() {
        if (failure instanceof EventProcessingException failed
                && follower.recorder().hasTracked(failed.leader(), failed.notificationId())) {
            stopped(null);
            LOG.info("Follower {} has come past what had stopped it here.", follower.name());
        }
    }

    private void stopped(@Nullable EventSourcingException by) {
        failure = by;
        follower.stoppedBy(by);
    }

    /** Lets a follower that has stopped go on. */
    void resume() {
        pursuits.forEach(pursuit -> follower.place(pursuit.leader()).parksAnew());
        stopped(null);
        promptAll();
    }

    /** The nanoseconds until there is something to do. */
    long dueIn() {
        return lease.isHeld() && failure == null
                ? pursuits.stream().mapToLong(Pursuit::dueIn).min().orElse(Long.MAX_VALUE)
                : Long.MAX_VALUE;
    }

    /** Makes the passes that are due. */
    void step() {
        for (Pursuit pursuit : pursuits) {
            if (pursuit.dueIn() <= 0 && failure == null && lease.isHeld() && !stopping.getAsBoolean()) {
                try (LogContext named = LogContext.put(LogContext.FOLLOWER, follower.name());
                        LogContext behind = LogContext.put(LogContext.LEADER, pursuit.leader())) {
                    pass(pursuit);
                }
            }
        }
    }

    private void pass(Pursuit pursuit) {
        progresses();
        pursuit.begin();
        try {
            tryPass(pursuit);
        } finally {
            pursuit.end();
            progresses();
        }
    }

    private void progresses() {
        Worker current = worker;
        if (current != null) {
            current.progresses();
        }
    }

    /** When the thread last did something that processes for this follower, as of {@link System#nanoTime}; now without a thread. */
    long lastProgress() {
        Worker current = worker;
        return current == null ? System.nanoTime() : current.lastProgress();
    }

    private void tryPass(Pursuit pursuit) {
        begun = System.nanoTime();
        hasProcessed = false;
        try {
            Throwable before = pursuit.trouble();
            Progress progress = follower.pass(pursuit.leader(), terms);
            learnWhatItRecorded();
            pursuit.ended(progress);
            recordTopics(pursuit.leader());
            if (before != null) {
                LOG.info("Follower {} continues in the log of {}.", follower.name(), pursuit.leader());
            }
        } catch (Budget.GivenUp e) {
            pursuit.again(Duration.ZERO);
        } catch (EventProcessingException e) {
            told(() -> settings.metrics().failed(follower.name(), pursuit.leader()));
            if (endsOn(e)) {
                pursuit.again(Duration.ZERO);
            } else {
                recover(pursuit, e);
            }
        } catch (Throwable e) {
            // A commit may have got no answer.
            knowsWhatItRecorded = false;
            told(() -> settings.metrics().failed(follower.name(), pursuit.leader()));
            if (endsOn(e)) {
                pursuit.again(Duration.ZERO);
            } else if (pursuit.recovery().after(e) == Recovery.Step.AGAIN) {
                tryAgain(pursuit, e);
            } else {
                stop(pursuit, e);
            }
        }
    }

    /** Has the topics recorded that the follower processes, once it has a position. */
    private void recordTopics(String leader) {
        FollowedLogs logs = followedLogs;
        if (logs != null && reached(leader) > 0 && logs.isUnrecorded(follower, leader)) {
            withConnection(() -> {
                logs.record(follower, leader);
                return leader;
            });
        }
    }

    /** Takes what is recorded of the followers' topics. */
    void follows(FollowedLogs logs) {
        followedLogs = logs;
    }

    /** Asks once for what may have been recorded before, by another process or by a commit that got no answer. */
    private void learnWhatItRecorded() {
        if (!knowsWhatItRecorded) {
            withConnection(() -> {
                recordedBefore.accept(follower);
                return follower;
            });
            knowsWhatItRecorded = true;
        }
    }

    private void recover(Pursuit pursuit, EventProcessingException failed) {
        switch (pursuit.recovery().after(failed)) {
            case AGAIN -> tryAgain(pursuit, failed);
            case STOP -> stop(pursuit, failed);
            case PARK -> park(pursuit, failed);
        }
    }

    private void park(Pursuit pursuit, EventProcessingException failed) {
        int attempts = pursuit.recovery().attempts();
        try {
            follower.park(failed, attempts, terms);
            LOG.warn(
                    "Follower {} has parked notification {} of {} after {} attempts, and parks what comes of {} from now on. See"
                            + " parking() of the follower.",
                    follower.name(),
                    failed.notificationId(),
                    pursuit.leader(),
                    attempts,
                    failed.originatorId(),
                    failed);
            pursuit.recovery().passed();
            pursuit.again(Duration.ZERO);
        } catch (Budget.GivenUp e) {
            pursuit.again(Duration.ZERO);
        } catch (ParkingLimitException e) {
            stop(pursuit, e);
        } catch (Throwable e) {
            if (pursuit.recovery().after(e) == Recovery.Step.AGAIN) {
                tryAgain(pursuit, e);
            } else {
                e.addSuppressed(failed);
                stop(pursuit, e);
            }
        }
    }

    private void tryAgain(Pursuit pursuit, Throwable failed) {
        if (pursuit.failed(failed)) {
            LOG.warn(
                    "Follower {} failed in the log of {}, and tries again, with pauses: {}",
                    follower.name(),
                    pursuit.leader(),
                    Thrown.message(failed),
                    Thrown.readable(failed));
        }
    }

    /**
     * Stops the follower after a failure outside of its passes. A failure that has stopped it before stays the reason, as it names the
     * event.
     */
    void broken(Throwable e) {
        // First, and without new objects: what follows may throw, as for lack of memory.
        marksBroken();
        EventSourcingException before = failure == unreported ? null : failure;
        Throwable readable = Thrown.readable(e);
        if (before == null) {
            stopped(new EventSourcingException(
                    follower.name() + " has stopped, as its processing failed in the runner: "
                            + Thrown.message(readable),
                    readable));
        } else if (before != readable) {
            before.addSuppressed(readable);
        }
        LOG.error("Follower {} has stopped, as its processing failed in the runner.", follower.name(), readable);
    }

    /** Marks the follower as stopped; {@link #broken} then reports why. Throws nothing. */
    void marksBroken() {
        if (failure == null) {
            stopped(unreported);
        }
    }

    private void stop(Pursuit pursuit, Throwable e) {
        EventSourcingException stopped = e instanceof EventSourcingException ours
                ? ours
                : new EventSourcingException(
                        follower.name() + " failed to follow " + pursuit.leader() + ": " + Thrown.message(e),
                        Thrown.readable(e));
        pursuit.recovery().passed();
        stopped(stopped);
        LOG.error(
                "Follower {} has stopped in the log of {}. Mend what is wrong, and let it resume: {}",
                follower.name(),
                pursuit.leader(),
                stopped.getMessage(),
                stopped);
    }

    @Override
    public boolean goesOn() {
        return !stopping.getAsBoolean() && lease.isHeld();
    }

    /**
     * Only while the runner stops: a policy that is interrupted because this process ends has not failed. At other times an interruption
     * is a failure of the policy, as the thread is the runner's.
     */
    @Override
    public boolean endsOn(Throwable failed) {
        return stopping.getAsBoolean() && Recovery.isInterruption(failed);
    }

    /** At least one batch is processed in each pass, however long its connections were waited for. */
    @Override
    public boolean hasTime() {
        return !hasProcessed || System.nanoTime() - begun < SLICE_NANOS;
    }

    @Override
    public <T> T withConnection(Supplier<T> work) {
        Rounds.forgetInterruption();
        return budget.with(this::goesOn, work);
    }

    @Override
    public void begins() {
        follower.sharedStore().limitIdleness(settings.idleLimit());
        lastStatement = System.nanoTime();
    }

    /** Has a policy that works with no statement start with all of the time. */
    @Override
    public void working(Notification notification) {
        progresses();
        Rounds.forgetInterruption();
        if (System.nanoTime() - lastStatement > settings.idleLimit().toNanos() / 3) {
            begins();
        }
    }

    /** What the policy works on, in whichever thread of this process, if it has for longer than the settings allow. */
    Optional<String> stuck() {
        return atWorkFor(settings.policyLimit());
    }

    /** How long a process may hold the lease without renewing it. */
    Duration leaseTime() {
        return settings.leaseTime();
    }

    /** What the policy works on, if it has for longer than a time. */
    Optional<String> atWorkFor(Duration time) {
        WorkingPolicy current = follower.atWork();
        return current == null
                ? Optional.empty()
                : current.longerThan(time)
                        .map(text -> text
                                + (lease.isHeld()
                                        ? " This process still holds the lease."
                                        : " This process does not hold the lease: what the policy does is not committed if"
                                                + " another process has processed the event.")
                                + " Find out what the policy waits for, or restart this process.");
    }

    private void tell(PulledBatch batch) {
        progresses();
        hasProcessed = true;
        int events = batch.processed().size();
        if (events > 0) {
            told(() -> settings.metrics().processed(follower.name(), batch.leader(), events, batch.time()));
        }
        if (batch.parked() > 0) {
            told(() -> settings.metrics().parked(follower.name(), batch.leader(), batch.parked()));
        }
    }

    /** Tells how far behind it is in the logs of some leaders, whichever process runs it. */
    void measure(Set<String> leaders) {
        for (Pursuit pursuit : pursuits) {
            String leader = pursuit.leader();
            if (leaders.contains(leader)) {
                // Before the first pass nothing is known here.
                long position = lease.isHeld() && reached(leader) > 0
                        ? reached(leader)
                        : Place.reached(follower.recorder().position(leader).orElse(null));
                follower.upstream(leader)
                        .log()
                        .backlog(position)
                        .ifPresent(lag ->
                                told(() -> settings.metrics().lag(follower.name(), leader, lag.events(), lag.age())));
            }
        }
    }

    private static void told(Runnable telling) {
        try {
            telling.run();
        } catch (Throwable e) {
            LOG.warn("The metrics of followers failed: {}", Thrown.message(e), Thrown.readable(e));
        }
    }
}
