/** Recorders that keep everything in memory: the readable specification of the others, and quick tests for users. */
@NullMarked
package dev.eventsourcing.persistence.memory;

import org.jspecify.annotations.NullMarked;
