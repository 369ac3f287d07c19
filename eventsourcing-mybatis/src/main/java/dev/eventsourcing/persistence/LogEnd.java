package dev.eventsourcing.persistence;

/**
 * Where a log ends.
 *
 * @param readable the highest id that readers may be given now; 0 if there is none
 * @param recorded the highest id that is recorded; above the readable one while an append that began earlier is open, which
 *     may yet record an id below
 */
public record LogEnd(long readable, long recorded) {
    /** Whether readers may be given all that is recorded. */
    public boolean isSettled() {
        return readable == recorded;
    }
}
