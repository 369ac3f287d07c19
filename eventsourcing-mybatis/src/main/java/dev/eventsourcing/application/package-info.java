/** Applications: aggregates are saved together and read back, and what was recorded is one log. */
@NullMarked
package dev.eventsourcing.application;

import org.jspecify.annotations.NullMarked;
