package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.RecorderFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a system with one thread that processes for all its followers, one after another. A save outside of any transaction returns
 * when all that follows from it has happened, or, after the {@linkplain RunnerSettings#saveWait longest wait}, logs which follower is
 * behind which event, and why: the save itself has succeeded by then. It does not wait for a follower that has stopped. A save in a
 * transaction waits for nobody; the followers begin after its commit.
 *
 * <p>The start returns when the followers have caught up with what was recorded before.
 *
 * <p>Safe for use by several threads.
 */
public final class SingleThreadedRunner extends Runner {
    private static final Logger LOG = LoggerFactory.getLogger(SingleThreadedRunner.class);

    /**
     * Makes a runner, and the applications of the system with the constructor of each that takes the recorders. They are
     * connected, but nothing is processed before the start.
     *
     * @throws ConfigurationException if an application cannot be made, or two have one name
     */
    public SingleThreadedRunner(EventDrivenSystem system, RecorderFactory recorders) {
        this(system, recorders, RunnerSettings.defaults());
    }

    /**
     * The same with other settings.
     *
     * @throws ConfigurationException if an application cannot be made, or two have one name
     */
    public SingleThreadedRunner(EventDrivenSystem system, RecorderFactory recorders, RunnerSettings settings) {
        super(system, Applications.constructedWith(recorders), settings);
    }

    /**
     * Makes a runner of applications that a function makes or has, such as the beans of a container.
     *
     * @throws ConfigurationException if an application is missing, or two have one name
     */
    public SingleThreadedRunner(
            EventDrivenSystem system, Function<Class<? extends Application>, Application> instances) {
        this(system, instances, RunnerSettings.defaults());
    }

    /**
     * The same with other settings.
     *
     * @throws ConfigurationException if an application is missing, or two have one name
     */
    public SingleThreadedRunner(
            EventDrivenSystem system,
            Function<Class<? extends Application>, Application> instances,
            RunnerSettings settings) {
        super(system, instances, settings);
    }

    @Override
    List<Worker> workers(List<FollowerRun> followers) {
        return List.of(new Worker(
                "eventsourcing followers",
                followers,
                this::isStopping,
                () -> consequences().progressed()));
    }

    @Override
    int connections() {
        return 1;
    }

    @Override
    void hasStarted() {
        for (Application leader : applications().all()) {
            listen(leader.onSaved(recordings -> awaitConsequences(
                    leader.name(),
                    recordings.get(recordings.size() - 1).notification().id())));
        }
        awaitCatchUp();
    }

    private void awaitCatchUp() {
        try {
            consequences().await(ends(), Consequences.within(Duration.ofDays(365)), false);
        } catch (Exception e) {
            // The followers meet the same, and try again.
            LOG.warn(
                    "Whether the followers have caught up cannot be told; they go on by themselves: {}",
                    Thrown.message(e),
                    Thrown.readable(e));
        }
    }

    private void awaitConsequences(String leader, long id) {
        Duration longest = settings().saveWait();
        if (longest.isZero() || isWorking() || isInTransaction()) {
            return;
        }
        consequences()
                .await(Map.of(leader, id), Consequences.within(longest), true)
                .ifPresent(laggard -> LOG.warn(
                        "What was saved up to notification {} of {} is saved, but after {} ms: {}",
                        id,
                        leader,
                        longest.toMillis(),
                        behind(laggard).getMessage()));
    }
}
