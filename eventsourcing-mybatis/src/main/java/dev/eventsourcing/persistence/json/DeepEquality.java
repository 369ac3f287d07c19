package dev.eventsourcing.persistence.json;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Compares two objects field by field, as their {@code equals} may look at an id only, or at nothing. Fields that are
 * transient are left out. Of the JDK's own types those that have no {@code equals}, such as locks, are taken for the same.
 */
public final class DeepEquality {
    private final Map<Object, Object> begun;

    private DeepEquality(Map<Object, Object> begun) {
        this.begun = new IdentityHashMap<>(begun);
    }

    /** The first difference that is found; empty if there is none. */
    public static Optional<Difference> difference(Object one, Object other) {
        return Optional.ofNullable(new DeepEquality(Map.of()).compare("", one, other));
    }

    private @Nullable Difference compare(String path, @Nullable Object one, @Nullable Object other) {
        if (one == other) {
            return null;
        }
        if (one == null || other == null) {
            return new Difference(path, one, other);
        }
        if (begun.put(one, other) == other) {
            // Further up this pair is compared already.
            return null;
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
        if (one.getClass() != other.getClass()) {
            return new Difference(path, one, other);
        }
        if (one instanceof Collection<?> first && other instanceof Collection<?> second) {
            return compareInOrder(path, new ArrayList<>(first), new ArrayList<>(second));
        }
        if (one.getClass().isArray()) {
            return compareInOrder(path, elements(one), elements(other));
        }
        if (one instanceof Optional<?> first && other instanceof Optional<?> second) {
            return compare(path, first.orElse(null), second.orElse(null));
        }
        return isOfTheJdk(one.getClass()) ? compareValues(path, one, other) : compareFields(path, one, other);
    }

    private @Nullable Difference compareInOrder(String path, List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return new Difference(path, one, other);
        }
        for (int i = 0; i < one.size(); i++) {
            Difference found = compare(path + "[" + i + "]", one.get(i), other.get(i));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Difference compareInAnyOrder(String path, Set<?> one, Set<?> other) {
        List<Object> left = new ArrayList<>(other);
        for (Object element : one) {
            if (!left.removeIf(candidate -> new DeepEquality(begun).compare(path, element, candidate) == null)) {
                return new Difference(path, one, other);
            }
        }
        return left.isEmpty() ? null : new Difference(path, one, other);
    }

    private @Nullable Difference compareMaps(String path, Map<?, ?> one, Map<?, ?> other) {
        if (!one.keySet().equals(other.keySet())) {
            return new Difference(path, one, other);
        }
        for (Map.Entry<?, ?> entry : one.entrySet()) {
            Difference found = compare(path + "[" + entry.getKey() + "]", entry.getValue(), other.get(entry.getKey()));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Difference compareValues(String path, Object one, Object other) {
        boolean same = hasEquals(one.getClass())
                ? one.equals(other)
                : !isValue(one) || one.toString().equals(other.toString());
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

    private static @Nullable Object read(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new AssertionError(
                    "The field " + field + " cannot be compared. Open its package to the module that tests it.", e);
        }
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

    /** Counters and builders, which have no {@code equals} as they change. */
    private static boolean isValue(Object object) {
        return object instanceof Number || object instanceof CharSequence || object instanceof AtomicBoolean;
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
