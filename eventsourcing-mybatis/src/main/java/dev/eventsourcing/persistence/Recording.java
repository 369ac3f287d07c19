package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.DomainEvent;

/**
 * An event that was recorded.
 *
 * @param event the event as it was triggered
 * @param notification the event as it is stored, with its place in the log
 */
public record Recording(DomainEvent<?> event, Notification notification) {}
