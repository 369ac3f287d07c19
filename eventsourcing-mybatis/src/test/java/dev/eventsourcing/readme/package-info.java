/** Examples of the README beside its training school; compiled, and run by a test. */
@NullMarked
package dev.eventsourcing.readme;

import org.jspecify.annotations.NullMarked;
