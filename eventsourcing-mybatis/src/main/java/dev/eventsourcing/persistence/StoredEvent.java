package dev.eventsourcing.persistence;

import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * An event as it is stored. Equal to another with the same parts, state byte by byte.
 *
 * @param originatorId the aggregate's id
 * @param originatorVersion the aggregate's version; at least 0
 * @param topic the name of the event's type
 * @param state what the {@link EventCodec} made of the event; may be empty, is not copied, and must not be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredEvent(UUID originatorId, long originatorVersion, String topic, byte[] state) {
    /** Checks that nothing is null. */
    public StoredEvent {
        Objects.requireNonNull(originatorId, "originatorId");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(state, "state");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredEvent that
                && originatorId.equals(that.originatorId)
                && originatorVersion == that.originatorVersion
                && topic.equals(that.topic)
                && Arrays.equals(state, that.state);
    }

    @Override
    public int hashCode() {
        return Objects.hash(originatorId, originatorVersion, topic, Arrays.hashCode(state));
    }

    /** Names the event; its state is counted, not shown, as it may be personal. */
    @Override
    public String toString() {
        return topic + " (version " + originatorVersion + " of " + originatorId + ", " + state.length + " bytes)";
    }
}
