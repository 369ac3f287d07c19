/** The log of an application for other programs: served as JSON over HTTP, and read there as any other log. */
@NullMarked
package dev.eventsourcing.remote;

import org.jspecify.annotations.NullMarked;
