package dev.eventsourcing.persistence.mybatis;

/**
 * How long a migration waits for other processes.
 *
 * @param pauseMs between two tries, where another process works on the same tables, in ms
 * @param lockMs for open appends to end, before the ordering of the log is changed, in ms
 */
record MigrationWaits(long pauseMs, long lockMs) {
    static final MigrationWaits DEFAULT = new MigrationWaits(100, 10_000);
}
