package dev.eventsourcing.system;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.Transactions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A leader, as one follower sees it.
 *
 * @param leader its name
 * @param transactions those that its log is read in
 * @param log what it recorded
 * @param codec what reads its events
 * @param declared the topics that the follower declared; null for all
 */
record Upstream(
        String leader,
        Transactions transactions,
        NotificationLog log,
        EventCodec codec,
        @Nullable Topics declared) {
    /** The topics to read; empty for all. */
    Set<String> filter() {
        return declared == null ? Set.of() : declared.names();
    }
}
