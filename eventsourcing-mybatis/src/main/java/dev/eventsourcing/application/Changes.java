package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Recordable;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecordConflictException.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** What one save is to record, in the order of its arguments. Used by one thread. */
final class Changes {
    private final Set<Aggregate<?>> aggregates = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<DomainEvent<?>> events = new ArrayList<>();
    private final Map<UUID, Candidate> candidates = new LinkedHashMap<>();

    /**
     * Takes the events of a recordable; an aggregate that came before is left alone.
     *
     * @param check is given the event before them, where it is not certain to be recorded
     */
    void add(Recordable recordable, Consumer<Optional<? extends DomainEvent<?>>> check) {
        if (recordable instanceof Aggregate<?> aggregate) {
            if (aggregates.add(aggregate)) {
                check.accept(aggregate.unconfirmedEvent());
                List<? extends DomainEvent<?>> collected = aggregate.collectEvents();
                add(collected, begins(aggregate, collected));
            }
        } else if (recordable instanceof NewEvents newEvents) {
            check.accept(newEvents.unconfirmedEvent());
            add(newEvents.events(), newEvents.isFirst());
        } else if (recordable instanceof DomainEvent<?> event) {
            add(List.of(event), event.originatorVersion() <= 1);
        }
    }

    private static boolean begins(Aggregate<?> aggregate, List<? extends DomainEvent<?>> collected) {
        return !collected.isEmpty() && collected.get(0).originatorVersion() == aggregate.initialVersion();
    }

    private void add(List<? extends DomainEvent<?>> more, boolean isNew) {
        if (more.isEmpty()) {
            return;
        }
        events.addAll(more);
        DomainEvent<?> lowest = more.get(0);
        candidates.merge(
                lowest.originatorId(),
                new Candidate(lowest.originatorId(), lowest.originatorVersion(), isNew),
                (one, other) -> one.originatorVersion() <= other.originatorVersion() ? one : other);
    }

    /** The events, in order. */
    List<DomainEvent<?>> events() {
        return events;
    }

    /** A conflict in the words of this save: it knows which aggregates were to be new. */
    RecordConflictException conflict(String application, RecordConflictException e) {
        return repeated()
                .map(event -> new RecordConflictException(
                        "Version " + event.originatorVersion() + " of " + event.originatorId()
                                + " is in one save of application " + application
                                + " more than once. Save the same events, or what happened to one aggregate, once; for several"
                                + " entries of a log use triggerAfter(..).",
                        List.of(new Candidate(event.originatorId(), event.originatorVersion(), false)),
                        e.getCause()))
                .orElseGet(
                        () -> RecordConflictException.of(application, List.copyOf(candidates.values()), e.getCause()));
    }

    /** An event of a version that another has too: no other writer is needed for that. */
    private Optional<DomainEvent<?>> repeated() {
        Map<UUID, Set<Long>> seen = new HashMap<>();
        return events.stream()
                .filter(event -> !seen.computeIfAbsent(event.originatorId(), id -> new HashSet<>())
                        .add(event.originatorVersion()))
                .findFirst();
    }

    /** Tells the aggregates that their events are recorded for certain. */
    void confirm() {
        aggregates.forEach(Aggregate::confirmRecorded);
    }

    /** Tells the aggregates that nothing was recorded. */
    void markUnusable(Throwable cause) {
        aggregates.forEach(aggregate -> aggregate.markUnusable(cause));
    }
}
