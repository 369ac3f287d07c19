package dev.eventsourcing.testing;

import static java.util.Map.entry;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of a type: the edge cases of each component first, then arbitrary ones, the same in each run. For one thread.
 *
 * <p>It knows the types that a {@link dev.eventsourcing.persistence.StateFormat} names, and is given examples of others.
 */
final class ExampleValues {
    /** At this depth, collections and optionals are empty. */
    private static final int DEEPEST = 4;

    /** At this depth there are no values of records, so that types which contain themselves come to an end. */
    private static final int DEEPEST_RECORD = 8;

    private static final Map<Class<?>, Supplier<Collection<@Nullable Object>>> COLLECTIONS = Map.ofEntries(
            entry(Collection.class, ArrayList::new),
            entry(List.class, ArrayList::new),
            entry(ArrayList.class, ArrayList::new),
            entry(LinkedList.class, LinkedList::new),
            entry(Queue.class, LinkedList::new),
            entry(Deque.class, LinkedList::new),
            entry(Set.class, LinkedHashSet::new),
            entry(HashSet.class, HashSet::new),
            entry(LinkedHashSet.class, LinkedHashSet::new),
            entry(SortedSet.class, TreeSet::new),
            entry(NavigableSet.class, TreeSet::new),
            entry(TreeSet.class, TreeSet::new));

    private static final Map<Class<?>, Supplier<Map<@Nullable Object, @Nullable Object>>> MAPS = Map.ofEntries(
            entry(Map.class, LinkedHashMap::new),
            entry(HashMap.class, HashMap::new),
            entry(LinkedHashMap.class, LinkedHashMap::new),
            entry(SortedMap.class, TreeMap::new),
            entry(NavigableMap.class, TreeMap::new),
            entry(TreeMap.class, TreeMap::new),
            entry(ConcurrentMap.class, ConcurrentHashMap::new),
            entry(ConcurrentHashMap.class, ConcurrentHashMap::new));

    private final Map<Class<?>, List<?>> given;
    private final Map<Made, List<?>> made = new HashMap<>();
    private final Random random = new Random(20_261_201);

    /** Makes a source of values that takes the given ones of a type, in place of those that it would make. */
    ExampleValues(Map<Class<?>, List<?>> given) {
        this.given = Map.copyOf(given);
    }

    /**
     * Values of a type.
     *
     * @param count how many at least, of a type that has so many
     * @throws AssertionError if none can be made
     */
    List<Object> of(Class<?> type, int count) {
        List<Object> values = new ArrayList<>(values(type, Map.of(), 0, count));
        if (values.isEmpty()) {
            throw new AssertionError("No values of " + type.getName()
                    + " can be made, as it contains itself without an end. " + giveSome(type));
        }
        return values;
    }

    private static String giveSome(Class<?> type) {
        return "Give some with values(" + type.getSimpleName() + ".class, ..).";
    }

    private List<?> values(Type type, Map<TypeVariable<?>, Type> variables, int depth, int count) {
        if (type instanceof TypeVariable<?> variable) {
            Type bound = variables.get(variable);
            return values(bound == null ? variable.getBounds()[0] : bound, variables, depth, count);
        }
        if (type instanceof WildcardType wildcard) {
            return values(wildcard.getUpperBounds()[0], variables, depth, count);
        }
        if (type instanceof GenericArrayType array) {
            return arrays(
                    rawType(array.getGenericComponentType(), variables),
                    array.getGenericComponentType(),
                    variables,
                    depth);
        }
        Class<?> raw = rawType(type, variables);
        List<?> known = given.getOrDefault(raw, EdgeCases.of(raw));
        if (!known.isEmpty()) {
            return known;
        }
        if (raw.isArray()) {
            return arrays(raw.getComponentType(), raw.getComponentType(), variables, depth);
        }
        if (raw.isEnum()) {
            return List.of(raw.getEnumConstants());
        }
        if (type instanceof ParameterizedType parameterized) {
            List<?> containers = containers(raw, parameterized.getActualTypeArguments(), variables, depth);
            if (!containers.isEmpty()) {
                return containers;
            }
        }
        if (type == raw && depth > 0) {
            Made key = new Made(raw, depth);
            List<?> before = made.get(key);
            if (before == null) {
                before = composed(raw, type, variables, depth, count);
                made.put(key, before);
            }
            return before;
        }
        return composed(raw, type, variables, depth, count);
    }

    private List<?> composed(Class<?> raw, Type type, Map<TypeVariable<?>, Type> variables, int depth, int count) {
        if (raw.isRecord()) {
            return depth >= DEEPEST_RECORD ? List.of() : records(raw, type, variables, depth, count);
        }
        if (raw.isSealed()) {
            return Stream.of(raw.getPermittedSubclasses())
                    .<Object>flatMap(permitted -> values(permitted, variables, depth + 1, count).stream())
                    .toList();
        }
        throw new AssertionError("No values of " + raw.getName() + " are known. " + giveSome(raw));
    }

    private List<?> containers(Class<?> raw, Type[] arguments, Map<TypeVariable<?>, Type> variables, int depth) {
        Type last = arguments[arguments.length - 1];
        if (raw == Optional.class) {
            List<Object> optionals = new ArrayList<>(List.of(Optional.empty()));
            if (depth < DEEPEST) {
                values(last, variables, depth + 1, 5).forEach(value -> optionals.add(Optional.of(value)));
            }
            return optionals;
        }
        if (raw == EnumSet.class) {
            return enumSets(rawType(last, variables));
        }
        if (COLLECTIONS.containsKey(raw)) {
            return groups(last, variables, depth).stream()
                    .<Object>map(group -> {
                        Collection<@Nullable Object> collection =
                                COLLECTIONS.get(raw).get();
                        collection.addAll(group);
                        return collection;
                    })
                    .toList();
        }
        if (raw == EnumMap.class) {
            Class<?> constants = rawType(arguments[0], variables);
            return mapsOf(() -> enumMap(constants), arguments, variables, depth);
        }
        Supplier<Map<@Nullable Object, @Nullable Object>> empty = MAPS.get(raw);
        if (empty != null) {
            return mapsOf(empty, arguments, variables, depth);
        }
        return List.of();
    }

