package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.RecorderFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The applications of a system, made and connected. Making and connecting asks nothing of a database. */
final class Applications {
    private final EventDrivenSystem system;
    private final Map<Class<? extends Application>, Application> instances = new LinkedHashMap<>();

    Applications(EventDrivenSystem system, Function<Class<? extends Application>, Application> maker) {
        this.system = system;
        Map<String, Class<?>> named = new HashMap<>();
        for (Class<? extends Application> type : system.applications()) {
            Application made = maker.apply(type);
            if (!type.isInstance(made)) {
                throw new ConfigurationException("Asked for a " + type.getName() + ", the system was given "
                        + (made == null ? "nothing" : "a " + made.getClass().getName()) + ".");
            }
            Class<?> namesake = named.put(made.name(), type);
            if (namesake != null) {
                throw new ConfigurationException(namesake.getName() + " and " + type.getName() + " are both named "
                        + made.name() + ". Give one of them another name in its constructor.");
            }
            instances.put(type, made);
        }
        system.edges().forEach(edge -> get(edge.follower()).follow(get(edge.leader())));
    }

    /** Makes applications with the constructor that takes recorders. */
    static Function<Class<? extends Application>, Application> constructedWith(RecorderFactory recorders) {
        return type -> {
            List<Constructor<?>> fitting = Stream.of(type.getDeclaredConstructors())
                    .filter(constructor -> constructor.getParameterCount() == 1
                            && constructor.getParameterTypes()[0].isInstance(recorders))
                    .toList();
            if (fitting.size() != 1) {
                throw new ConfigurationException(type.getName() + " has " + fitting.size()
                        + " constructors with one parameter that takes a "
                        + recorders.getClass().getSimpleName()
                        + "; it needs one. Or give the runner a function that makes the applications.");
            }
            try {
                fitting.get(0).setAccessible(true);
                return type.cast(fitting.get(0).newInstance(recorders));
            } catch (InvocationTargetException e) {
                throw e.getCause() instanceof RuntimeException unchecked
                        ? unchecked
                        : new ConfigurationException("Making a " + type.getName() + " failed: " + e.getCause(), e);
            } catch (ReflectiveOperationException e) {
                throw new ConfigurationException(
                        "Making a " + type.getName() + " failed. Is it abstract, or not static?", e);
            }
        };
    }

    <A extends Application> A get(Class<A> type) {
        Application instance = instances.get(type);
        if (instance == null) {
            throw new ConfigurationException("The system has no " + type.getName() + ". It has: "
                    + instances.keySet().stream().map(Class::getSimpleName).toList() + ".");
        }
        return type.cast(instance);
    }

    /** All instances, in the system's order. */
    List<Application> all() {
        return List.copyOf(instances.values());
    }

    /** Those that follow somebody, be it in the system or in another program: first as the system has followers, then the others. */
    List<Follower> followers() {
        Set<Follower> followers = new LinkedHashSet<>();
        system.followers().forEach(type -> followers.add(get(type)));
        instances.values().stream()
                .filter(Follower.class::isInstance)
                .map(Follower.class::cast)
                .filter(follower -> !follower.leaders().isEmpty())
                .forEach(followers::add);
        return List.copyOf(followers);
    }
}
