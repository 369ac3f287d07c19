@org.jspecify.annotations.NullMarked
package dev.eventsourcing.micrometer;
