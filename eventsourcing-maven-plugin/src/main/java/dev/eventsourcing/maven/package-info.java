/**
 * The goals. Each builds a request, has a JVM of its own do the work on the project's class path, and shows what comes back.
 */
@NullMarked
package dev.eventsourcing.maven;

import org.jspecify.annotations.NullMarked;
