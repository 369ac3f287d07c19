package dev.eventsourcing.tool;

/**
 * The end of a run.
 *
 * @param code how it ended
 * @param message the one error to show; empty if it ended well
 */
record Outcome(ExitCode code, String message) {
    static final Outcome FINE = new Outcome(ExitCode.FINE, "");
}
