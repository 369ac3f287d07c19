/** Databases for tests, each fresh and alone. */
package dev.eventsourcing.testsupport;
