package dev.eventsourcing.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Where a state is stored, to which an encrypted one is bound.
 *
 * @param application the application's name
 * @param originatorId the aggregate's id
 * @param originatorVersion the aggregate's version
 * @param topic the name of the type
 */
record StatePlace(String application, UUID originatorId, long originatorVersion, String topic) {
    static StatePlace of(String application, StoredEvent event) {
        return new StatePlace(application, event.originatorId(), event.originatorVersion(), event.topic());
    }

    /**
     * What is authenticated beside the state: the first bytes of it, then the place; each part after its length, as four bytes,
     * so that no two places give the same. This is part of the format of stored rows and never changes.
     */
    byte[] associatedData(byte[] state, int headerSize) {
        byte[] name = application.getBytes(UTF_8);
        byte[] type = topic.getBytes(UTF_8);
        return ByteBuffer.allocate(5 * Integer.BYTES + headerSize + name.length + 3 * Long.BYTES + type.length)
                .putInt(headerSize)
                .put(state, 0, headerSize)
                .putInt(name.length)
                .put(name)
                .putInt(2 * Long.BYTES)
                .putLong(originatorId.getMostSignificantBits())
                .putLong(originatorId.getLeastSignificantBits())
                .putInt(Long.BYTES)
                .putLong(originatorVersion)
                .putInt(type.length)
                .put(type)
                .array();
    }
}
