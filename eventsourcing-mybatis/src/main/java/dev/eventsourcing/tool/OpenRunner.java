package dev.eventsourcing.tool;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.system.Runner;

/** A runner that a command works with, and closes: what goes wrong there is told, and hides nothing of what was done. */
final class OpenRunner implements AutoCloseable {
    private final Runner runner;
    private final Console console;

    OpenRunner(Runner runner, Console console) {
        this.runner = runner;
        this.console = console;
    }

    Runner runner() {
        return runner;
    }

    /** Stops a runner that was started where it was made, so that its followers are processed for by one alone. */
    void stop() {
        console.warn(
                "The runner was started where it is made: its followers have processed by themselves before this goal, which"
                        + " stops it, and counts only what was left. Start it in the program's main method instead.");
        try {
            runner.stop();
        } catch (Throwable e) {
            warn("While it ran, or stopped: ", e);
        }
    }

    @Override
    public void close() {
        try {
            runner.close();
        } catch (Throwable e) {
            warn("What was done is done, but the runner did not close as it should: ", e);
        }
    }

    private void warn(String what, Throwable error) {
        console.warn(what + Thrown.message(error));
        for (Throwable further : error.getSuppressed()) {
            console.warn("  and: " + Thrown.message(further));
        }
        console.debug(Thrown.trace(error));
    }
}
