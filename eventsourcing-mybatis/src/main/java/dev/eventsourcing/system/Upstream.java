package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Transactions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A leader, as one follower sees it.
 *
 * @param leader its name
 * @param transactions those that its log is read in
 * @param log what it recorded
 * @param codec what reads the events that the follower is given
 * @param leadersTopics all topics that the leader has; none if it is not of this program
 * @param declared the topics that the follower declared; null for all
 */
record Upstream(
        String leader,
        Transactions transactions,
        NotificationLog log,
        EventCodec codec,
        Topics leadersTopics,
        @Nullable Topics declared) {
    /** A leader as it is seen by a follower that declared these topics of it; null for all. */
    static Upstream of(Application leader, @Nullable Topics declared) {
        EventCodec codec = leader.codec();
        return new Upstream(
                leader.name(),
                leader.transactions(),
                leader.notificationLog(),
                declared == null ? codec : codec.with(declared),
                codec.topics(),
                declared);
    }

    /**
     * A leader of another program, of which nothing is known but its log.
     *
     * @param transactions the follower's: a log that is not read in any has none of its own
     * @param codec reads the events of the topics that the follower declared
     */
    static Upstream of(String leader, NotificationLog log, Transactions transactions, EventCodec codec) {
        return new Upstream(leader, transactions, log, codec, new Topics(), codec.topics());
    }

    /**
     * Leaves out of a selection what the follower has not declared. Where the leader's topics are known, only those pass by: a
     * topic that nobody knows any more, as its class was renamed, is an error and not passed by in silence.
     */
    NotificationSelection filter(NotificationSelection selection) {
        if (declared == null) {
            return selection;
        }
        Set<String> passedBy = new HashSet<>(leadersTopics.names());
        if (passedBy.isEmpty()) {
            return selection.topics(declared.names());
        }
        passedBy.removeAll(declared.names());
        return selection.exceptTopics(passedBy);
    }
}
