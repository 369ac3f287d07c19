package dev.eventsourcing.domain;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An immutable state at a version: what a repository with a {@link Projector} gives. Commands are functions of the state that
 * return events; {@link #then} makes of these what an application saves.
 *
 * <pre>{@code
 * Versioned<Account> account = accounts.get(id);
 * save(account.then(account.state().deposit(100)));
 * }</pre>
 *
 * <p>Equal to another with the same id, version and state. Immutable if the state is.
 *
 * @param <S> the type of the state
 */
public final class Versioned<S> {
    private final UUID id;
    private final long version;
    private final S state;
    private final @Nullable DomainEvent<?> unconfirmed;

    /** A state, which is that of an originator at a version. */
    public Versioned(UUID id, long version, S state) {
        this(id, version, state, null);
    }

    private Versioned(UUID id, long version, S state, @Nullable DomainEvent<?> unconfirmed) {
        this.id = Objects.requireNonNull(id, "id");
        this.version = version;
        this.state = Objects.requireNonNull(state, "state");
        this.unconfirmed = unconfirmed;
    }

    /** What identifies the originator in its application. */
    public UUID id() {
        return id;
    }

    /** The version of the last event that led to the state. */
    public long version() {
        return version;
    }

    /** The state; not null. */
    public S state() {
        return state;
    }

    /** What happens to this version now: the payloads of the next events, in order, or none. To be saved. */
    public NewEvents then(Object... payloads) {
        return then(List.of(payloads));
    }

    /** The same for a command that returns its events as a list. */
    public NewEvents then(Collection<?> payloads) {
        return NewEvents.after(this, payloads);
    }

    /** The same state, read in a transaction that may yet be rolled back, together with the last event that was read. */
    public Versioned<S> readInDoubt(DomainEvent<?> lastEvent) {
        return new Versioned<>(id, version, state, lastEvent);
    }

    /** The last event, while nobody knows whether the transaction in which it was read was committed. */
    public Optional<DomainEvent<?>> unconfirmedEvent() {
        return Optional.ofNullable(unconfirmed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Versioned<?> that
                && id.equals(that.id)
                && version == that.version
                && state.equals(that.state);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, version, state);
    }

    /** As a record would say it. */
    @Override
    public String toString() {
        return "Versioned[id=" + id + ", version=" + version + ", state=" + state + "]";
    }
}
