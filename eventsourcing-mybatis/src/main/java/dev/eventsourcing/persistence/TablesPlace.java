package dev.eventsourcing.persistence;

/**
 * Where the tables of recorders are, for people. Immutable.
 *
 * @param database the product and where it is, without credentials, as {@code PostgreSQL 16.4 at jdbc:postgresql://db:5432/school}
 * @param schema the schema that holds the tables, or would
 */
public record TablesPlace(String database, String schema) {
    /** Both, as goals print them. */
    @Override
    public String toString() {
        return database + ", schema " + schema;
    }
}
