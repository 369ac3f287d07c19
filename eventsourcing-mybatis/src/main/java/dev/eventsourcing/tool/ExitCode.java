package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;

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

    /** How a run ends that an error has ended. */
    static ExitCode of(Throwable error) {
        if (error instanceof ConfigurationException) {
            return USAGE;
        }
        return error instanceof CannotConnectException ? CANNOT_CONNECT : FINDINGS;
    }

    int number() {
        return number;
    }
}
