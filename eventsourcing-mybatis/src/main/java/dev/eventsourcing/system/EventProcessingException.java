package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.Notification;

/** A follower could not process an event; nothing of that event's processing was kept, all before it was. */
public final class EventProcessingException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final String follower;
    private final String leader;
    private final long notificationId;
    private final String topic;

    EventProcessingException(String follower, String leader, Notification notification, Throwable cause) {
        super(
                follower + " failed to process notification " + notification.id() + " of " + leader + " ("
                        + notification.event().topic() + ", version "
                        + notification.event().originatorVersion() + " of "
                        + notification.event().originatorId() + "): " + describe(cause),
                cause);
        this.follower = follower;
        this.leader = leader;
        this.notificationId = notification.id();
        this.topic = notification.event().topic();
    }

    /** The follower's name. */
    public String follower() {
        return follower;
    }

    /** The name of the application that recorded the event. */
    public String leader() {
        return leader;
    }

    /** The event's place in the leader's log. */
    public long notificationId() {
        return notificationId;
    }

    /** The topic of the event. */
    public String topic() {
        return topic;
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null
                ? cause.getClass().getName()
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
