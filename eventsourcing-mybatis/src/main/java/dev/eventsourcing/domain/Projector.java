package dev.eventsourcing.domain;

import org.jspecify.annotations.Nullable;

/**
 * How a state comes of the one before and of what happened: the immutable style's only place where state changes, as {@code
 * apply} is that of an {@link Aggregate}. A pure function, used by several threads; it must not change the state it is given.
 *
 * @param <S> the type of the state, which is immutable; best a record
 * @param <E> the type of the events' payloads; best a sealed interface of records
 */
@FunctionalInterface
public interface Projector<S, E> {
    /**
     * The state after an event.
     *
     * @param state the state before; null before the first event, or where the one before gave null
     * @param event what happened
     * @return the state then; null if there is nothing any more, and a repository then finds nothing
     */
    @Nullable S apply(@Nullable S state, E event);
}
