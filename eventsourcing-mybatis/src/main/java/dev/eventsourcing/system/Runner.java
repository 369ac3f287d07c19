package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the applications of a system and lets the followers among them follow: what this process records, and what other processes
 * record in the same stores. Several processes may run the same system; each follower is then processed for by one of them at a time,
 * and when that one dies or is cut off, by another.
 *
 * <p>A follower that fails fails neither a save nor other followers. What may pass by itself is tried again, with pauses; what may
 * not stops the follower, is logged, kept in {@link #failures}, seen in {@link #health}, and thrown by {@link #stop}.
 *
 * <p>Safe for use by several threads.
 */
public abstract sealed class Runner implements AutoCloseable permits SingleThreadedRunner, MultiThreadedRunner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    private final EventDrivenSystem system;
    private final Applications applications;
    private final RunnerSettings settings;
    private final List<AutoCloseable> closing = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> listening = new ArrayList<>();
    private final Map<String, Long> lastRecorded = new ConcurrentHashMap<>();
    private volatile List<FollowerRun> runs = List.of();
    private volatile Consequences consequences = new Consequences(List.of(), name -> 0L, () -> true);
    private volatile List<Worker> workers = List.of();
    private volatile List<Watch> watches = List.of();
    private volatile Phase phase = Phase.MADE;
    private Budget budget = new Budget(1);

    Runner(
            EventDrivenSystem system,
            Function<Class<? extends Application>, Application> instances,
            RunnerSettings settings) {
        this.system = system;
        this.applications = new Applications(system, instances);
        this.settings = settings;
    }

    /** What a runner goes through, each once. */
    private enum Phase {
        MADE,
        STARTING,
        STARTED,
        STOPPED,
        CLOSED
    }

    /** Divides the followers among threads. */
    abstract List<Worker> workers(List<FollowerRun> followers);

    /** How many connections the followers use at once. */
    abstract int connections();

    /** Does what belongs to the start, once all threads run. */
    abstract void hasStarted();

    /** Has something closed with this runner, such as recorders that were opened for it. Returns this runner. */
    public final Runner closing(AutoCloseable resource) {
        closing.add(resource);
        return this;
    }

    /** The system that is run. */
    public final EventDrivenSystem system() {
        return system;
    }

    /**
     * An application of the system; before and after the start.
     *
     * @throws ConfigurationException if the system has no such class
     */
    public final <A extends Application> A get(Class<A> application) {
        return applications.get(application);
    }

    /** Whether it was started, and not stopped since; also if all of its followers have stopped by themselves. */
    public final boolean isRunning() {
        return phase == Phase.STARTED;
    }

    /**
     * Lets the followers catch up, and from then on process what is recorded.
     *
     * @throws ConfigurationException if the runner was started before, or the thread is in a transaction
     * @throws dev.eventsourcing.persistence.PersistenceException if a store cannot be asked; the runner is then as it was, and may
     *     be started again
     * @throws EventSourcingException if a thread cannot be started; the runner is then stopped
     */
    public final void start() {
        prepare();
        // Outside of the lock, so that the runner may be stopped meanwhile, however long a store does not answer.
        askStores();
        begin();
        hasStarted();
    }

    private synchronized void prepare() {
        if (phase != Phase.MADE) {
            throw new ConfigurationException("The runner was "
                    + (phase == Phase.STARTED || phase == Phase.STARTING ? "started" : "closed")
                    + " before. Start a runner once; make another to go on.");
        }
        if (isInTransaction()) {
            throw new ConfigurationException("This thread is in a transaction, whose end the followers may wait for."
                    + " Start the runner outside of it.");
        }
        phase = Phase.STARTING;
        Budget connections = new Budget(connections());
        budget = connections;
        runs = applications.followers().stream()
                .map(follower ->
                        new FollowerRun(follower, settings, connections, this::isStopping, this::recordedBefore))
                .toList();
        consequences = new Consequences(runs, this::lastRecorded, this::isStopping);
        watches = Watches.of(runs, settings, this::isStopping);
    }

    /** Takes leases, once it is sure that the stores of leaders, too, can be asked. */
    private void askStores() {
        boolean asked = false;
        try {
            for (FollowerRun run : runs) {
                run.follower().leaders().stream()
                        .map(leader -> run.follower().upstream(leader).log())
                        .filter(log -> log.store().isPresent())
                        .forEach(NotificationLog::end);
            }
            FollowedLogs logs = FollowedLogs.compared(
                    runs.stream().map(FollowerRun::follower).toList(), applications.names());
            runs.forEach(run -> run.follows(logs));
            watches.forEach(Watch::keepLeases);
            asked = true;
        } finally {
            if (!asked) {
                startAgain();
            }
        }
    }

    private synchronized void startAgain() {
        release(runs.stream().filter(run -> run.lease().isHeld()).toList());
        runs = List.of();
        phase = phase == Phase.STARTING ? Phase.MADE : phase;
    }

    private synchronized void begin() {
        if (phase != Phase.STARTING) {
            release(runs);
            throw new ConfigurationException(
                    "The runner was stopped while it started. Start a runner once; make another to go on.");
        }
        workers = workers(runs);
        phase = Phase.STARTED;
        try {
            startThreads();
        } catch (Throwable e) {
            // As where the machine gives this process no more threads: half a runner is none.
            Errors errors = new Errors();
            errors.add(new EventSourcingException(
                    "The runner could not start its threads, and is stopped: " + Thrown.message(e)
                            + ". Let the process have more threads, or use a SingleThreadedRunner; then make a new runner.",
                    Thrown.readable(e)));
            stop(errors);
            errors.throwIfAny();
        }
    }

    private void startThreads() {
        for (Application leader : applications.all()) {
            listening.add(leader.onRecorded(recordings -> recorded(
                    leader.name(),
                    recordings.get(recordings.size() - 1).notification().id())));
        }
        runs.forEach(FollowerRun::promptAll);
        workers.forEach(worker -> worker.rounds().start());
        watches.forEach(watch -> watch.rounds().start());
    }

    /**
     * Stops following: each follower finishes the batch that it has in hand, and leaves the rest for the next start, or for another
     * process. A runner that was stopped cannot be started again.
     *
     * @throws EventSourcingException if a follower had failed, or does not stop within the {@linkplain RunnerSettings#stopDeadline
     *     deadline}; further errors are suppressed exceptions of the first
     */
    public final synchronized void stop() {
        Errors errors = new Errors();
        stop(errors);
        errors.throwIfAny();
    }

    /**
     * Stops following, and closes what the runner was told to close.
     *
     * @throws EventSourcingException as {@link #stop}, or if closing fails; further errors are suppressed exceptions of the first
     */
    @Override
    public final synchronized void close() {
        Errors errors = new Errors();
        stop(errors);
        phase = Phase.CLOSED;
        for (AutoCloseable resource : List.copyOf(closing)) {
            closing.remove(resource);
            errors.closing(resource);
        }
        errors.throwIfAny();
    }

    private void stop(Errors errors) {
        if (isWorking()) {
            throw new ConfigurationException(
                    "A runner cannot be stopped by one of its followers, which would wait for itself."
                            + " Stop it from another thread.");
        }
        boolean running = phase == Phase.STARTED;
        phase = phase == Phase.CLOSED ? phase : Phase.STOPPED;
        if (!running) {
            return;
        }
        for (AutoCloseable listener : listening) {
            errors.closing(listener);
        }
        listening.clear();
        budget.letAllGo();
        workers.forEach(worker -> worker.rounds().wake());
        watches.forEach(Watch::wake);
        consequences.progressed();
        List<EventSourcingException> before = failures();
        before.forEach(errors::add);
        Stop stop = new Stop(settings.stopDeadline(), errors);
        stop.await(workers, watches);
        failures().stream().filter(failure -> !before.contains(failure)).forEach(errors::add);
        release(stop);
    }

    /** Gives back the leases of those who have ended. A store that does not answer is not waited for beyond the deadline. */
    private void release(Stop stop) {
        List<FollowerRun> ended = workers.stream()
                .filter(worker -> !worker.rounds().thread().isAlive())
                .flatMap(worker -> worker.runs().stream())
                .toList();
        Thread releasing = new Thread(() -> release(ended), "eventsourcing release of leases");
        releasing.setDaemon(true);
        try {
            releasing.start();
        } catch (Throwable e) {
            LOG.warn(
                    "Leases are not given back, as no thread could be started for that; they end by themselves, within {} ms",
                    settings.leaseTime().toMillis(),
                    Thrown.readable(e));
            return;
        }
        if (!stop.awaitReleased(releasing)) {
            LOG.warn(
                    "Leases are not given back yet, as a store does not answer; they end by themselves, within {} ms",
                    settings.leaseTime().toMillis());
        }
    }

    private void release(List<FollowerRun> ended) {
        for (Watch watch : watches) {
            try {
                watch.release(ended);
            } catch (Throwable e) {
                LOG.warn(
                        "Leases could not be given back; they end by themselves, within {} ms: {}",
                        settings.leaseTime().toMillis(),
                        Thrown.message(e),
                        Thrown.readable(e));
            }
        }
    }

    /** What has stopped the followers that are stopped now; a follower that goes on again is no longer among them. */
    public final List<EventSourcingException> failures() {
        return runs.stream().map(FollowerRun::failure).filter(Objects::nonNull).toList();
    }

    /**
     * Lets a follower go on that has stopped, once what had stopped it is mended. Does nothing if it has not stopped.
     *
     * @throws ConfigurationException if the system has no such follower, or the runner is not running
     */
    public final void resume(Class<? extends Follower> follower) {
        Follower stopped = get(follower);
        FollowerRun run = runs.stream()
                .filter(candidate -> candidate.follower() == stopped && phase == Phase.STARTED)
                .findAny()
                .orElseThrow(() -> new ConfigurationException(
                        "Follower " + stopped.name() + " is not run, as the runner is not running. Start one."));
        if (run.failure() != null) {
            run.resume();
            watches.forEach(Watch::wake);
        }
    }

    /**
     * How the followers are: asks the stores, so it is for people and for health checks, not for each request. What cannot be asked is
     * part of the answer.
     */
    public final SystemHealth health() {
        boolean running = isRunning();
        List<FollowerRun> asked = running || !runs.isEmpty()
                ? runs
                : applications.followers().stream()
                        .map(follower -> new FollowerRun(follower, settings, new Budget(1), () -> true, name -> {}))
                        .toList();
        return new SystemHealth(asked.stream()
                .flatMap(
                        run -> run.pursuits().stream().map(pursuit -> new HealthCheck(run, asked, running).of(pursuit)))
                .toList());
    }

    /**
     * Waits until the followers have processed all that is recorded now, and what comes of that, along the whole system, in whatever
     * process they run.
     *
     * @throws FollowerBehindException if one has not within this time, or it has stopped
     * @throws LogMismatchException if the position of one belongs to another log than the leader's
     * @throws ConfigurationException if the runner is not running, or the thread is in a transaction, whose end would be waited for
     */
    public final void waitUntilCaughtUp(Duration atMost) {
        requireRunningOutsideOfTransactions();
        long until = Consequences.within(atMost);
        Map<String, Long> ends = ends();
        Optional<Consequences.Laggard> laggard = consequences.await(ends, until, true);
        laggard.or(() -> stoppedBehind(ends)).ifPresent(behind -> {
            throw behind(behind);
        });
        requireSameLogs();
    }

    /** A position may be at the end of a log, and yet not stand on it. */
    private void requireSameLogs() {
        for (FollowerRun run : runs) {
            Follower follower = run.follower();
            for (String leader : follower.leaders()) {
                follower.recorder()
                        .position(leader)
                        .ifPresent(position -> new LogCheck(follower, follower.upstream(leader)).requireSame(position));
            }
        }
    }

    private Optional<Consequences.Laggard> stoppedBehind(Map<String, Long> ends) {
        for (FollowerRun run : runs) {
            for (String leader : run.follower().leaders()) {
                long end = ends.getOrDefault(leader, 0L);
                if (run.failure() != null && run.reached(leader) < end) {
                    return Optional.of(new Consequences.Laggard(run, leader, end));
                }
            }
        }
        return Optional.empty();
    }

    private void requireRunningOutsideOfTransactions() {
        if (phase != Phase.STARTED) {
            throw new ConfigurationException("The runner is not running, so nothing is processed. Start it.");
        }
        if (isInTransaction()) {
            throw new ConfigurationException(
                    "This thread is in a transaction, whose end the followers wait for. Wait outside of it.");
        }
    }

    /** Whether the thread is in a transaction of one of the applications, or is one that processes for followers. */
    final boolean isInTransaction() {
        return applications.all().stream()
                .anyMatch(application -> application.transactions().active());
    }

    final boolean isWorking() {
        return workers.stream().anyMatch(worker -> worker.rounds().thread() == Thread.currentThread());
    }

    final FollowerBehindException behind(Consequences.Laggard behind) {
        Follower follower = behind.run().follower();
        long reached = behind.run().reached(behind.leader());
        return new FollowerBehindException(
                "Follower " + follower.name() + " has not processed notification " + behind.notificationId() + " of "
                        + behind.leader() + " yet. " + why(behind),
                follower.name(),
                behind.leader(),
                behind.notificationId(),
                reached == 0 ? null : reached,
                false);
    }

    /** Why a follower is behind, as a sentence. */
    private String why(Consequences.Laggard behind) {
        return behind.run().pursuits().stream()
                .filter(pursuit -> pursuit.leader().equals(behind.leader()))
                .map(pursuit -> new HealthCheck(behind.run(), runs, phase == Phase.STARTED).of(pursuit) + ".")
                .findAny()
                .orElse("");
    }

    final Consequences consequences() {
        return consequences;
    }

    final RunnerSettings settings() {
        return settings;
    }

    final Applications applications() {
        return applications;
    }

    /** Has something closed when the runner stops; at once if it has. */
    final synchronized void listen(AutoCloseable listener) {
        if (phase == Phase.STARTED) {
            listening.add(listener);
            return;
        }
        Errors errors = new Errors();
        errors.closing(listener);
        errors.throwIfAny();
    }

    /** Where the logs of the followers' leaders end now. */
    final Map<String, Long> ends() {
        Map<String, Long> ends = new LinkedHashMap<>();
        for (FollowerRun run : runs) {
            for (String leader : run.follower().leaders()) {
                ends.computeIfAbsent(
                        leader,
                        name -> run.follower().upstream(name).log().end().recorded());
            }
        }
        return ends;
    }

    final boolean isStopping() {
        return phase != Phase.STARTED;
    }

    private void recorded(String leader, long id) {
        lastRecorded.merge(leader, id, Math::max);
        for (FollowerRun run : runs) {
            if (run.follower().leaders().contains(leader) && run.reached(leader) >= id) {
                // It may be quick; or the log was put back, and gives the id again.
                run.follower().place(leader).doubted();
            }
            run.prompt(leader);
        }
    }

    /** Takes note of what a follower has recorded that nobody was told of: in another process, or in a commit without an answer. */
    private void recordedBefore(Follower follower) {
        if (runs.stream().anyMatch(run -> run.follower().leaders().contains(follower.name()))) {
            recorded(follower.name(), follower.notificationLog().end().recorded());
        }
    }

    /** The last id that a follower has recorded. */
    private long lastRecorded(String follower) {
        boolean known = runs.stream()
                .anyMatch(run ->
                        run.follower().name().equals(follower) && run.lease().isHeld() && run.knowsWhatItRecorded());
        if (known) {
            return lastRecorded.getOrDefault(follower, 0L);
        }
        return applications.all().stream()
                .filter(application -> application.name().equals(follower))
                .findAny()
                .map(application -> application.notificationLog().end().recorded())
                .orElse(0L);
    }
}
