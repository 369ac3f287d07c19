package dev.eventsourcing.domain;

/**
 * What an application can save: an {@link Aggregate} with the events that it has triggered, {@link NewEvents} that the commands
 * of an immutable state have returned, or a {@link DomainEvent} on its own, as those of a log are.
 */
public sealed interface Recordable permits Aggregate, DomainEvent, NewEvents {}
