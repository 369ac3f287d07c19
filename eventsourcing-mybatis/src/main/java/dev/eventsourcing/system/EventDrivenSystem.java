package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which applications there are and who follows whom, as pipes tell. Applications are classes here, and one class is one
 * application; a {@link Runner} makes them, or is given them. Loops are allowed, also that of a follower which follows itself.
 * Immutable.
 */
public final class EventDrivenSystem {
    private final Set<Class<? extends Application>> applications = new LinkedHashSet<>();
    private final Set<Edge> edges = new LinkedHashSet<>();

    private EventDrivenSystem() {}

    /**
     * A system of pipes.
     *
     * @throws ConfigurationException if there is no pipe, one is empty, or what stands behind another is no {@link Follower}
     */
    public static EventDrivenSystem of(Pipe... pipes) {
        EventDrivenSystem system = new EventDrivenSystem();
        for (Pipe pipe : pipes) {
            system.add(pipe.applications());
        }
        if (system.applications.isEmpty()) {
            throw new ConfigurationException("The system has no applications. Give it a pipe.");
        }
        return system;
    }

    private void add(List<Class<? extends Application>> pipe) {
        if (pipe.isEmpty()) {
            throw new ConfigurationException("A pipe has no applications. Give it at least one.");
        }
        for (int i = 1; i < pipe.size(); i++) {
            if (!Follower.class.isAssignableFrom(pipe.get(i))) {
                throw new ConfigurationException(pipe.get(i).getName() + " stands behind "
                        + pipe.get(i - 1).getName() + " in a pipe, but is no Follower. Extend Follower.");
            }
            edges.add(new Edge(pipe.get(i - 1), pipe.get(i).asSubclass(Follower.class)));
        }
        applications.addAll(pipe);
    }

    /** Every application, in the order in which the pipes name them. */
    public List<Class<? extends Application>> applications() {
        return List.copyOf(applications);
    }

    /** Who follows whom, in the order in which the pipes tell; each once. */
    public List<Edge> edges() {
        return List.copyOf(edges);
    }

    /** Those that are followed, in the order in which the pipes tell. */
    public List<Class<? extends Application>> leaders() {
        return distinct(edges.stream().map(Edge::leader).toList());
    }

    /** Those that follow, in the order in which the pipes tell. */
    public List<Class<? extends Follower>> followers() {
        return distinct(edges.stream().map(Edge::follower).toList());
    }

    /** Those that are followed and follow nobody. */
    public List<Class<? extends Application>> leadersOnly() {
        return leaders().stream()
                .filter(leader -> !followers().contains(leader))
                .toList();
    }

    /** Those that follow and are followed. */
    public List<Class<? extends Follower>> processors() {
        return followers().stream()
                .filter(follower -> leaders().contains(follower))
                .toList();
    }

    /** Those that neither follow nor are followed. */
    public List<Class<? extends Application>> singles() {
        return applications.stream()
                .filter(application ->
                        !leaders().contains(application) && !followers().contains(application))
                .toList();
    }

    /** Those that a follower follows, in the order in which the pipes tell; none of one that follows nobody. */
    public List<Class<? extends Application>> leadersOf(Class<? extends Application> follower) {
        return distinct(edges.stream()
                .filter(edge -> edge.follower().equals(follower))
                .map(Edge::leader)
                .toList());
    }

    /** Those that follow a leader, in the order in which the pipes tell; none of one that nobody follows. */
    public List<Class<? extends Follower>> followersOf(Class<? extends Application> leader) {
        return distinct(edges.stream()
                .filter(edge -> edge.leader().equals(leader))
                .map(Edge::follower)
                .toList());
    }

    /**
     * What people read: a line for each application, in the order in which the pipes name them, with its class, its role
     * ({@code leader}, {@code processor}, which leads and follows, {@code follower}, or {@code single}), whom it follows and who
     * follows it. Classes are named without their package, unless two in the system would be named alike. Ends with a line feed.
     */
    public String describe() {
        return new SystemDescription(this).text();
    }

    /**
     * The same as a <a href="https://mermaid.js.org">Mermaid</a> flowchart, which documentation and code hosts show as a picture:
     * a leader is a rectangle, a follower has round ends, a processor double sides, a single is a hexagon, and arrows go the way
     * of the events. Ends with a line feed.
     */
    public String describeAsMermaid() {
        return new SystemDescription(this).mermaid();
    }

    private static <T> List<T> distinct(List<T> list) {
        return list.stream().distinct().toList();
    }

    /**
     * A follower and one that it follows.
     *
     * @param leader the one that is followed
     * @param follower the one that follows
     */
    public record Edge(Class<? extends Application> leader, Class<? extends Follower> follower) {}
}
