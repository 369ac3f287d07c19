package dev.eventsourcing.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something with an identity whose state is the sequence of its events.
 *
 * <p>A command checks its arguments and then {@linkplain #trigger triggers} an event; {@link #apply} is the only place
 * where state changes, when an event is triggered and when it is read back. Nothing is stored until the application saves
 * the aggregate.
 *
 * <p>Not safe for use by several threads; each works on an object of its own.
 *
 * @param <E> the type of the events' payloads; best a sealed interface of records
 */
public abstract non-sealed class Aggregate<E> implements Recordable {
    private final UUID id;
    private final long initialVersion;
    private long version;
    private @Nullable Instant createdOn;
    private @Nullable Instant modifiedOn;
    private final List<DomainEvent<E>> pending = new ArrayList<>();
    private @Nullable DomainEvent<E> unconfirmed;
    private @Nullable Failure failure;
    private boolean applying;

    /** Makes an aggregate that nothing has happened to yet, of version 0; its first event has version 1. */
    protected Aggregate(UUID id) {
        this(id, 1);
    }

    /**
     * Makes an aggregate that nothing has happened to yet, whose first event has another version than 1.
     *
     * @param initialVersion the version of the first event; at least 0, and the same for ever
     * @throws ConfigurationException if it is below 0
     */
    protected Aggregate(UUID id, long initialVersion) {
        if (initialVersion < 0) {
            throw new ConfigurationException("Initial version " + initialVersion + " of "
                    + getClass().getName() + " is below 0. Begin with 0 or more.");
        }
        this.id = Objects.requireNonNull(id, "id");
        this.initialVersion = initialVersion;
        this.version = initialVersion - 1;
    }

    /** What identifies this aggregate in its application. */
    public final UUID id() {
        return id;
    }

    /** The version of the last event that was applied; before the first, one below the {@link #initialVersion}. */
    public final long version() {
        return version;
    }

    /** The version that the first event has; normally 1. */
    public final long initialVersion() {
        return initialVersion;
    }

    /** When the first event happened; null before it. */
    public final @Nullable Instant createdOn() {
        return createdOn;
    }

    /** When the last event happened; null before the first. */
    public final @Nullable Instant modifiedOn() {
        return modifiedOn;
    }

    /** Changes the state as the event tells; called once for each event, in order of version. */
    protected abstract void apply(E event);

    /**
     * Lets an event happen now: applies it, and keeps it to be saved. For commands; {@link #apply} must not call it.
     *
     * @throws UnusableAggregateException if an earlier event could not be applied or saved
     */
    protected final void trigger(E event) {
        trigger(event, Instant.now());
    }

    /** Lets an event happen at a given time; for tests and imports. See {@link #trigger(Object)}. */
    protected final void trigger(E event, Instant timestamp) {
        requireUsable();
        if (applying) {
            throw new EventSourcingException(
                    getClass().getName() + ".apply triggers an event. It is called again whenever"
                            + " the aggregate is read, so all that it does is to change state: trigger the event in the command.");
        }
        DomainEvent<E> next = new DomainEvent<>(id, version + 1, timestamp, Map.of(), event);
        mutate(next);
        pending.add(next);
    }

    /** The error for the last branch of an {@code apply} that has no compiler to prove that it names every event. */
    protected final EventSourcingException unknown(E event) {
        return new EventSourcingException(getClass().getName() + ".apply does not know events of type "
                + event.getClass().getName() + ". Add a branch for it.");
    }

    /**
     * Applies an event that happened before; repositories rebuild aggregates with it.
     *
     * @throws OriginatorIdException if the event belongs to another aggregate
     * @throws OriginatorVersionException if it is not the next
     * @throws UnusableAggregateException if an earlier event could not be applied or saved
     */
    public final void mutate(DomainEvent<E> event) {
        requireUsable();
        if (!event.originatorId().equals(id)) {
            throw new OriginatorIdException(id, event.originatorId());
        }
        if (event.originatorVersion() != version + 1) {
            throw new OriginatorVersionException(id, version + 1, event.originatorVersion());
        }
        applying = true;
        try {
            apply(event.payload());
        } catch (Throwable e) {
            failure = new Failure("applying " + event.payload().getClass().getSimpleName() + " to it failed", e);
            throw e;
        } finally {
            applying = false;
        }
        version = event.originatorVersion();
        modifiedOn = event.timestamp();
        if (createdOn == null) {
            createdOn = event.timestamp();
        }
    }

    /**
     * Takes over where a snapshot left off, the rest of whose state was restored; repositories rebuild aggregates with it.
     *
     * @param snapshotVersion the version that the snapshot was taken at
     * @throws OriginatorVersionException if something has happened to this object before
     */
    public final void resume(long snapshotVersion, Instant created, Instant modified) {
        if (createdOn != null || version != initialVersion - 1) {
            throw new OriginatorVersionException(id, initialVersion - 1, version);
        }
        version = snapshotVersion;
        createdOn = created;
        modifiedOn = modified;
    }

    /**
     * Takes the events that were triggered since the last call, oldest first. Called by the application that saves them, and
     * followed by {@link #confirmRecorded} or {@link #markUnusable}; until then {@link #unconfirmedEvent} names the last.
     *
     * @throws UnusableAggregateException if an earlier event could not be applied or saved
     */
    public final List<DomainEvent<E>> collectEvents() {
        requireUsable();
        List<DomainEvent<E>> collected = List.copyOf(pending);
        pending.clear();
        if (!collected.isEmpty()) {
            unconfirmed = collected.get(collected.size() - 1);
        }
        return collected;
    }

    /** Tells that the transaction which recorded the collected events has been committed. */
    public final void confirmRecorded() {
        unconfirmed = null;
    }

    /** The last collected event, while the aggregate is usable and nobody knows whether the transaction was committed. */
    public final Optional<DomainEvent<E>> unconfirmedEvent() {
        return failure == null ? Optional.ofNullable(unconfirmed) : Optional.empty();
    }

    /** Tells that the last event was read in a transaction that may yet be rolled back, together with what was read. */
    public final void doubtRecorded(DomainEvent<E> lastEvent) {
        unconfirmed = lastEvent;
    }

    /** Tells that collected events were not recorded, or perhaps not: what the aggregate holds is not what is recorded, and it is of no
     * more use. */
    public final void markUnusable(Throwable cause) {
        if (failure == null) {
            failure = new Failure("saving its events failed", cause);
        }
    }

    /** Whether commands may be given to it: false for good once an event could not be applied or saved. */
    public final boolean isUsable() {
        return failure == null;
    }

    /** Names it; its state is not shown, as it may be personal. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + " " + id + ", version " + version;
    }

    private void requireUsable() {
        if (failure != null) {
            throw new UnusableAggregateException(id, failure.what(), failure.cause());
        }
    }

    /** Why the aggregate is of no more use. */
    private record Failure(String what, Throwable cause) {}
}
