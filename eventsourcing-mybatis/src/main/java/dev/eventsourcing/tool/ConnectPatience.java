package dev.eventsourcing.tool;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import java.time.Duration;

/** Tries to reach databases again for a while, all of a run together: a pipeline may start them beside it. Used by one thread. */
final class ConnectPatience {
    private static final Duration DEFAULT = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 250;

    private final Duration atMost;
    private final Console console;
    private final long begun = System.nanoTime();

    /**
     * Begins.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if what was asked for is no time
     */
    ConnectPatience(ToolOptions options, Console console) {
        this.atMost = options.duration(ToolOptions.CONNECT_PATIENCE).orElse(DEFAULT);
        this.console = console;
    }

    /** Asks until there is a connection. Throws what was thrown last; rejected credentials, and all else, at once. */
    void until(Runnable asking) {
        boolean told = false;
        while (true) {
            try {
                asking.run();
                return;
            } catch (CannotConnectException e) {
                if (!e.isTransient() || System.nanoTime() - begun >= atMost.toNanos()) {
                    throw e;
                }
                if (!told) {
                    console.warn(e.getMessage() + " This is tried again, for " + atMost.toMillis() + " ms at most.");
                    told = true;
                }
                pause(e);
            }
        }
    }

    private static void pause(CannotConnectException failed) {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventSourcingException("Interrupted while waiting for the database", failed);
        }
    }
}
