package dev.eventsourcing.domain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Something that happened to an aggregate: the payload is what happened, the rest says to whom, as which version, when,
 * and why. Immutable if its payload is.
 *
 * @param originatorId the aggregate's id
 * @param originatorVersion the aggregate's version once the event is applied; at least 0, normally from 1
 * @param timestamp when it happened; cut to microseconds, as that is what every database keeps
 * @param metadata what is known beside the fact, see {@link #CORRELATION_ID}; sorted by key, often empty
 * @param payload the fact
 * @param <E> the type of the payload
 */
public record DomainEvent<E>(
        UUID originatorId, long originatorVersion, Instant timestamp, Map<String, String> metadata, E payload)
        implements Recordable {
    /** Metadata: names the chain of events that this one belongs to. Followers pass it on, or start it. */
    public static final String CORRELATION_ID = "correlationId";

    /** Metadata: the application whose event a follower was processing when this one came about. */
    public static final String CAUSATION_LEADER = "causationLeader";

    /** Metadata: the notification id of that event. */
    public static final String CAUSATION_NOTIFICATION_ID = "causationNotificationId";

    /** Checks the parts. */
    public DomainEvent {
        Objects.requireNonNull(originatorId, "originatorId");
        Objects.requireNonNull(payload, "payload");
        if (originatorVersion < 0) {
            throw new ConfigurationException(
                    "Originator version " + originatorVersion + " of " + originatorId + " is below 0.");
        }
        metadata.forEach((key, value) -> Objects.requireNonNull(value, () -> "metadata " + key));
        timestamp = timestamp.truncatedTo(ChronoUnit.MICROS);
        metadata = metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /** The same event with more metadata; an entry that is there already is kept. */
    public DomainEvent<E> withMetadata(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(more);
        all.putAll(metadata);
        return new DomainEvent<>(originatorId, originatorVersion, timestamp, all, payload);
    }
}
