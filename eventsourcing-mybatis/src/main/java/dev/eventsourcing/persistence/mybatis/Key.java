package dev.eventsourcing.persistence.mybatis;

/** The constraints of ours whose violation means that another writer was faster. */
enum Key {
    /** Versions of an aggregate. */
    EVENT("stored_events", "stored_events_version_key"),
    /** Snapshots of an aggregate. */
    SNAPSHOT("snapshots", "snapshots_pkey"),
    /** Positions of a follower. */
    POSITION("notification_tracking", "notification_tracking_pkey"),
    /** Leases of followers. */
    LEASE("follower_leases", "follower_leases_pkey"),
    /** Events that a follower has put aside. */
    PARKED("parked_events", "parked_events_pkey");

    private final String table;
    private final String constraint;

    Key(String table, String constraint) {
        this.table = table;
        this.constraint = constraint;
    }

    String table() {
        return table;
    }

    String constraint() {
        return constraint;
    }
}
