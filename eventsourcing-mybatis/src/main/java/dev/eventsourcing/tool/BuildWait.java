package dev.eventsourcing.tool;

import dev.eventsourcing.domain.EventSourcingException;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits a bounded time for another build that compiles the same module: it empties the folder of classes for a moment, so that a
 * runner is not found, or not all of it. Used by one thread.
 */
final class BuildWait {
    /** For who sees no other build: nothing is waited for. */
    static final BuildWait NONE = new BuildWait(Console.MUTE, false, Duration.ZERO);

    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 100;

    private final Console console;
    private final boolean sees;
    private final Duration atMost;
    private long begun;
    private Optional<String> lastSeen = Optional.empty();

    private BuildWait(Console console, boolean sees, Duration atMost) {
        this.console = console;
        this.sees = sees;
        this.atMost = atMost;
    }

    /** Tells what is waited for. */
    static BuildWait telling(Console console) {
        return telling(console, AT_MOST);
    }

    static BuildWait telling(Console console, Duration atMost) {
        return new BuildWait(console, true, atMost);
    }

    /**
     * Waits a little if it looks as if a build were at work; false if it does not, or has for as long as is waited.
     *
     * @param emptyToo whether a folder without classes is one that a build has emptied, however long ago
     * @throws EventSourcingException if the thread is interrupted
     */
    boolean mayChange(ProgramClasses classes, boolean emptyToo) {
        Optional<String> change = sees ? classes.change(emptyToo) : Optional.empty();
        if (change.isEmpty()) {
            return false;
        }
        if (lastSeen.isEmpty()) {
            begun = System.nanoTime();
            // No warning: it may be this build that has just compiled it.
            console.info("Folder " + change.get()
                    + ". Another build may just be compiling this module, so its classes are looked" + " at again, for "
                    + atMost.toSeconds() + " s at most.");
        }
        lastSeen = change;
        if (System.nanoTime() - begun >= atMost.toNanos()) {
            return false;
        }
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventSourcingException("Interrupted while waiting for the classes of this module", e);
        }
        return true;
    }

    /** What to add to a message that misses a class: nothing, unless it looks as if a build were at work, or has. */
    String hint(ProgramClasses classes) {
        Optional<String> change =
                sees ? classes.change(true).or(classes::missingFolder).or(() -> lastSeen) : Optional.empty();
        return change.map(words -> System.lineSeparator() + "  Folder " + words
                        + ". Another build may just be compiling this module: run the goal again when that has ended.")
                .orElse("");
    }
}
