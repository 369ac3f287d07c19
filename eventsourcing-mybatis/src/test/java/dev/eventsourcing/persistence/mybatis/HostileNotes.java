package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

/** The leader of the hostile test. It makes events and leaves it to others how they are recorded. */
final class HostileNotes extends Application {
    static final String NAME = "HostileNotes";

    HostileNotes(RecorderFactory recorders) {
        super(NAME, recorders);
        codec().topics().register(List.of(Noted.class));
    }

    /** The events of an originator behind a version. */
    List<StoredEvent> events(UUID originator, long after, int count) {
        return LongStream.rangeClosed(after + 1, after + count)
                .mapToObj(version -> codec().encode(
                                new DomainEvent<>(originator, version, Instant.now(), Map.of(), new Noted(version))))
                .toList();
    }

    /** All that ever happens here. */
    record Noted(long number) {}
}
