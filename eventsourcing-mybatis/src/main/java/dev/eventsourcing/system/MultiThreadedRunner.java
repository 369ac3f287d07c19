package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.List;
import java.util.function.Function;

/**
 * Runs a system with a thread for each follower. A save returns when it is committed, and waits for nobody; {@link #waitUntilCaughtUp} and
 * {@link Follower#waitUntil} wait for followers. The start returns when the threads run; the followers then catch up first.
 *
 * <p>However many followers there are, and however far they are behind, they use a fixed number of {@linkplain
 * RunnerSettings#connections connections} at once, and each has a page of its leader's log in memory: the log itself is the queue.
 *
 * <p>Safe for use by several threads.
 */
public final class MultiThreadedRunner extends Runner {
    /**
     * Makes a runner, and the applications of the system with the constructor of each that takes the recorders. They are
     * connected, but nothing is processed before the start.
     *
     * @throws ConfigurationException if an application cannot be made, or two have one name
     */
    public MultiThreadedRunner(EventDrivenSystem system, RecorderFactory recorders) {
        this(system, recorders, RunnerSettings.defaults());
    }

    /**
     * The same with other settings.
     *
     * @throws ConfigurationException if an application cannot be made, or two have one name
     */
    public MultiThreadedRunner(EventDrivenSystem system, RecorderFactory recorders, RunnerSettings settings) {
        super(system, Applications.constructedWith(recorders), settings);
    }

    /**
     * Makes a runner of applications that a function makes or has, such as the beans of a container.
     *
     * @throws ConfigurationException if an application is missing, or two have one name
     */
    public MultiThreadedRunner(
            EventDrivenSystem system, Function<Class<? extends Application>, Application> instances) {
        this(system, instances, RunnerSettings.defaults());
    }

    /**
     * The same with other settings.
     *
     * @throws ConfigurationException if an application is missing, or two have one name
     */
    public MultiThreadedRunner(
            EventDrivenSystem system,
            Function<Class<? extends Application>, Application> instances,
            RunnerSettings settings) {
        super(system, instances, settings);
    }

    @Override
    List<Worker> workers(List<FollowerRun> followers) {
        return followers.stream()
                .map(run -> new Worker(
                        "eventsourcing followers " + run.follower().name(),
                        List.of(run),
                        this::isStopping,
                        () -> consequences().progressed()))
                .toList();
    }

    @Override
    int connections() {
        return settings().connections();
    }

    @Override
    void hasStarted() {}
}
