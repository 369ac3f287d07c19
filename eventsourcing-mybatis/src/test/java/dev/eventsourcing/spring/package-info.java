/** What a user of Spring writes to run a system of beans, and to let recorders take part in its transactions. */
package dev.eventsourcing.spring;
