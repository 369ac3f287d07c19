/** What a user of Spring writes to let recorders take part in its transactions. */
package dev.eventsourcing.spring;
