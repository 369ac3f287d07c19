package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/** A follower's position is not the one that a {@link Tracking} started from: another process has moved it. */
public final class TrackingConflictException extends RecordConflictException {
    private static final long serialVersionUID = 1L;

    private final String leader;
    private final long notificationId;

    /** Makes an exception; the cause may be null. */
    public TrackingConflictException(String message, String leader, long notificationId, @Nullable Throwable cause) {
        super(message, cause);
        this.leader = leader;
        this.notificationId = notificationId;
    }

    /** The application in whose log the position is. */
    public String leader() {
        return leader;
    }

    /** The position that was refused. */
    public long notificationId() {
        return notificationId;
    }
}
