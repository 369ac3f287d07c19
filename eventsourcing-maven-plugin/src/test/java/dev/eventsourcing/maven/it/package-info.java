/** What the scripts of the integration tests in {@code src/it} use: a PostgreSQL server, and a look into databases. */
@NullMarked
package dev.eventsourcing.maven.it;

import org.jspecify.annotations.NullMarked;
