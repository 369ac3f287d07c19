/** What followers do, as meters of Micrometer, which is an optional dependency: nothing else knows of it. */
@NullMarked
package dev.eventsourcing.micrometer;

import org.jspecify.annotations.NullMarked;
