package dev.eventsourcing.testing;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.EventStore;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Recorded events, to be compared with those that were expected.
 *
 * @param codec what writes them
 * @param recorded the events
 */
record SideBySide(EventCodec codec, List<DomainEvent<?>> recorded) {
    private static final String NONE = "(none)";

    /** Checks that these payloads were recorded, in this order. */
    void requireSame(List<?> expected, List<?> given) {
        boolean same = expected.size() == recorded.size();
        for (int i = 0; same && i < expected.size(); i++) {
            same = isSame(expected.get(i), recorded.get(i));
        }
        if (!same) {
            throw new AssertionError(describe(expected, given));
        }
    }

    private String describe(List<?> expected, List<?> given) {
        int rows = Math.max(1, Math.max(expected.size(), recorded.size()));
        int width = expected.stream()
                .mapToInt(payload -> payload.toString().length())
                .reduce("expected".length(), Math::max);
        StringBuilder text = new StringBuilder("Other events were recorded than were expected:");
        addRow(text, width, "expected", "recorded", "");
        for (int i = 0; i < rows; i++) {
            boolean same = i < expected.size() && i < recorded.size() && isSame(expected.get(i), recorded.get(i));
            String left = i < expected.size() ? expected.get(i).toString() : NONE;
            String right = i < recorded.size() ? recorded.get(i).payload().toString() : NONE;
            addRow(text, width, left, right, same ? "" : "  <- differs");
        }
        return text.append("\ngiven ").append(given).toString();
    }

    private static void addRow(StringBuilder text, int width, String left, String right, String mark) {
        text.append("\n  ")
                .append(left)
                .append(" ".repeat(width - Math.min(width, left.length())))
                .append(" | ")
                .append(right)
                .append(mark);
    }

    private boolean isSame(Object expected, DomainEvent<?> actual) {
        return expected.equals(actual.payload())
                || (expected.getClass() == actual.payload().getClass() && isStoredAlike(expected, actual));
    }

    /** Whether the same would be stored of both, before it is compressed and encrypted. */
    private boolean isStoredAlike(Object expected, DomainEvent<?> actual) {
        EventStore store = new EventStore(new InMemoryRecorders().applicationRecorder("Comparison"), codec);
        UUID id = actual.originatorId();
        long version = actual.originatorVersion();
        try {
            store.put(List.of(new DomainEvent<>(id, version, actual.timestamp(), Map.of(), expected)));
        } catch (ConfigurationException notRegistered) {
            return false;
        }
        return store.contains(new DomainEvent<>(id, version, actual.timestamp(), Map.of(), actual.payload()));
    }
}
