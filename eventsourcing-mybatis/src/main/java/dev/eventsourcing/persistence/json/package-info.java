/**
 * How payloads become JSON and values again, with Jackson. Not API: {@link dev.eventsourcing.persistence.StateFormat} is what
 * users meet.
 */
@NullMarked
package dev.eventsourcing.persistence.json;

import org.jspecify.annotations.NullMarked;
