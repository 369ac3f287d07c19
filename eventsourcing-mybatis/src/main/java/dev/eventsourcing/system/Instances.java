package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Applications that a program, or its container, has made, for a runner to find by the classes of its system. The instance of a
 * class itself goes before one of a subclass, as containers make. A runner refuses them if one is left over: it would be an
 * application that nobody runs.
 *
 * <p>Immutable.
 */
public final class Instances implements Function<Class<? extends Application>, Application> {
    private final List<Application> applications;

    private Instances(List<Application> applications) {
        this.applications = applications;
    }

    /** These applications. */
    public static Instances of(Application... applications) {
        return new Instances(List.of(applications));
    }

    /** The same for a collection, such as a container has of all applications. */
    public static Instances of(Collection<? extends Application> applications) {
        return new Instances(List.copyOf(applications));
    }

    /**
     * The instance of a class, or else of a subclass.
     *
     * @throws ConfigurationException if there is none, or more than one
     */
    @Override
    public Application apply(Class<? extends Application> type) {
        List<Application> fitting =
                applications.stream().filter(type::isInstance).toList();
        List<Application> exact = fitting.stream()
                .filter(application -> application.getClass().equals(type))
                .toList();
        List<Application> nearest = exact.isEmpty() ? fitting : exact;
        if (nearest.isEmpty()) {
            throw new ConfigurationException("There is no " + type.getName() + " among the instances "
                    + classesOf(applications) + ". Add the one that is to run.");
        }
        if (nearest.size() > 1) {
            throw new ConfigurationException("There are " + nearest.size() + " instances that may be the "
                    + type.getName() + ": " + classesOf(nearest)
                    + ". Give the one that is to run, or a function that tells them apart.");
        }
        return nearest.get(0);
    }

    /** Refuses instances that no class of a system has asked for. */
    void requireNoneBeside(Collection<Application> asked) {
        Set<Application> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(asked);
        List<Application> left = new ArrayList<>(applications);
        left.removeIf(known::contains);
        if (!left.isEmpty()) {
            throw new ConfigurationException("No class of the system stands for the instances " + classesOf(left)
                    + ". Name their classes in its pipes, or do not give them.");
        }
    }

    private static List<String> classesOf(List<Application> applications) {
        return applications.stream()
                .map(application -> application.getClass().getName())
                .toList();
    }
}
