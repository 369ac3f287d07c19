package dev.eventsourcing.system;

import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.PersistenceException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The log of a leader is not the one that the position of a follower belongs to: it was put back to an older state, as by a fail-over
 * or a restored backup, events were deleted or changed, or it is that of another application. Nothing is processed, as events would be skipped.
 */
public final class LogMismatchException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    private final String follower;
    private final String leader;
    private final long position;
    private final transient @Nullable LogMark expected;
    private final transient @Nullable LogMark found;
    private final long lastEqual;

    LogMismatchException(
            String message,
            String follower,
            String leader,
            long position,
            @Nullable LogMark expected,
            @Nullable LogMark found,
            long lastEqual) {
        super(message, null);
        this.follower = follower;
        this.leader = leader;
        this.position = position;
        this.expected = expected;
        this.found = found;
        this.lastEqual = lastEqual;
    }

    /** The follower. */
    public String follower() {
        return follower;
    }

    /** The application whose log it is. */
    public String leader() {
        return leader;
    }

    /** The last notification that the follower has processed or passed by. */
    public long position() {
        return position;
    }

    /** The last event at or below the position when it was processed; empty if it was not kept. */
    public Optional<LogMark> expected() {
        return Optional.ofNullable(expected);
    }

    /** The last event at or below the position that the log has now; empty if there is none. */
    public Optional<LogMark> found() {
        return Optional.ofNullable(found);
    }

    /** The highest id whose event is known to be the same as when it was processed; empty if none is. */
    public OptionalLong lastEqual() {
        return lastEqual == 0 ? OptionalLong.empty() : OptionalLong.of(lastEqual);
    }
}
