package dev.eventsourcing.system;

/**
 * How far a pass has come.
 *
 * @param reached the follower's position
 * @param target where the log ended when the pass began
 * @param processed how many events were processed
 * @param waits whether what is left cannot be read yet, as an append is open that may record something below
 */
record Progress(long reached, long target, long processed, boolean waits) {
    /** Whether all was processed that was recorded when the pass began. */
    boolean isComplete() {
        return reached >= target;
    }
}
