package dev.eventsourcing.tool;

/**
 * The end of a run.
 *
 * @param code how it ended
 * @param message the one error to show; empty if it ended well
 * @param skipped whether there was nothing to run with, and need not be
 * @param parked how many events followers have put aside
 */
record Outcome(ExitCode code, String message, boolean skipped, long parked) {
    static final Outcome FINE = new Outcome(ExitCode.FINE, "");
    static final Outcome SKIPPED = new Outcome(ExitCode.FINE, "", true, 0);

    /** What others said may quote a URL. */
    Outcome {
        message = JdbcUrls.masked(message);
    }

    Outcome(ExitCode code, String message) {
        this(code, message, false, 0);
    }

    /** The same of a run in which followers have put so many events aside. */
    Outcome parked(long events) {
        return new Outcome(code, message, skipped, events);
    }
}
