package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a system without threads of its own: after a commit, the thread that recorded lets the followers process, and those
 * behind them, until nothing is left. So when a save outside of any transaction returns, all that follows from it has happened,
 * unless another thread is just seeing to it.
 *
 * <p>A follower that fails does not fail the save, which is committed by then, nor keep others from processing. The failure is
 * logged, kept in {@link #failures}, and thrown by {@link #close}; with the next prompt the follower tries again.
 *
 * <p>Safe for use by several threads.
 */
public final class SingleThreadedRunner implements Runner {
    private static final Logger LOG = LoggerFactory.getLogger(SingleThreadedRunner.class);

    private final EventDrivenSystem system;
    private final Applications applications;
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final List<AutoCloseable> listening = new ArrayList<>();
    private final Map<String, EventSourcingException> failures = new LinkedHashMap<>();
    private final Set<String> prompted = new LinkedHashSet<>();
    private boolean draining;
    private boolean started;
    private boolean closed;

    /**
     * Makes a runner, and the applications of the system with the constructor of each that takes the recorders. They are
     * connected, but nothing is processed before the start.
     *
     * @throws ConfigurationException if an application cannot be made, or two have one name
     */
    public SingleThreadedRunner(EventDrivenSystem system, RecorderFactory recorders) {
        this(system, Applications.constructedWith(recorders));
    }

    /**
     * Makes a runner of applications that a function makes or has, such as the beans of a container.
     *
     * @throws ConfigurationException if an application is missing, or two have one name
     */
    public SingleThreadedRunner(
            EventDrivenSystem system, Function<Class<? extends Application>, Application> instances) {
        this.system = system;
        this.applications = new Applications(system, instances);
    }

    /** Has something closed with this runner, such as recorders that were opened for it. Returns this runner. */
    public SingleThreadedRunner closing(AutoCloseable resource) {
        closing.add(resource);
        return this;
    }

    @Override
    public EventDrivenSystem system() {
        return system;
    }

    @Override
    public <A extends Application> A get(Class<A> application) {
        return applications.get(application);
    }

    @Override
    public void start() {
        synchronized (prompted) {
            if (started || closed) {
                throw new ConfigurationException("The runner was " + (closed ? "closed" : "started")
                        + " before. Start a runner once; make another to go on.");
            }
            started = true;
        }
        for (Application leader : applications.leaders()) {
            listening.add(leader.onRecorded(recordings -> prompt(leader.name())));
        }
        applications.leaders().forEach(leader -> prompt(leader.name()));
    }

    /** What the followers that are stopped now have failed with; a follower that goes on again is no longer among them. */
    public List<EventSourcingException> failures() {
        synchronized (prompted) {
            return List.copyOf(failures.values());
        }
    }

    @Override
    public void close() {
        EventSourcingException thrown = null;
        for (EventSourcingException failure : failures()) {
            thrown = join(thrown, failure);
        }
        List<AutoCloseable> open = new ArrayList<>(listening);
        open.addAll(closing);
        listening.clear();
        closing.clear();
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                thrown = join(
                        thrown, new EventSourcingException("Closing " + resource + " failed: " + e.getMessage(), e));
            }
        }
        synchronized (prompted) {
            closed = true;
            failures.clear();
        }
        if (thrown != null) {
            throw thrown;
        }
    }

    /** Notes that a leader has recorded something; lets the followers process unless another call, or thread, is at it. */
    private void prompt(String leader) {
        synchronized (prompted) {
            prompted.add(leader);
            if (draining) {
                return;
            }
            draining = true;
        }
        for (String next = nextPrompted(); next != null; next = nextPrompted()) {
            for (Follower follower : applications.followersOf(next)) {
                process(follower, next);
            }
        }
    }

    /** The next leader to look at; null if there is none, and then the drain has ended in the same breath. */
    private @Nullable String nextPrompted() {
        synchronized (prompted) {
            Iterator<String> names = prompted.iterator();
            if (!names.hasNext()) {
                draining = false;
                return null;
            }
            String name = names.next();
            names.remove();
            return name;
        }
    }

    private void process(Follower follower, String leader) {
        String edge = follower.name() + " behind " + leader;
        try {
            follower.pullAndProcess(leader);
            synchronized (prompted) {
                failures.remove(edge);
            }
        } catch (RuntimeException | Error e) {
            EventSourcingException failure = e instanceof EventSourcingException ours
                    ? ours
                    : new EventSourcingException(
                            follower.name() + " failed to follow " + leader + ": " + e.getMessage(), e);
            LOG.error("Follower {} has stopped in the log of {}: {}", follower.name(), leader, failure.getMessage(), e);
            synchronized (prompted) {
                failures.put(edge, failure);
            }
        }
    }

    private static EventSourcingException join(@Nullable EventSourcingException first, EventSourcingException next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            first.addSuppressed(next);
        }
        return first;
    }
}
