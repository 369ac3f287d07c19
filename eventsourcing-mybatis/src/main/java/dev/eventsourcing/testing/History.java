package dev.eventsourcing.testing;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.StateFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What happened to one originator before a scenario begins.
 *
 * @param id the originator's id
 * @param time when what is added happened
 * @param format how events are written
 * @param given what happened, oldest first
 */
record History(UUID id, Instant time, StateFormat format, List<Given> given) {
    /** A history in which nothing has happened. */
    static History empty() {
        return new History(
                UUID.fromString("00000000-0000-4000-8000-000000000001"),
                Instant.parse("2000-01-01T00:00:00Z"),
                StateFormat.json(),
                List.of());
    }

    History id(UUID other) {
        return new History(other, time, format, given);
    }

    History at(Instant other) {
        return new History(id, other, format, given);
    }

    History format(StateFormat other) {
        return new History(id, time, other, given);
    }

    History and(Object payload) {
        List<Given> all = new ArrayList<>(given);
        all.add(new Given(payload, time));
        return new History(id, time, format, Collections.unmodifiableList(all));
    }

    boolean isEmpty() {
        return given.isEmpty();
    }

    List<Object> payloads() {
        return given.stream().map(Given::payload).toList();
    }

    /** The events, the first with this version. */
    List<DomainEvent<?>> events(long initialVersion) {
        List<DomainEvent<?>> events = new ArrayList<>(given.size());
        for (Given one : given) {
            events.add(new DomainEvent<>(id, initialVersion + events.size(), one.at, Map.of(), one.payload));
        }
        return events;
    }

    /** One thing that happened, and when. */
    record Given(Object payload, Instant at) {}
}
