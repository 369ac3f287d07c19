package dev.eventsourcing.system;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.FailureKind;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.OutcomeUnknownException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.RehearsalLostException;
import dev.eventsourcing.persistence.TrackingConflictException;

/** A call of a follower's policy. What is logged meanwhile has in its MDC whose it is, and about which event. */
final class PolicyCall {
    private PolicyCall() {}

    /** Gives an event to the policy; called in a batch. */
    static void of(Follower follower, Upstream upstream, Notification notification) {
        try (LogContext named = LogContext.put(LogContext.FOLLOWER, follower.name());
                LogContext behind = LogContext.put(LogContext.LEADER, upstream.leader());
                LogContext at = LogContext.put(LogContext.NOTIFICATION_ID, Long.toString(notification.id()))) {
            if (Rehearsal.isOn()) {
                // Keeps nobody from processing.
                call(follower, upstream, notification);
            } else {
                working(follower, upstream, notification);
            }
        }
    }

    /** Lets health checks see the call. One thread at a time is here, as it holds the follower's lock. */
    private static void working(Follower follower, Upstream upstream, Notification notification) {
        follower.atWork(new WorkingPolicy(follower, upstream.leader(), notification));
        try {
            call(follower, upstream, notification);
        } finally {
            follower.atWork(null);
        }
    }

    private static void call(Follower follower, Upstream upstream, Notification notification) {
        DomainEvent<?> event = upstream.codec().decode(notification);
        ProcessingEvent processing = new ProcessingEvent(upstream.leader(), notification.id(), event, follower);
        try {
            follower.policy(event, processing);
        } catch (RehearsalLostException e) {
            throw e;
        } catch (TrackingConflictException | CannotConnectException | OutcomeUnknownException e) {
            // Those of a policy are not about our position and our connection.
            throw failed(e);
        } catch (Exception e) {
            if (e instanceof PersistenceException ours && ours.failureKind() == FailureKind.MOMENT) {
                throw failed(ours);
            }
            // A mapper's lock that was not free in time is tried again as ours are.
            PersistenceException passing = follower.transactions().passing(e).orElse(null);
            if (passing != null) {
                throw failed(passing);
            }
            throw e;
        } finally {
            processing.end();
        }
    }

    private static EventSourcingException failed(EventSourcingException cause) {
        return new EventSourcingException("Its policy failed: " + cause.getMessage(), cause);
    }
}
