package dev.eventsourcing.tool;

/**
 * The end of a run.
 *
 * @param code how it ended
 * @param message the one error to show; empty if it ended well
 * @param skipped whether there was nothing to run with, and need not be
 */
record Outcome(ExitCode code, String message, boolean skipped) {
    static final Outcome FINE = new Outcome(ExitCode.FINE, "");
    static final Outcome SKIPPED = new Outcome(ExitCode.FINE, "", true);

    Outcome(ExitCode code, String message) {
        this(code, message, false);
    }
}
