package dev.eventsourcing.readme;

import static dev.eventsourcing.application.SnapshotInterval.every;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.EventSourcedLog;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NameBasedIds;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.persistence.CipherKeys;
import dev.eventsourcing.persistence.Compressor;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.VersionRange;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Snapshots, a cache, a log, and states that are compressed and encrypted. */
public final class Puppies extends Application {
    private final Repository<Puppy> puppies = repository(Puppy.class, Puppy::new)
            .snapshots(Puppy.State.class, Puppy::state, Puppy::restore, every(100))
            .cached(1_000);

    private final EventSourcedLog<Born> births = log(NameBasedIds.nameBasedId(NameBasedIds.URL, "/births"), Born.class);

    /** An entry of the log. */
    @Topic("Puppies.Born")
    public record Born(UUID puppy) {}

    public Puppies(RecorderFactory recorders, String keys) {
        super("Puppies", recorders, format().compressed(Compressor.deflate()).encrypted(CipherKeys.parse(keys)));
    }

    /** How states are written, and how those are read that an older program wrote. */
    private static StateFormat format() {
        return StateFormat.json()
                .upcast(Puppy.Weighed.class, 1, (data, event) -> data.put("grams", grams(data.get("ounces"))));
    }

    private static int grams(JsonNode ounces) {
        return ounces.intValue() * 28;
    }

    public UUID born(int grams) {
        Puppy puppy = new Puppy(UUID.randomUUID());
        puppy.weigh(grams);
        save(puppy, births.trigger(new Born(puppy.id()))); // both, or neither
        return puppy.id();
    }

    public void weigh(UUID id, int grams) {
        Puppy puppy = puppies.get(id);
        puppy.weigh(grams);
        save(puppy);
    }

    public List<UUID> all() {
        return births.select(VersionRange.all())
                .map(DomainEvent::payload)
                .map(Born::puppy)
                .toList();
    }

    Repository<Puppy> puppies() {
        return puppies;
    }
}
