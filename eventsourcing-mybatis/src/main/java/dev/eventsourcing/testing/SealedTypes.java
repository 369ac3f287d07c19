package dev.eventsourcing.testing;

import java.util.ArrayList;
import java.util.List;

/** Finds the types that an event type belongs with. */
final class SealedTypes {
    private SealedTypes() {}

    /** The highest sealed type that permits this one, however deeply; the type itself if none does. */
    static Class<?> above(Class<?> type) {
        List<Class<?>> parents = new ArrayList<>(List.of(type.getInterfaces()));
        if (type.getSuperclass() != null) {
            parents.add(type.getSuperclass());
        }
        return parents.stream()
                .filter(Class::isSealed)
                .findFirst()
                .<Class<?>>map(SealedTypes::above)
                .orElse(type);
    }
}
