package dev.eventsourcing.persistence.json;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares two objects part by part: records by their components, collections by their elements, and so on. States are compared
 * field by field, as their {@code equals} may look at an id only, or at nothing; values that were stored, as their {@code equals}
 * says if their class has one. Fields that are transient are left out.
 */
public final class DeepEquality {
    private final Map<Object, Object> begun;
    private final boolean values;

    private DeepEquality(Map<Object, Object> begun, boolean values) {
        this.begun = new IdentityHashMap<>(begun);
        this.values = values;
    }

    /**
     * The first difference of two states; empty if there is none. Objects of the JDK that have no {@code equals}, such as locks, are
     * taken for the same.
     *
     * @throws AssertionError if a field cannot be read
     */
    public static Optional<Difference> ofStates(Object one, Object other) {
        return Optional.ofNullable(new DeepEquality(Map.of(), false).compare("", one, other));
    }

    /**
     * The first difference of a value and of what came back of it; empty if there is none. An empty {@code Optional} that was null
     * is none, as a null one is stored as an empty one.
     *
     * @throws InaccessibleObjectException if a field cannot be read, as its package is not open to this library
     */
    public static Optional<Difference> ofValues(Object written, Object read) {
        return Optional.ofNullable(new DeepEquality(Map.of(), true).compare("", written, read));
    }

    /** Whether objects of a class of the JDK can be compared: not those that have no {@code equals} and are no known value. */
    static boolean canCompare(Class<?> type) {
        return Modifier.isAbstract(type.getModifiers())
                || hasEquals(type)
                || Stream.of(Number.class, CharSequence.class, AtomicBoolean.class, Collection.class)
                        .anyMatch(known -> known.isAssignableFrom(type));
    }

    private @Nullable Difference compare(String path, @Nullable Object one, @Nullable Object other) {
        if (one == other) {
            return null;
        }
        if (one == null || other == null) {
            boolean nullOptional = values && one == null && isEmptyOptional(other);
            return nullOptional ? null : new Difference(path, one, other);
        }
        if (begun.put(one, other) == other) {
            // Further up this pair is compared already.
            return null;
        }
        if (values && isOfUsersCollections(one) && one.getClass() == other.getClass()) {
            Difference inFields = compareFields(path, one, other);
            if (inFields != null) {
                return inFields;
            }
        }
        if (one instanceof List<?> first && other instanceof List<?> second) {
            return compareInOrder(path, first, second);
        }
        if (one instanceof Set<?> first && other instanceof Set<?> second) {
            return compareInAnyOrder(path, first, second);
        }
        if (one instanceof Map<?, ?> first && other instanceof Map<?, ?> second) {
            return compareMaps(path, first, second);
        }
        if (values && one instanceof PriorityQueue<?> sorted) {
            boolean same =
                    other instanceof PriorityQueue<?> read && isSameOrder(sorted.comparator(), read.comparator());
            if (!same) {
                return new Difference(path + ".comparator()", sorted.comparator(), null);
            }
        }
        if (values && one instanceof Queue<?> first && other instanceof Queue<?> second) {
            return compareInOrder(path, new ArrayList<>(first), new ArrayList<>(second));
        }
        if (values && one instanceof Map.Entry<?, ?> && one.equals(other)) {
            return null;
        }
        if (one.getClass() != other.getClass()) {
            return new Difference(path, one, other);
        }
        if (one instanceof Collection<?> first && other instanceof Collection<?> second) {
            return compareInOrder(path, new ArrayList<>(first), new ArrayList<>(second));
        }
        if (one.getClass().isArray()) {
            boolean primitive = one.getClass().getComponentType().isPrimitive();
            return primitive && Objects.deepEquals(one, other)
                    ? null
                    : compareInOrder(path, elements(one), elements(other));
        }
        if (one instanceof Optional<?> first && other instanceof Optional<?> second) {
            return compare(path, first.orElse(null), second.orElse(null));
        }
        if (isOfTheJdk(one.getClass())) {
            return compareValues(path, one, other);
        }
        boolean equal = values && !one.getClass().isRecord() && one.equals(other);
        return equal ? null : compareFields(path, one, other);
    }

    /** What a class of the user's has beside its elements is not written, and its {@code equals} may not look at it. */
    private static boolean isOfUsersCollections(Object object) {
        return (object instanceof Collection<?> || object instanceof Map<?, ?>) && !isOfTheJdk(object.getClass());
    }

    /** A comparator is not written; what was in the order of its elements is so again. */
    private static boolean isSameOrder(@Nullable Comparator<?> one, @Nullable Comparator<?> other) {
        return Objects.equals(one, other) || (one == Comparator.naturalOrder() && other == null);
    }

    private static boolean isEmptyOptional(@Nullable Object object) {
        return Optional.empty().equals(object)
                || OptionalInt.empty().equals(object)
                || OptionalLong.empty().equals(object)
                || OptionalDouble.empty().equals(object);
    }

