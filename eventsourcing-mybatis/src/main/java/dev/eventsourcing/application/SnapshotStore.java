package dev.eventsourcing.application;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.EventDecodingException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of an application: states that are stored as events are, with the version that they were taken at. Whatever is
 * wrong with one is no reason to fail, as events lead to the same state. Safe for use by several threads.
 */
final class SnapshotStore {
    private static final Logger LOG = LoggerFactory.getLogger(Repository.class);

    private final String application;
    private final AggregateRecorder recorder;
    private final EventCodec codec;
    private final EventCodec inMemory;
    private final StateSettings settings;

    SnapshotStore(String application, AggregateRecorder recorder, EventCodec codec, StateSettings settings) {
        this.application = application;
        this.recorder = recorder;
        this.codec = codec;
        this.inMemory = codec.inMemory();
        this.settings = settings;
    }

    /** Whether snapshots are read and taken. */
    boolean isOn() {
        return settings.snapshotsOn();
    }

    /** The interval that holds where this one is declared. */
    SnapshotInterval interval(SnapshotInterval declared) {
        return settings.interval(declared);
    }

    /** What turns states into bytes that nobody can change, for a cache. */
    EventCodec inMemory() {
        return inMemory;
    }

    /** Adds a type of state; its topics must not be those of events, as a row must not pass for one of the other kind. */
    void register(Class<?> stateType, Topics eventTopics) {
        codec.registerWritten(List.of(stateType));
        requireOtherTopics(eventTopics);
    }

    /** Checks that no event has the topic of a state. */
    void requireOtherTopics(Topics eventTopics) {
        for (String topic : codec.topics().names()) {
            eventTopics.typeOf(topic).ifPresent(type -> {
                throw new ConfigurationException("Topic " + topic + " is claimed by the event type " + type.getName()
                        + " and by the state of snapshots. Give one of them another name with @Topic.");
            });
        }
    }

    /** The newest snapshot up to a version, if it is readable and of the right type. */
    Optional<DomainEvent<?>> newest(UUID id, long upTo, Class<?> stateType) {
        List<StoredEvent> found = recorder.selectEvents(
                id, VersionRange.all().upTo(upTo).highestFirst().limit(1));
        return found.isEmpty() ? Optional.empty() : read(found.get(0), stateType);
    }

    private Optional<DomainEvent<?>> read(StoredEvent stored, Class<?> stateType) {
        try {
            DomainEvent<?> snapshot = codec.decode(stored);
            if (stateType.isInstance(snapshot.payload())) {
                return Optional.of(snapshot);
            }
            skip(stored, "it is not a " + stateType.getName(), null);
        } catch (EventDecodingException e) {
            skip(stored, String.valueOf(e.getMessage()), e);
        }
        return Optional.empty();
    }

    /** Says why a snapshot is not used. */
    void skip(StoredEvent snapshot, String why, @Nullable Throwable cause) {
        skip(snapshot.originatorId(), snapshot.originatorVersion(), why, cause);
    }

    /** The same for one that was read. */
    void skip(UUID id, long version, String why, @Nullable Throwable cause) {
        LOG.warn(
                "The snapshot of version {} of {} in application {} is skipped, and the events are replayed: {}",
                version,
                id,
                application,
                why,
                cause);
    }

    /**
     * Stores a snapshot, in the current transaction or in one of its own.
     *
     * @return false if there is one of that version already
     * @throws PersistenceException if storing fails, or the one that is there cannot be read
     */
    boolean put(DomainEvent<?> snapshot) {
        UUID id = snapshot.originatorId();
        long version = snapshot.originatorVersion();
        List<StoredEvent> there =
                recorder.selectEvents(id, VersionRange.after(version - 1).upTo(version));
        if (there.isEmpty()) {
            try {
                recorder.insertEvents(List.of(codec.encode(snapshot)));
                return true;
            } catch (RecordConflictException e) {
                LOG.debug("Another has just taken the snapshot of version {} of {}", version, id, e);
                return false;
            }
        }
        if (read(there.get(0), snapshot.payload().getClass()).isEmpty()) {
            throw new PersistenceException(
                    "A snapshot of version " + version + " of " + id + " in application " + application
                            + " is stored already and cannot be read. Delete it from the table snapshots, or take one at"
                            + " another version.",
                    null);
        }
        return false;
    }
}
