package dev.eventsourcing.persistence;

import org.jspecify.annotations.Nullable;

/** Tables cannot be brought up to date, or must not be; the message says how to go on. Nothing of an event was changed. */
public final class MigrationException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    /** Why it is so. */
    public enum Reason {
        /** The tables were made by a newer version of the library than this one. */
        NEWER_TABLES,
        /** The history does not have what this library applied: a script or the history was changed by somebody. */
        CHANGED_HISTORY,
        /** The user of the connection lacks a right. */
        MISSING_RIGHT,
        /** The schema has other tables with the names of ours. */
        NAMES_TAKEN,
        /** No schema is named, and another one of the search path has the tables. */
        OTHER_SCHEMA,
        /** A migration has failed, now or before. */
        FAILED
    }

    /** Why it is so. */
    private final Reason reason;

    /** The schema that the tables are in, or were to be in. */
    private final String schema;

    /** Makes an exception of what may not pass by itself; the cause may be null. */
    public MigrationException(Reason reason, String schema, String message, @Nullable Throwable cause) {
        this(reason, schema, message, cause, FailureKind.LASTING);
    }

    /** Makes an exception; the cause may be null. */
    public MigrationException(
            Reason reason, String schema, String message, @Nullable Throwable cause, FailureKind kind) {
        super(message, cause, kind);
        this.reason = reason;
        this.schema = schema;
    }

    /** Why it is so. */
    public Reason reason() {
        return reason;
    }

    /** The schema that the tables are in, or were to be in. */
    public String schema() {
        return schema;
    }
}
