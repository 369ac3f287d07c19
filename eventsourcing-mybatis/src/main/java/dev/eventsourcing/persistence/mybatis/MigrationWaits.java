package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.PersistenceException;

/**
 * How long a migration waits for other processes.
 *
 * @param pauseMs between two tries, where another process works on the same tables, in ms
 * @param lockMs for open appends to end, before the ordering of the log is changed, in ms
 */
record MigrationWaits(long pauseMs, long lockMs) {
    static final MigrationWaits DEFAULT = new MigrationWaits(100, 10_000);

    /**
     * Waits between two tries.
     *
     * @throws PersistenceException if the thread is interrupted, which it stays
     */
    void pause() {
        try {
            Thread.sleep(pauseMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PersistenceException("Interrupted while another process migrates the same tables", e);
        }
    }
}
