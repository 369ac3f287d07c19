package dev.eventsourcing.persistence;

import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A stored event cannot be read: its topic is unknown, or its state is not what an event of that topic has. */
public final class EventDecodingException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    private final String application;
    private final UUID originatorId;
    private final long originatorVersion;
    private final String topic;
    private final long notificationId;

    EventDecodingException(
            String what, String application, StoredEvent event, long notificationId, @Nullable Throwable cause) {
        super(
                "Cannot read version " + event.originatorVersion() + " of " + event.originatorId() + " in application "
                        + application + " (topic " + event.topic()
                        + (notificationId == 0 ? "" : ", notification " + notificationId) + "): " + what,
                cause);
        this.application = application;
        this.originatorId = event.originatorId();
        this.originatorVersion = event.originatorVersion();
        this.topic = event.topic();
        this.notificationId = notificationId;
    }

    /** The application that recorded the event. */
    public String application() {
        return application;
    }

    /** The aggregate's id. */
    public UUID originatorId() {
        return originatorId;
    }

    /** The aggregate's version. */
    public long originatorVersion() {
        return originatorVersion;
    }

    /** The name that the event was stored under. */
    public String topic() {
        return topic;
    }

    /** The event's place in the log; empty if it was read as part of its aggregate. */
    public OptionalLong notificationId() {
        return notificationId == 0 ? OptionalLong.empty() : OptionalLong.of(notificationId);
    }
}
