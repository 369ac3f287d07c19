package dev.eventsourcing.system;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Recordable;
import dev.eventsourcing.persistence.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The processing of one event by a policy: takes what came of it, to be recorded together with the follower's position. Used
 * by the thread that calls the policy, and only until the policy returns.
 */
public final class ProcessingEvent {
    private final String leader;
    private final long notificationId;
    private final Map<String, String> causation;
    private final Follower follower;
    private boolean open = true;

    ProcessingEvent(String leader, long notificationId, DomainEvent<?> cause, Follower follower) {
        this.follower = follower;
        this.leader = leader;
        this.notificationId = notificationId;
        this.causation = Map.of(
                DomainEvent.CORRELATION_ID,
                Objects.requireNonNullElse(
                        cause.metadata().get(DomainEvent.CORRELATION_ID), leader + "/" + notificationId),
                DomainEvent.CAUSATION_LEADER,
                leader,
                DomainEvent.CAUSATION_NOTIFICATION_ID,
                Long.toString(notificationId));
    }

    /** The application that recorded the event. */
    public String leader() {
        return leader;
    }

    /** The event's place in the leader's log. */
    public long notificationId() {
        return notificationId;
    }

    /**
     * Takes what has happened to aggregates of the follower's own, and events that stand alone, instead of a save; repositories
     * give the aggregates as they are then. Each event's metadata is given the causing event and its correlation.
     *
     * @throws dev.eventsourcing.domain.UnusableAggregateException if one is unusable
     * @throws dev.eventsourcing.persistence.RecordConflictException if one was saved in a transaction that was rolled back
     * @throws ConfigurationException if the policy has returned, or was called by another thread
     */
    public void collect(Recordable... changed) {
        if (!open) {
            throw new ConfigurationException("The processing of notification " + notificationId + " of " + leader
                    + " has ended. Collect aggregates within the policy.");
        }
        Batch batch = follower.recorder()
                .batch()
                .orElseThrow(
                        () -> new ConfigurationException(
                                "Notification " + notificationId + " of " + leader
                                        + " is processed by another thread. Collect aggregates on the thread that the policy was called by."));
        for (Recordable recordable : changed) {
            if (recordable instanceof Aggregate<?> aggregate) {
                collect(aggregate, batch);
            } else if (recordable instanceof NewEvents newEvents) {
                follower.check(newEvents.unconfirmedEvent().filter(before -> !batch.endsWith(before)));
                collect(newEvents.events(), batch);
            } else if (recordable instanceof DomainEvent<?> event) {
                collect(List.of(event), batch);
            }
        }
    }

    private void collect(Aggregate<?> aggregate, Batch batch) {
        try {
            if (!batch.holders().contains(aggregate)) {
                follower.check(aggregate.unconfirmedEvent());
            }
            collectEvents(aggregate, batch);
        } catch (Throwable e) {
            // A policy that catches this must not go on with events that will never be recorded.
            aggregate.markUnusable(e);
            throw e;
        }
    }

    private <E> void collectEvents(Aggregate<E> aggregate, Batch batch) {
        List<DomainEvent<?>> caused = new ArrayList<>();
        List<StoredEvent> encoded = new ArrayList<>();
        for (DomainEvent<E> event : aggregate.collectEvents()) {
            DomainEvent<E> withCause = event.withMetadata(causation);
            caused.add(withCause);
            encoded.add(follower.codec().encode(withCause));
            // So that a check in a later batch of a dry run finds it as it is recorded.
            aggregate.doubtRecorded(withCause);
        }
        // From here on the policy reads the aggregate as it is now.
        batch.collect(aggregate, caused, encoded);
    }

    private void collect(List<? extends DomainEvent<?>> events, Batch batch) {
        List<DomainEvent<?>> caused = new ArrayList<>();
        List<StoredEvent> encoded = new ArrayList<>();
        for (DomainEvent<?> event : events) {
            DomainEvent<?> withCause = event.withMetadata(causation);
            caused.add(withCause);
            encoded.add(follower.codec().encode(withCause));
        }
        // All of a command or, if a policy catches an error, nothing of it.
        for (int i = 0; i < caused.size(); i++) {
            batch.collect(caused.get(i), encoded.get(i));
        }
    }

    /** Ends the processing: nothing is taken any more. */
    void end() {
        open = false;
    }
}
