package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.Position;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A follower could not process an event; nothing of that event's processing was kept, all before it was. Only where a {@link
 * dev.eventsourcing.persistence.TransactionEndedException} is among the causes, it is unknown what was kept of the events of a batch, the
 * first of which is named here; the follower's position is in front of it.
 */
public class EventProcessingException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final String follower;
    private final String leader;
    private final long notificationId;
    private final UUID originatorId;
    private final long originatorVersion;
    private final String topic;
    private final transient @Nullable Position position;

    /** Makes an exception of an event that stands behind a position. */
    EventProcessingException(
            String follower, String leader, Notification notification, @Nullable Position position, Throwable cause) {
        this(
                follower,
                new ParkedEvent(
                        leader,
                        notification.id(),
                        notification.event().originatorId(),
                        notification.event().originatorVersion(),
                        notification.event().topic(),
                        "",
                        0,
                        Instant.EPOCH),
                position,
                cause);
    }

    /** Makes an exception of events that were processed in one transaction, which was ended by other code than the library's. */
    static EventProcessingException ofAnEndedTransaction(
            String follower, String leader, List<Notification> batch, @Nullable Position position, Throwable cause) {
        Notification first = batch.get(0);
        String of = batch.size() == 1
                ? "notification " + first.id() + " has"
                : "notifications " + first.id() + " to "
                        + batch.get(batch.size() - 1).id() + " have";
        return new EventProcessingException(
                follower,
                leader,
                first,
                position,
                new EventSourcingException(
                        "It is unknown which effects " + of + " in the database: " + Thrown.message(cause), cause));
    }

    /** Makes an exception of an event that was put aside. */
    EventProcessingException(String follower, ParkedEvent event, @Nullable Position position, Throwable cause) {
        super(
                follower + " failed to process notification " + event.notificationId() + " of " + event.leader() + " ("
                        + event.topic() + ", version " + event.originatorVersion() + " of " + event.originatorId()
                        + "): " + describe(cause),
                Thrown.readable(cause));
        this.follower = follower;
        this.leader = event.leader();
        this.notificationId = event.notificationId();
        this.originatorId = event.originatorId();
        this.originatorVersion = event.originatorVersion();
        this.topic = event.topic();
        this.position = position;
    }

    /** The same event with another message. */
    EventProcessingException(EventProcessingException failed, String message) {
        super(message, failed);
        this.follower = failed.follower;
        this.leader = failed.leader;
        this.notificationId = failed.notificationId;
        this.originatorId = failed.originatorId;
        this.originatorVersion = failed.originatorVersion;
        this.topic = failed.topic;
        this.position = failed.position;
    }

    /** The follower's name. */
    public final String follower() {
        return follower;
    }

    /** The name of the application that recorded the event. */
    public final String leader() {
        return leader;
    }

    /** The event's place in the leader's log. */
    public final long notificationId() {
        return notificationId;
    }

    /** Whose event it is. */
    public final UUID originatorId() {
        return originatorId;
    }

    /** The version of the event. */
    public final long originatorVersion() {
        return originatorVersion;
    }

    /** The topic of the event. */
    public final String topic() {
        return topic;
    }

    /** The position in front of the event; null for none yet. */
    @Nullable Position position() {
        return position;
    }

    /** The event as it is put aside after so many attempts. */
    ParkedEvent parked(int attempts) {
        Throwable cause = getCause();
        return new ParkedEvent(
                leader,
                notificationId,
                originatorId,
                originatorVersion,
                topic,
                cause == null ? String.valueOf(getMessage()) : describe(cause),
                attempts,
                Instant.EPOCH);
    }

    private static String describe(Throwable cause) {
        String message = Thrown.messageOrNull(cause);
        return message == null ? cause.getClass().getName() : cause.getClass().getSimpleName() + ": " + message;
    }
}