    private @Nullable Difference compareInOrder(String path, List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return new Difference(path, one, other);
        }
        Iterator<?> left = one.iterator();
        Iterator<?> right = other.iterator();
        for (int i = 0; left.hasNext() && right.hasNext(); i++) {
            Difference found = compare(path + "[" + i + "]", left.next(), right.next());
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Difference compareInAnyOrder(String path, Set<?> one, Set<?> other) {
        if (values && one instanceof SortedSet<?> sorted) {
            if (other instanceof SortedSet<?> read && !isSameOrder(sorted.comparator(), read.comparator())) {
                return new Difference(path + ".comparator()", sorted.comparator(), null);
            }
            return compareInOrder(path, new ArrayList<>(one), new ArrayList<>(other));
        }
        if (values && one.equals(other)) {
            return compareWithEqualOnes(path, one, other);
        }
        List<Object> left = new ArrayList<>(other);
        if (values && isSame(new ArrayList<>(one), left)) {
            // What was written in an order is read in that order.
            return null;
        }
        for (Object element : one) {
            if (!removesOne(left, element)) {
                return new Difference(path, one, other);
            }
        }
        return left.isEmpty() ? null : new Difference(path, one, other);
    }

    /** Compares the elements of equal sets: their {@code equals} may look at a part of them only. */
    private @Nullable Difference compareWithEqualOnes(String path, Set<?> one, Set<?> other) {
        Map<Object, Object> byEquals = new HashMap<>();
        other.forEach(element -> byEquals.put(element, element));
        for (Object element : one) {
            Difference found = compare(path + "[]", element, byEquals.get(element));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Compares apart, as a difference leaves pairs behind that were not compared to their end. */
    private boolean isSame(@Nullable Object one, @Nullable Object other) {
        return new DeepEquality(begun, values).compare("", one, other) == null;
    }

    private boolean removesOne(List<Object> left, @Nullable Object element) {
        for (Iterator<Object> candidates = left.iterator(); candidates.hasNext(); ) {
            if (isSame(element, candidates.next())) {
                candidates.remove();
                return true;
            }
        }
        return false;
    }

    private @Nullable Difference compareMaps(String path, Map<?, ?> one, Map<?, ?> other) {
        if (values && one instanceof SortedMap<?, ?> sorted) {
            if (other instanceof SortedMap<?, ?> read && !isSameOrder(sorted.comparator(), read.comparator())) {
                return new Difference(path + ".comparator()", sorted.comparator(), null);
            }
            Difference found =
                    compareInOrder(path + "[key]", new ArrayList<>(one.keySet()), new ArrayList<>(other.keySet()));
            if (found != null) {
                return found;
            }
        }
        if (!one.keySet().equals(other.keySet())) {
            return new Difference(path, one, other);
        }
        Difference inKeys = values ? compareWithEqualOnes(path + "[key]", one.keySet(), other.keySet()) : null;
        if (inKeys != null) {
            return inKeys;
        }
        for (Map.Entry<?, ?> entry : one.entrySet()) {
            Difference found = compare(path + "[" + entry.getKey() + "]", entry.getValue(), other.get(entry.getKey()));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Difference compareValues(String path, Object one, Object other) {
        boolean byText = !hasEquals(one.getClass()) || one instanceof URL;
        boolean same = byText ? (isValue(one) ? one.toString().equals(other.toString()) : !values) : one.equals(other);
        return same ? null : new Difference(path, one, other);
    }

    private @Nullable Difference compareFields(String path, Object one, Object other) {
        if (one instanceof Enum<?>) {
            return new Difference(path, one, other);
        }
        for (Class<?> type = one.getClass(); type != null && !isOfTheJdk(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                    String name = path.isEmpty() ? field.getName() : path + "." + field.getName();
                    Difference found = compare(name, read(field, one), read(field, other));
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable Object read(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (InaccessibleObjectException e) {
            if (values) {
                throw e;
            }
            throw inaccessible(field, e);
        } catch (ReflectiveOperationException e) {
            throw inaccessible(field, e);
        }
    }

    private static AssertionError inaccessible(Field field, Exception e) {
        return new AssertionError(
                "The field " + field + " cannot be compared. Open its package to the module that tests it.", e);
    }

    private static List<@Nullable Object> elements(Object array) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }

    private static boolean isOfTheJdk(Class<?> type) {
        return Objects.requireNonNullElse(type.getModule().getName(), "").startsWith("java.");
    }

    private static boolean hasEquals(Class<?> type) {
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    /** Counters and builders, which have no {@code equals} as they change; and the one whose {@code equals} asks the network. */
    private static boolean isValue(Object object) {
        return object instanceof Number
                || object instanceof CharSequence
                || object instanceof AtomicBoolean
                || object instanceof URL;
    }

    /**
     * A place at which two objects differ.
     *
     * @param path the fields that lead there; empty if it is the objects themselves
     * @param one what the one has there
     * @param other what the other has there
     */
    public record Difference(
            String path, @Nullable Object one, @Nullable Object other) {}
}
