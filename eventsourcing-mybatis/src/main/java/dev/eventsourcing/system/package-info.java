/** Systems of applications: followers process what leaders record, in the leaders' order, each event once. */
@NullMarked
package dev.eventsourcing.system;

import org.jspecify.annotations.NullMarked;
