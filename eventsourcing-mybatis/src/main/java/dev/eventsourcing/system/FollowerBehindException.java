package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A follower has not processed a notification that somebody waited for: not in time, or it has parked it. */
public final class FollowerBehindException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final String follower;
    private final String leader;
    private final long notificationId;
    private final @Nullable Long position;
    private final boolean parked;

    FollowerBehindException(
            String message,
            String follower,
            String leader,
            long notificationId,
            @Nullable Long position,
            boolean parked) {
        super(message);
        this.follower = follower;
        this.leader = leader;
        this.notificationId = notificationId;
        this.position = position;
        this.parked = parked;
    }

    /** The follower's name. */
    public String follower() {
        return follower;
    }

    /** The name of the application that recorded the notification. */
    public String leader() {
        return leader;
    }

    /** What was waited for, in the leader's log. */
    public long notificationId() {
        return notificationId;
    }

    /** How far the follower had come in the leader's log; empty if it had processed nothing of it. */
    public OptionalLong position() {
        return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    }

    /** Whether the follower has put the notification aside, so that waiting longer is in vain. */
    public boolean isParked() {
        return parked;
    }
}
