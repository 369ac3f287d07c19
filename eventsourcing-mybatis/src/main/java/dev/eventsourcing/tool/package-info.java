/**
 * The entry point behind the Maven goals, for hosts without Maven too: {@link dev.eventsourcing.tool.EventSourcingTool}.
 */
@NullMarked
package dev.eventsourcing.tool;

import org.jspecify.annotations.NullMarked;
