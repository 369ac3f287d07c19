package dev.eventsourcing.persistence;

import java.util.List;

/**
 * What a migration would do. Nothing was changed to find out.
 *
 * @param database the product and where it is, without credentials
 * @param schema the schema that holds the tables, or would
 * @param version the version that the tables have; 0 if there are none
 * @param pending the migrations that are not applied yet, oldest first, each as its version and what it does; after them, a
 *     change of how the log is ordered, if one was asked for. Empty if there is nothing to do
 * @param script the statements that would be run, in their order, as a script that does the same; empty if there is nothing to do
 */
public record MigrationPlan(String database, String schema, String version, List<String> pending, String script) {
    /** Copies the list. */
    public MigrationPlan {
        pending = List.copyOf(pending);
    }
}
