package dev.eventsourcing.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Events that came of a command and are to be saved: the payloads, with the id, with versions that follow each other, and with the
 * time. Saving the same ones twice is a conflict, never a repetition. Immutable if the payloads are.
 */
public final class NewEvents implements Recordable {
    private final UUID originatorId;
    private final boolean first;
    private final @Nullable DomainEvent<?> unconfirmed;
    private final List<DomainEvent<?>> events;

    private NewEvents(
            UUID originatorId, boolean first, @Nullable DomainEvent<?> unconfirmed, List<DomainEvent<?>> events) {
        this.originatorId = originatorId;
        this.first = first;
        this.unconfirmed = unconfirmed;
        this.events = events;
    }

    /** The first events of something new, in order; the first of them has version 1. */
    public static NewEvents first(UUID originatorId, Object... payloads) {
        return startingAt(1, originatorId, List.of(payloads));
    }

    /** The same for a command that returns its events as a list. */
    public static NewEvents first(UUID originatorId, Collection<?> payloads) {
        return startingAt(1, originatorId, payloads);
    }

    /**
     * The first events of something new whose first version is not 1.
     *
     * @param initialVersion the version of the first event; at least 0
     * @throws ConfigurationException if the version is below 0
     */
    public static NewEvents startingAt(long initialVersion, UUID originatorId, Collection<?> payloads) {
        return new NewEvents(originatorId, true, null, numbered(originatorId, initialVersion, payloads));
    }

    /** The events that follow a state. */
    static NewEvents after(Versioned<?> state, Collection<?> payloads) {
        return new NewEvents(
                state.id(),
                false,
                state.unconfirmedEvent().orElse(null),
                numbered(state.id(), state.version() + 1, payloads));
    }

    /** The same events, as having happened at a given time; for tests and imports. */
    public NewEvents at(Instant timestamp) {
        return each(event -> new DomainEvent<Object>(
                event.originatorId(), event.originatorVersion(), timestamp, event.metadata(), event.payload()));
    }

    /** The same events with more metadata; an entry that is there already is kept. */
    public NewEvents withMetadata(Map<String, String> more) {
        return each(event -> event.withMetadata(more));
    }

    /** Whose events they are. */
    public UUID originatorId() {
        return originatorId;
    }

    /** Whether they are the first of something new, which must not exist yet. */
    public boolean isFirst() {
        return first;
    }

    /** The events, lowest version first; may be none. */
    public List<DomainEvent<?>> events() {
        return events;
    }

    /** The event before the first, while nobody knows whether the transaction in which it was read was committed. */
    public Optional<DomainEvent<?>> unconfirmedEvent() {
        return Optional.ofNullable(unconfirmed);
    }

    private NewEvents each(UnaryOperator<DomainEvent<?>> copy) {
        return new NewEvents(
                originatorId,
                first,
                unconfirmed,
                events.stream().<DomainEvent<?>>map(copy).toList());
    }

    private static List<DomainEvent<?>> numbered(UUID originatorId, long firstVersion, Collection<?> payloads) {
        Instant now = Instant.now();
        List<DomainEvent<?>> numbered = new ArrayList<>(payloads.size());
        for (Object payload : payloads) {
            numbered.add(new DomainEvent<>(originatorId, firstVersion + numbered.size(), now, Map.of(), payload));
        }
        return List.copyOf(numbered);
    }
}
