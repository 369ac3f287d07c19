package dev.eventsourcing.system;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** A value in the MDC of this thread; closing it puts the former one back. */
final class LogContext implements AutoCloseable {
    /** The name of the follower that is at work. */
    static final String FOLLOWER = "follower";

    /** The name of the leader whose log it is at. */
    static final String LEADER = "leader";

    /** The place of the event in that log. */
    static final String NOTIFICATION_ID = "notificationId";

    private final String key;
    private final @Nullable String former;

    private LogContext(String key, String value) {
        this.key = key;
        this.former = MDC.get(key);
        MDC.put(key, value);
    }

    static LogContext put(String key, String value) {
        return new LogContext(key, value);
    }

    @Override
    public void close() {
        if (former == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, former);
        }
    }
}
