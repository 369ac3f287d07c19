package dev.eventsourcing.benchmark;

/** What is compared, and how fast we want to be: our operations a second for each of plain JDBC. */
enum Work {
    APPEND_1X1("append-1x1", "append, 1 event, 1 writer", 1.2, "appends/s"),
    APPEND_1X8("append-1x8", "append, 1 event, 8 writers", 1.2, "appends/s"),
    APPEND_10X8("append-10x8", "append, 10 events, 8 writers", 1.2, "appends/s"),
    SAVE_1X8("save-1x8", "save, 1 event of a new aggregate, 8 writers", 1.0, "saves/s"),
    LOAD_1000("load-1000", "load a stream of 1,000 events", 0.8, "streams/s"),
    CATCH_UP("catch-up", "read 100,000 events in order", 0.8, "events/s"),
    FOLLOWER_EACH("follower-each", "follower, a transaction an event", 0.9, "events/s"),
    FOLLOWER_BATCH_100("follower-batch-100", "follower, a transaction 100 events", 0.9, "events/s"),
    /** Has no goal: what it has beside loading, both sides do with Jackson. */
    GET_1000("get-1000", "get an aggregate of 1,000 events", 0, "aggregates/s");

    final String id;
    final String title;
    final double goal;
    final String unit;

    Work(String id, String title, double goal, String unit) {
        this.id = id;
        this.title = title;
        this.goal = goal;
        this.unit = unit;
    }
}
