/**
 * For tests, and for no test framework: what recorders of any make must do, as cases that can be run, and scenarios for
 * aggregates and policies.
 */
@NullMarked
package dev.eventsourcing.testing;

import org.jspecify.annotations.NullMarked;
