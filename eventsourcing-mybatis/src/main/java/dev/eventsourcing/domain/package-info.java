/** Aggregates, the events that are their state, and the topics under which events are stored. */
@NullMarked
package dev.eventsourcing.domain;

import org.jspecify.annotations.NullMarked;
