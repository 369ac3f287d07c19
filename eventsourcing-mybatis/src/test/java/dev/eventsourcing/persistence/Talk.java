package dev.eventsourcing.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.domain.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An application for tests of the codec: one event type, one event, and keys. */
final class Talk {
    static final UUID ID = UUID.fromString("11111111-2222-5333-8444-555555555555");
    static final Instant AT = Instant.parse("2026-03-01T12:00:00.5Z");

    /** Keys of 16, 24 and 32 bytes, whose ids are their sizes. */
    static final CipherKeys KEYS = CipherKeys.of(32, key(32)).and(24, key(24)).and(16, key(16));

    private Talk() {}

    @Topic(value = "Said", former = "Shouted")
    record Said(String text) {}

    static EventCodec codec(StateFormat format) {
        return codec(format, Said.class);
    }

    static EventCodec codec(StateFormat format, Class<?>... types) {
        return codecOf("Talk", format, types);
    }

    static EventCodec codecOf(String application, StateFormat format, Class<?>... types) {
        Topics topics = new Topics();
        topics.register(List.of(types));
        return new EventCodec(application, topics, format);
    }

    static DomainEvent<?> said(String text) {
        return event(new Said(text));
    }

    /** An event whose JSON becomes smaller. */
    static DomainEvent<?> saidOften() {
        return said("Sit" + "!".repeat(97));
    }

    static DomainEvent<?> event(Object payload) {
        return new DomainEvent<>(ID, 7, AT, Map.of(), payload);
    }

    static StoredEvent stored(byte[] state) {
        return new StoredEvent(ID, 7, "Said", state);
    }

    /** A plain state of which the data are as given. */
    static StoredEvent stored(String topic, String json) {
        return new StoredEvent(ID, 7, topic, ("\u0001" + json).getBytes(UTF_8));
    }

    static String json(StoredEvent plain) {
        return new String(plain.state(), 1, plain.state().length - 1, UTF_8);
    }

    /** The bytes 0, 1, 2 and so on. */
    static byte[] key(int size) {
        byte[] key = new byte[size];
        for (int i = 0; i < size; i++) {
            key[i] = (byte) i;
        }
        return key;
    }
}
