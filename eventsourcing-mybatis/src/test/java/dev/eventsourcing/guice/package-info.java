/** What a user of Guice writes to run a system of injected applications. */
package dev.eventsourcing.guice;
