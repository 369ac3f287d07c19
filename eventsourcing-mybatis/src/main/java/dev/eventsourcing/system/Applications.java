package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.RecorderFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The applications of a system, made and connected. Making and connecting asks nothing of a database. */
final class Applications {
    private final EventDrivenSystem system;
    private final Map<Class<? extends Application>, Application> instances = new LinkedHashMap<>();

    Applications(EventDrivenSystem system, Function<Class<? extends Application>, Application> maker) {
        this.system = system;
        Map<String, Class<?>> named = new HashMap<>();
        for (Class<? extends Application> type : system.applications()) {
            Application made = maker.apply(type);
            requireUsable(type, made);
            Class<?> namesake = named.put(made.name(), type);
            if (namesake != null) {
                throw new ConfigurationException(
                        instances.get(namesake) == made
                                ? "The system was given one instance, of "
                                        + made.getClass().getName() + ", as " + namesake.getName() + " and as "
                                        + type.getName() + ". Give it one for each."
                                : namesake.getName() + " and " + type.getName() + " are both named " + made.name()
                                        + ". Give one of them another name in its constructor.");
            }
            instances.put(type, made);
        }
        if (maker instanceof Instances given) {
            given.requireNoneBeside(instances.values());
        }
        system.edges().forEach(edge -> get(edge.follower()).follow(get(edge.leader())));
    }

    private static void requireUsable(Class<? extends Application> type, @Nullable Application made) {
        if (!type.isInstance(made)) {
            throw new ConfigurationException("Asked for a " + type.getName() + ", the system was given "
                    + (made == null ? "nothing" : "a " + made.getClass().getName())
                    + ". Have the function give the instance of the class that it is asked for.");
        }
        // Containers make some proxies without calling a constructor; and no proxy intercepts final methods.
        if (made.name() == null) {
            throw new ConfigurationException("What the system was given as " + type.getName() + " is a proxy, "
                    + made.getClass().getName() + ", without the state of an application. Give it the object behind the"
                    + " proxy, in Spring AopProxyUtils.getSingletonTarget(bean); or move what calls for the proxy, such as"
                    + " @Transactional, to a class that uses the application.");
        }
    }

    /** Makes applications with the constructor that takes recorders. */
    static Function<Class<? extends Application>, Application> constructedWith(RecorderFactory recorders) {
        return type -> {
            if (Modifier.isAbstract(type.getModifiers())) {
                throw new ConfigurationException(
                        type.getName() + " is abstract, so none can be made of it. Name a class"
                                + " in the pipe that extends it, or give the runner the instance: Instances.of(..).");
            }
            List<Constructor<?>> fitting = Stream.of(type.getDeclaredConstructors())
                    .filter(constructor -> constructor.getParameterCount() == 1
                            && constructor.getParameterTypes()[0].isInstance(recorders))
                    .toList();
            if (fitting.size() != 1) {
                throw new ConfigurationException(type.getName() + " has " + fitting.size()
                        + " constructors with one parameter that takes a "
                        + recorders.getClass().getSimpleName()
                        + "; it needs one, and to be static if it is a nested class. Or give the runner the instance:"
                        + " Instances.of(..).");
            }
            return construct(type, fitting.get(0), recorders);
        };
    }

    private static Application construct(
            Class<? extends Application> type, Constructor<?> constructor, RecorderFactory recorders) {
        try {
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance(recorders));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new ConfigurationException("Making a " + type.getName() + " failed: " + Thrown.text(e.getCause()), e);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new ConfigurationException(
                    "The constructor of " + type.getName() + " cannot be called: " + e.getMessage()
                            + ". " + ModuleAccess.cure(constructor)
                            + ", or give the runner the instance: Instances.of(..).",
                    e);
        }
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
    Set<String> names() {
        return all().stream().map(Application::name).collect(Collectors.toSet());
    }

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