    private List<?> mapsOf(
            Supplier<Map<@Nullable Object, @Nullable Object>> empty,
            Type[] arguments,
            Map<TypeVariable<?>, Type> variables,
            int depth) {
        List<Object> maps = new ArrayList<>();
        List<?> keys = depth < DEEPEST ? values(arguments[0], variables, depth + 1, 5) : List.of();
        List<?> values = depth < DEEPEST ? values(arguments[1], variables, depth + 1, 5) : List.of();
        for (int size : new int[] {0, 1, 3, keys.size()}) {
            Map<@Nullable Object, @Nullable Object> map = empty.get();
            for (int i = 0; i < Math.min(size, keys.size()) && !values.isEmpty(); i++) {
                map.put(keys.get(i), values.get(i % values.size()));
            }
            maps.add(map);
        }
        return maps;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<@Nullable Object, @Nullable Object> enumMap(Class<?> keys) {
        return new EnumMap(keys);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static List<?> enumSets(Class<?> constants) {
        return List.of(EnumSet.noneOf((Class) constants), EnumSet.allOf((Class) constants));
    }

    /** No element, one, and all known ones. */
    private List<List<?>> groups(Type element, Map<TypeVariable<?>, Type> variables, int depth) {
        if (depth >= DEEPEST) {
            return List.of(List.of());
        }
        List<?> values = values(element, variables, depth + 1, 5);
        return List.of(List.of(), values.subList(0, Math.min(1, values.size())), values);
    }

    private List<?> arrays(Class<?> component, Type componentType, Map<TypeVariable<?>, Type> variables, int depth) {
        return groups(componentType, variables, depth).stream()
                .<Object>map(group -> {
                    Object array = Array.newInstance(component, group.size());
                    for (int i = 0; i < group.size(); i++) {
                        Array.set(array, i, group.get(i));
                    }
                    return array;
                })
                .toList();
    }

    private List<Object> records(Class<?> raw, Type type, Map<TypeVariable<?>, Type> outer, int depth, int count) {
        Map<TypeVariable<?>, Type> variables = new HashMap<>(outer);
        if (type instanceof ParameterizedType parameterized) {
            for (int i = 0; i < raw.getTypeParameters().length; i++) {
                Type argument = parameterized.getActualTypeArguments()[i];
                variables.put(
                        raw.getTypeParameters()[i],
                        argument instanceof TypeVariable<?> ? outer.getOrDefault(argument, argument) : argument);
            }
        }
        RecordComponent[] components = raw.getRecordComponents();
        List<List<@Nullable Object>> candidates = new ArrayList<>();
        for (RecordComponent component : components) {
            List<@Nullable Object> values =
                    new ArrayList<>(values(component.getGenericType(), variables, depth + 1, 5));
            if (isNullable(component)) {
                values.add(0, null);
            }
            if (values.isEmpty()) {
                return List.of();
            }
            candidates.add(values);
        }
        int edges = candidates.stream().mapToInt(List::size).max().orElse(1);
        List<Object> records = new ArrayList<>();
        InvocationTargetException refused = null;
        for (int i = 0; i < edges + (components.length > 1 ? count : 0); i++) {
            try {
                records.add(construct(raw, components, pick(candidates, i < edges ? i : -1)));
            } catch (InvocationTargetException e) {
                // A record may refuse values; there are more.
                refused = e;
            }
        }
        if (records.isEmpty()) {
            throw new AssertionError(
                    "No values of " + raw.getName() + " can be made, as it refuses all that were tried. "
                            + giveSome(raw),
                    refused);
        }
        return records;
    }

    private @Nullable Object[] pick(List<List<@Nullable Object>> candidates, int edge) {
        return candidates.stream()
                .map(values -> values.get(edge < 0 ? random.nextInt(values.size()) : edge % values.size()))
                .toArray();
    }

    private static Object construct(Class<?> type, RecordComponent[] components, @Nullable Object[] arguments)
            throws InvocationTargetException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw e;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("The record " + type.getName() + " cannot be made.", e);
        }
    }

    private static boolean isNullable(RecordComponent component) {
        return Stream.of(
                        component.getAnnotations(),
                        component.getAnnotatedType().getAnnotations(),
                        component.getAccessor().getAnnotations())
                .flatMap(Stream::of)
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    private static Class<?> rawType(Type type, Map<TypeVariable<?>, Type> variables) {
        if (type instanceof Class<?> raw) {
            return raw;
        }
        if (type instanceof ParameterizedType parameterized) {
            return (Class<?>) parameterized.getRawType();
        }
        if (type instanceof TypeVariable<?> variable) {
            return rawType(variables.getOrDefault(variable, variable.getBounds()[0]), variables);
        }
        if (type instanceof WildcardType wildcard) {
            return rawType(wildcard.getUpperBounds()[0], variables);
        }
        GenericArrayType array = (GenericArrayType) type;
        return rawType(array.getGenericComponentType(), variables).arrayType();
    }

    /**
     * What values were made of.
     *
     * @param type the type
     * @param depth how many types it is a part of
     */
    private record Made(Class<?> type, int depth) {}
}
