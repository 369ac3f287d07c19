package dev.eventsourcing.persistence;

import java.util.List;

/**
 * What a migration did.
 *
 * @param database the product and where it is, without credentials
 * @param schema the schema that holds the tables
 * @param applied the migrations that were applied, oldest first, each as its version and what it does; empty if none
 * @param version the version that the tables have now
 */
public record MigrationReport(String database, String schema, List<String> applied, String version) {
    /** Copies the list. */
    public MigrationReport {
        applied = List.copyOf(applied);
    }
}
