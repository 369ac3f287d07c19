package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.json.DeepEquality;
import dev.eventsourcing.persistence.json.DeepEquality.Difference;
import dev.eventsourcing.persistence.json.JsonTranscoder;
import dev.eventsourcing.persistence.json.TypeCheck;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
    /** The most characters of a value that a message shows. */
    private static final int MOST_SHOWN = 200;

    private final String application;
    private final Topics topics;
    private final StateFormat format;
    private final boolean refusesNewer;
    private final Map<Class<?>, TypeTrust> trust = new ConcurrentHashMap<>();

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

    /**
     * Registers types that are written, of which a sealed one stands for all that it permits, and checks that what is written of
     * them comes back. Types that are only read are registered with {@link #topics}, and are not checked.
     *
     * @throws ConfigurationException if a component does not come back, or not always, by its declaration, and no {@link
     *     StateFormat#waive waiver} is given for it; or if {@link Topics#register} refuses a type
     */
    public void registerWritten(Collection<? extends Class<?>> types) {
        topics.register(types);
        Topics.concreteTypes(types).forEach(this::trustIn);
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
     * @throws ConfigurationException if the payload's type is not registered, or does not come back as {@link #registerWritten}
     *     says
     * @throws PersistenceException if the payload cannot be written, or would come back different
     */
    public StoredEvent encode(DomainEvent<?> event) {
        Class<?> type = event.payload().getClass();
        String topic = topics.topicOf(type);
        TypeTrust trusted = trustIn(type);
        StatePlace place = new StatePlace(application, event.originatorId(), event.originatorVersion(), topic);
        byte[] plain = plainState(event);
        if (!trusted.certain()) {
            // Before it is sealed, which may change the array.
            requireSame(
                    event,
                    new StoredEvent(event.originatorId(), event.originatorVersion(), topic, plain),
                    Envelope.PLAIN);
        }
        byte[] state;
        try {
            state = format.envelope().seal(plain, place);
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            throw notWritten(event, e);
        }
        StoredEvent stored = new StoredEvent(event.originatorId(), event.originatorVersion(), topic, state);
        if (!trusted.tried().get()) {
            // The first of each type: a compressor or a constructor that goes wrong would be found out too late.
            requireSame(event, stored, format.envelope());
            trusted.tried().set(true);
        }
        return stored;
    }

    private TypeTrust trustIn(Class<?> type) {
        TypeTrust known = trust.get(type);
        if (known == null) {
            known = new TypeTrust(requireDeclared(type), new AtomicBoolean());
            trust.put(type, known);
        }
        return known;
    }

    /** Checks a type by its declarations; returns whether no value of it needs a check. */
    private boolean requireDeclared(Class<?> type) {
        String topic = topics.topicOf(type);
        TypeCheck.Result result = format.transcoder().check(type);
        List<TypeCheck.Refusal> refused = result.refusals().stream()
                .filter(refusal -> !format.waives(topic + refusal.path()))
                .toList();
        if (refused.isEmpty()) {
            return result.certain();
        }
        String first = topic + refused.get(0).path();
        throw new ConfigurationException(refused.stream()
                        .map(refusal -> topic + refusal.path() + " must come back as it is saved, but is declared as "
                                + refusal.type() + ": " + refusal.reason() + ". " + refusal.cure() + ".")
                        .collect(Collectors.joining("\n"))
                + "\nWhere events of application " + application + " have been recorded so, go on with"
                + " StateFormat.waive(\"" + first + "\"), which has each value read back before it is saved.");
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
        boolean secret = format.envelope().encrypts();
        return new PersistenceException(
                "Cannot write version " + event.originatorVersion() + " of " + event.originatorId() + " in application "
                        + application + " (topic "
                        + topics.topicOf(event.payload().getClass()) + "): "
                        + (secret ? withoutValues(cause) : Thrown.message(cause)),
                secret ? null : cause);
    }

    /** Whether what is stored says the same as the event, however it was written. */
    boolean says(StoredEvent stored, DomainEvent<?> event) {
        DomainEvent<?> decoded = decode(stored);
        return decoded.originatorId().equals(event.originatorId())
                && decoded.originatorVersion() == event.originatorVersion()
                && decoded.payload().getClass() == event.payload().getClass()
                && Arrays.equals(plainState(decoded), plainState(event));
    }

    /** Reads an event back before it is stored, and compares it. */
    private void requireSame(DomainEvent<?> event, StoredEvent written, Envelope envelope) {
        DomainEvent<?> read;
        try {
            read = decode(written, 0, envelope);
        } catch (EventDecodingException e) {
            throw new PersistenceException(
                    "Events of type " + event.payload().getClass().getName()
                            + " can be written, and not be read back. Make it and what it holds records, without annotations that leave something out,"
                            + " or give"
                            + " StateFormat.json a module that tells Jackson how to construct them. " + e.getMessage(),
                    e);
        }
        difference(event, read).ifPresent(different -> {
            throw new PersistenceException(
                    "Version " + event.originatorVersion() + " of " + event.originatorId() + " in application "
                            + application
                            + " would not come back as it is saved: " + written.topic() + describe(different)
                            + ". Declare a type that says what it is, or give StateFormat.json a module that reads what it"
                            + " writes.",
                    null);
        });
    }

    private Optional<Difference> difference(DomainEvent<?> event, DomainEvent<?> read) {
        if (!event.metadata().equals(read.metadata())) {
            return Optional.of(new Difference(" (metadata)", event.metadata(), read.metadata()));
        }
        try {
            return DeepEquality.ofValues(event.payload(), read.payload());
        } catch (InaccessibleObjectException e) {
            // Its module lets Jackson in and not us; what both are written as is compared then.
            return Arrays.equals(plainState(event), plainState(read))
                    ? Optional.empty()
                    : Optional.of(new Difference("", event.payload(), read.payload()));
        }
    }

    /** Shows no values where they are encrypted: they are not for logs. */
    private String describe(Difference different) {
        boolean secret = format.envelope().encrypts();
        String path = secret ? different.path().replaceFirst("(?s)\\[.*", "[]") : different.path();
        return (path.isEmpty() || path.startsWith(" ") ? path : "." + path) + " is saved as "
                + describe(different.one(), secret) + " and read as " + describe(different.other(), secret);
    }

    private static String describe(@Nullable Object value, boolean secret) {
        if (value == null) {
            return "null";
        }
        String type = value.getClass().getName();
        if (secret) {
            return type;
        }
        String text = Thrown.text(value);
        return (text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + ".." : text) + " (" + type + ")";
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
        return decode(event, notificationId, format.envelope());
    }

    private DomainEvent<?> decode(StoredEvent event, long notificationId, Envelope envelope) {
        Class<?> type = topics.typeOf(event.topic())
                .orElseThrow(() -> failure(
                        "the topic is unknown. Was its class renamed? Name the topic as a former one with @Topic. Known"
                                + " topics: " + topics.names().stream().sorted().toList(),
                        event,
                        notificationId,
                        null));
        Envelope.Json json;
        try {
            json = envelope.open(event.state(), StatePlace.of(application, event));
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
            boolean encrypted = Envelope.isEncrypted(event.state())
                    || (envelope == Envelope.PLAIN && format.envelope().encrypts());
            boolean secret = encrypted && !(e instanceof InvalidDefinitionException);
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
                        .map(EventCodec::component)
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining())
                : "";
        return error.getClass().getSimpleName() + components + where
                + ". As it is encrypted, nothing of it is shown here";
    }

    /** A component on the way to what failed; empty for a key of a map, which is a value, too. */
    private static Optional<String> component(JacksonException.Reference part) {
        Object from = part.from();
        Class<?> type = from instanceof Class<?> known ? known : from == null ? null : from.getClass();
        return type == null || part.getPropertyName() == null || Map.class.isAssignableFrom(type)
                ? Optional.empty()
                : Optional.of(" in '" + part.getPropertyName() + "' of " + type.getName());
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

    /**
     * What is known of a type that is written.
     *
     * @param certain whether its values come back equal by its declarations, so that none needs a check
     * @param tried whether one has been written and read back
     */
    private record TypeTrust(boolean certain, AtomicBoolean tried) {}
}
