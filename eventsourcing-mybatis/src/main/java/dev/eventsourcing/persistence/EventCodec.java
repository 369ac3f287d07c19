package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topics;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Turns an application's events into what is stored, and back. State is one format byte and the {@link JsonTranscoder}'s
 * JSON. The byte's low three bits are the version of the format, 1; the others tell what was done to the JSON, so that rows
 * stay readable when that changes: this version of the library does nothing to it, and refuses rows where something was
 * done. Safe for use by several threads.
 */
public final class EventCodec {
    private static final byte PLAIN_JSON = 0x01;

    private final String application;
    private final Topics topics;
    private final JsonTranscoder transcoder;
    private final Set<Class<?>> readable = ConcurrentHashMap.newKeySet();

    /** Makes a codec for the events of an application, which has the given types and no others. */
    public EventCodec(String application, Topics topics, JsonTranscoder transcoder) {
        this.application = application;
        this.topics = topics;
        this.transcoder = transcoder;
    }

    /** The types whose events can be encoded and decoded. */
    public Topics topics() {
        return topics;
    }

    /** The same codec for other types; for those who read an application's events and declare what they know. */
    public EventCodec with(Topics other) {
        return new EventCodec(application, other, transcoder);
    }

    /**
     * Makes what is stored of an event.
     *
     * @throws ConfigurationException if the payload's type is not registered
     * @throws PersistenceException if the payload cannot be written
     */
    public StoredEvent encode(DomainEvent<?> event) {
        String topic = topics.topicOf(event.payload().getClass());
        ByteArrayOutputStream state = new ByteArrayOutputStream(256);
        state.write(PLAIN_JSON);
        try {
            transcoder.write(event, state);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new PersistenceException(
                    "Cannot write version " + event.originatorVersion() + " of " + event.originatorId()
                            + " in application " + application + " (topic " + topic + "): " + e.getMessage(),
                    e);
        }
        StoredEvent stored =
                new StoredEvent(event.originatorId(), event.originatorVersion(), topic, state.toByteArray());
        requireReadable(event.payload().getClass(), stored);
        return stored;
    }

    /** Reads the first event of a type before it is stored: one that cannot be read back would be found out too late. */
    private void requireReadable(Class<?> type, StoredEvent first) {
        if (readable.contains(type)) {
            return;
        }
        try {
            decode(first);
        } catch (EventDecodingException e) {
            throw new PersistenceException(
                    "Events of type " + type.getName()
                            + " can be written, and not be read back. Make it a record, or tell"
                            + " Jackson how to construct it. " + e.getMessage(),
                    e);
        }
        readable.add(type);
    }

    /**
     * Makes the event of what is stored.
     *
     * @throws EventDecodingException if the topic is unknown or the state is not readable
     */
    public DomainEvent<?> decode(StoredEvent event) {
        return decode(event, 0);
    }

    /** The same for an event with its place in the log, which an error then names. */
    public DomainEvent<?> decode(Notification notification) {
        return decode(notification.event(), notification.id());
    }

    private DomainEvent<?> decode(StoredEvent event, long notificationId) {
        Class<?> type = topics.typeOf(event.topic())
                .orElseThrow(() -> failure(
                        "the topic is unknown. Was its class renamed? Name the topic as a former one with @Topic. Known"
                                + " topics: " + topics.names().stream().sorted().toList(),
                        event,
                        notificationId,
                        null));
        byte[] state = event.state();
        if (state.length == 0) {
            throw failure("the state is empty", event, notificationId, null);
        }
        if (state[0] != PLAIN_JSON) {
            throw failure(
                    "its state has format 0x%02x, which this version of the library does not know".formatted(state[0]),
                    event,
                    notificationId,
                    null);
        }
        try {
            JsonTranscoder.Content<?> content = transcoder.read(state, 1, type);
            return new DomainEvent<>(
                    event.originatorId(), event.originatorVersion(), content.at(), content.metadata(), content.data());
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw failure("the state does not decode: " + e.getMessage(), event, notificationId, e);
        }
    }

    private EventDecodingException failure(
            String what, StoredEvent event, long notificationId, @Nullable Throwable cause) {
        return new EventDecodingException(what, application, event, notificationId, cause);
    }
}
