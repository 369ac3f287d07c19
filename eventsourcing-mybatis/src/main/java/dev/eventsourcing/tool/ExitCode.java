package dev.eventsourcing.tool;

/** How a run ended, for scripts. */
enum ExitCode {
    /** All is well. */
    FINE(0),
    /** What was asked for was looked at, and the answer is no: all selected followers failed, or tables are missing. */
    FINDINGS(1),
    /** Something was asked for that does not exist or makes no sense. */
    USAGE(2),
    /** The database cannot be reached. */
    CANNOT_CONNECT(3),
    /** Some of it was done, some failed. */
    PARTIAL(4);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
