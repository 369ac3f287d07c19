package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.json.JsonTranscoder;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns an application's events into what is stored, and back, in a {@link StateFormat}. State is one format byte and JSON, {@code
 * {"at", "v", "meta", "data"}}: when it happened, the version of the data (left out when 1), metadata (left out when empty) and the
 * payload. The byte tells whether the JSON is compressed or encrypted. Safe for use by several threads.
 */
public final class EventCodec {
    private final String application;
    private final Topics topics;
    private final StateFormat format;
    private final boolean refusesNewer;
    private final Set<Class<?>> readable = ConcurrentHashMap.newKeySet();

    /** Makes a codec for the events of an application, which has the given types and no others. */
    public EventCodec(String application, Topics topics, StateFormat format) {
        this(application, topics, format, false);
    }

    private EventCodec(String application, Topics topics, StateFormat format, boolean refusesNewer) {
        this.application = application;
        this.topics = topics;
        this.format = format;
        this.refusesNewer = refusesNewer;
    }

    /** The types whose events can be encoded and decoded. */
    public Topics topics() {
        return topics;
    }

    /** The same codec for other types; for those who read an application's events and declare what they know. */
    public EventCodec with(Topics other) {
        return new EventCodec(application, other, format, refusesNewer);
    }

    /**
     * The same codec for the states of snapshots, which are of these types. It refuses one of a newer version than that of its
     * type: this program cannot tell what it leaves out, and can do without.
     */
    public EventCodec forSnapshots(Topics stateTypes) {
        return new EventCodec(application, stateTypes, format, true);
    }

    /** The same codec for what stays in the memory of this process: neither compressed nor encrypted. */
    public EventCodec inMemory() {
        return new EventCodec(application, topics, format.plain(), refusesNewer);
    }

    /**
     * Makes what is stored of an event.
     *
     * @throws ConfigurationException if the payload's type is not registered
     * @throws PersistenceException if the payload cannot be written
     */
    public StoredEvent encode(DomainEvent<?> event) {
        String topic = topics.topicOf(event.payload().getClass());
        StatePlace place = new StatePlace(application, event.originatorId(), event.originatorVersion(), topic);
        byte[] plain = plainState(event);
        byte[] state;
        try {
            state = format.envelope().seal(plain, place);
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            throw notWritten(event, e);
        }
        StoredEvent stored = new StoredEvent(event.originatorId(), event.originatorVersion(), topic, state);
        requireReadable(event.payload().getClass(), stored);
        return stored;
    }

    /** The state before it is compressed and encrypted: the same for the same event. */
    private byte[] plainState(DomainEvent<?> event) {
        ByteArrayOutputStream state = new ByteArrayOutputStream(256);
        state.write(Envelope.PLAIN_JSON);
        try {
            format.transcoder().write(event, topics.versionOf(event.payload().getClass()), state);
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            throw notWritten(event, e);
        }
        return state.toByteArray();
    }

    private PersistenceException notWritten(DomainEvent<?> event, Exception cause) {
        return new PersistenceException(
                "Cannot write version " + event.originatorVersion() + " of " + event.originatorId() + " in application "
                        + application + " (topic "
                        + topics.topicOf(event.payload().getClass()) + "): " + Thrown.message(cause),
                cause);
    }

    /** Whether what is stored says the same as the event, however it was written. */
    boolean says(StoredEvent stored, DomainEvent<?> event) {
        DomainEvent<?> decoded = decode(stored);
        return decoded.originatorId().equals(event.originatorId())
                && decoded.originatorVersion() == event.originatorVersion()
                && decoded.payload().getClass() == event.payload().getClass()
                && Arrays.equals(plainState(decoded), plainState(event));
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
                            + " can be written, and not be read back. Make it and what it holds records, or give"
                            + " StateFormat.json a module that tells Jackson how to construct them. " + e.getMessage(),
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
        Envelope.Json json;
        try {
            json = format.envelope().open(event.state(), StatePlace.of(application, event));
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            throw failure("the state does not decode: " + Thrown.message(e), event, notificationId, e);
        }
        try {
            JsonTranscoder.Content<?> content = format.transcoder()
                    .read(
                            json.bytes(),
                            json.offset(),
                            type,
                            topics.versionOf(type),
                            (data, version) -> upcast(data, type, version, event, notificationId));
            if (refusesNewer && content.version() > topics.versionOf(type)) {
                throw failure("it was stored by a newer program", event, notificationId, null);
            }
            return new DomainEvent<>(
                    event.originatorId(), event.originatorVersion(), content.at(), content.metadata(), content.data());
        } catch (EventDecodingException e) {
            throw e;
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            boolean secret = Envelope.isEncrypted(event.state()) && !(e instanceof InvalidDefinitionException);
            String cure = e instanceof JacksonException
                    ? ". Was " + type.getName()
                            + " changed? Raise the version of its @Topic, and say with StateFormat.upcast how"
                            + " older data get there"
                    : "";
            throw secret
                    ? failure("the state does not decode: " + withoutValues(e) + cure, event, notificationId, null)
                    : failure("the state does not decode: " + Thrown.message(e) + cure, event, notificationId, e);
        }
    }

    /** Where it fails, and not on what: Jackson quotes values, and those that are encrypted are not for logs. */
    private static String withoutValues(Exception error) {
        String where = error instanceof JacksonException jackson && jackson.getLocation() != null
                ? " at byte " + jackson.getLocation().getByteOffset() + " of its JSON"
                : "";
        String components = error instanceof JacksonException jackson
                ? jackson.getPath().stream()
                        .filter(part -> part.from() instanceof Class<?>)
                        .map(part -> " in '" + part.getPropertyName() + "' of " + ((Class<?>) part.from()).getName())
                        .collect(Collectors.joining())
                : "";
        return error.getClass().getSimpleName() + components + where
                + ". As it is encrypted, nothing of it is shown here";
    }

    private ObjectNode upcast(ObjectNode data, Class<?> type, int version, StoredEvent event, long notificationId) {
        String step = "the step from version " + version + " to " + (version + 1) + " of " + type.getName();
        Upcaster upcaster = format.upcasters()
                .step(type, version)
                .orElseThrow(() -> failure(
                        step + " is missing, and the type has version " + topics.versionOf(type)
                                + ". Give it with StateFormat.upcast",
                        event,
                        notificationId,
                        null));
        try {
            return Objects.requireNonNull(upcaster.upcast(data, event), "it gave null");
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            throw failure(step + " failed: " + Thrown.message(e), event, notificationId, e);
        }
    }

    private EventDecodingException failure(
            String what, StoredEvent event, long notificationId, @Nullable Throwable cause) {
        return new EventDecodingException(what, application, event, notificationId, cause);
    }
}
