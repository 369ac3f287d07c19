package dev.eventsourcing.domain;

import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The event types that may be stored and read, each under its topic. Stored data makes objects of registered types only.
 * Safe for use by several threads.
 */
public final class Topics {
    private final Map<String, Class<?>> types = new ConcurrentHashMap<>();
    private final Map<Class<?>, String> topics = new ConcurrentHashMap<>();
    private final Map<Class<?>, Integer> versions = new ConcurrentHashMap<>();

    /**
     * Adds event types; a sealed type stands for all types that it permits, however deeply nested. A type that is
     * registered already is left as it is.
     *
     * @throws ConfigurationException if two types have one topic, a topic is blank, a version is below 1, or a type cannot be
     *     an event's
     */
    public synchronized void register(Collection<? extends Class<?>> eventTypes) {
        for (Class<?> type : concreteTypes(eventTypes)) {
            if (topics.containsKey(type)) {
                continue;
            }
            Set<String> names = namesOf(type);
            for (String name : names) {
                Class<?> other = types.get(name);
                if (other != null) {
                    throw new ConfigurationException("Topic " + name + " is claimed by " + other.getName() + " and by "
                            + type.getName() + ". Give one of them another name with @Topic.");
                }
            }
            versions.put(type, declaredVersionOf(type));
            topics.put(type, names.iterator().next());
            // Last, so that all is known of a type that another thread finds.
            names.forEach(name -> types.put(name, type));
        }
    }

    /**
     * The topic that events of this type are stored with.
     *
     * @throws ConfigurationException if the type is not registered
     */
    public String topicOf(Class<?> type) {
        String topic = topics.get(type);
        if (topic == null) {
            throw new ConfigurationException("Event type " + type.getName() + " is not registered. Known types: "
                    + topics.keySet().stream().map(Class::getName).sorted().toList()
                    + ". Make a repository of its aggregate, or list the type where that repository is made.");
        }
        return topic;
    }

    /** The version that the data of a registered type have; 1 unless {@link Topic#version} says otherwise. */
    public int versionOf(Class<?> type) {
        return versions.getOrDefault(type, 1);
    }

    /** The type whose topic, or former topic, this is. */
    public Optional<Class<?>> typeOf(String topic) {
        return Optional.ofNullable(types.get(topic));
    }

    /** Every registered topic, former ones included. */
    public Set<String> names() {
        return Set.copyOf(types.keySet());
    }

    /**
     * The event types of an aggregate class, by its type argument: {@code Dog extends Aggregate<Dog.Event>} has those that
     * {@code Dog.Event} permits.
     *
     * @throws ConfigurationException if the argument is neither sealed nor a final class
     */
    public static Set<Class<?>> eventTypesOf(Class<?> aggregateClass) {
        Class<?> eventType = typeArgument(aggregateClass);
        if (eventType == null) {
            throw new ConfigurationException("The event type of " + aggregateClass.getName()
                    + " cannot be told from its type argument. List the event types where the repository is made.");
        }
        return concreteTypes(List.of(eventType));
    }

    /**
     * The types, with each sealed one replaced by all that it permits.
     *
     * @throws ConfigurationException if one is neither a concrete class nor sealed
     */
    public static Set<Class<?>> concreteTypes(Collection<? extends Class<?>> types) {
        Set<Class<?>> concrete = new LinkedHashSet<>();
        types.forEach(type -> addConcreteTypes(type, concrete));
        return concrete;
    }

    private static void addConcreteTypes(Class<?> type, Set<Class<?>> concrete) {
        boolean instantiable = !Modifier.isAbstract(type.getModifiers());
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                addConcreteTypes(permitted, concrete);
            }
        } else if (!instantiable || type.isPrimitive() || type.isArray() || type == Object.class) {
            throw new ConfigurationException("Event type " + type.getName()
                    + " is neither a concrete class nor a sealed one. Seal it, or list its concrete types.");
        }
        if (instantiable) {
            concrete.add(type);
        }
    }

    /** The topic of a type, then its former ones. */
    private static Set<String> namesOf(Class<?> type) {
        Set<String> names = new LinkedHashSet<>();
        Topic topic = type.getAnnotation(Topic.class);
        if (topic == null) {
            String name = type.getCanonicalName();
            if (name == null) {
                throw new ConfigurationException("Event type " + type.getName()
                        + " has no canonical name, as it is local or anonymous. Give it a topic with @Topic.");
            }
            String inPackage = type.getPackageName();
            names.add(inPackage.isEmpty() ? name : name.substring(inPackage.length() + 1));
        } else {
            names.add(topic.value());
            names.addAll(List.of(topic.former()));
        }
        for (String name : names) {
            if (name.isBlank()) {
                throw new ConfigurationException("A topic of " + type.getName() + " is blank. Give it a name.");
            }
        }
        return names;
    }

    private static int declaredVersionOf(Class<?> type) {
        Topic topic = type.getAnnotation(Topic.class);
        int version = topic == null ? 1 : topic.version();
        if (version < 1) {
            throw new ConfigurationException("The version of " + type.getName() + " is " + version
                    + ". Versions count from 1, which is what events without one have.");
        }
        return version;
    }

    /** What {@code E} of {@code Aggregate<E>} is for a subclass; null where it stays open. */
    private static @Nullable Class<?> typeArgument(Class<?> aggregateClass) {
        Map<TypeVariable<?>, Type> known = new HashMap<>();
        for (Class<?> type = aggregateClass; type != null && type != Aggregate.class; type = type.getSuperclass()) {
            if (type.getGenericSuperclass() instanceof ParameterizedType parent) {
                TypeVariable<?>[] variables = type.getSuperclass().getTypeParameters();
                for (int i = 0; i < variables.length; i++) {
                    Type argument = parent.getActualTypeArguments()[i];
                    known.put(
                            variables[i], argument instanceof TypeVariable<?> v ? known.getOrDefault(v, v) : argument);
                }
            }
        }
        Type found = known.get(Aggregate.class.getTypeParameters()[0]);
        return found instanceof Class<?> type && type != Object.class ? type : null;
    }
}
