package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The steps that make of older data newer ones, by type and version. Immutable. */
final class Upcasters {
    static final Upcasters NONE = new Upcasters(Map.of());

    private final Map<Step, Upcaster> steps;

    private Upcasters(Map<Step, Upcaster> steps) {
        this.steps = steps;
    }

    Upcasters with(Class<?> type, int fromVersion, Upcaster step) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(step, "step");
        Topic topic = type.getAnnotation(Topic.class);
        int version = topic == null ? 1 : topic.version();
        if (fromVersion < 1 || fromVersion >= version) {
            throw new ConfigurationException(
                    "A step from version " + fromVersion + " of " + type.getName()
                            + " can never run: the type has version " + version
                            + ". Steps begin at version 1; state the type's version with @Topic(version = ...), one above its last step.");
        }
        Map<Step, Upcaster> all = new HashMap<>(steps);
        if (all.putIfAbsent(new Step(type, fromVersion), step) != null) {
            throw new ConfigurationException("There are two steps from version " + fromVersion + " of " + type.getName()
                    + ". Make one of them.");
        }
        return new Upcasters(Map.copyOf(all));
    }

    /** The step from a version of a type to the next one. */
    Optional<Upcaster> step(Class<?> type, int fromVersion) {
        return Optional.ofNullable(steps.get(new Step(type, fromVersion)));
    }

    private record Step(Class<?> type, int fromVersion) {}
}
