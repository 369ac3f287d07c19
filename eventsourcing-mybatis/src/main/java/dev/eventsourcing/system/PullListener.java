package dev.eventsourcing.system;

/** Hears how a pull goes on. */
interface PullListener {
    /** So many events more were processed, and their effects committed. */
    void processed(String leader, long events);
}
