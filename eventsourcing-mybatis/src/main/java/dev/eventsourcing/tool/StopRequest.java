package dev.eventsourcing.tool;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of this process when somebody wishes it. While the run works, it is asked to end, and gets a while to bring its batch to an
 * end, close its connections and say where it stands; only then does the JVM shut down. Were it shut down at once, an embedded
 * database would close beneath the batch. Before the run works, and when it does not end in time, the process ends all the
 * same: then the database rolls back what was not committed. Safe for use by several threads.
 */
final class StopRequest {
    /** How long the run may take to end, in ms. */
    private static final long PATIENCE_MS = 10_000;

    /** How long shutdown hooks of the program may take after that, in ms. */
    private static final long HOOKS_MS = 3_000;

    private final CountDownLatch ended = new CountDownLatch(1);
    private Consumer<String> told = word -> {};
    private Consumer<String> lastWord = word -> {};
    private @Nullable String by;
    private boolean works;

    /**
     * Says where to say something.
     *
     * @param whenMade is told that the request was heard, for people who wait
     * @param whenGivenUp is given the last word of a run that cannot say it, because it does not end
     */
    synchronized void tell(Consumer<String> whenMade, Consumer<String> whenGivenUp) {
        this.told = whenMade;
        this.lastWord = whenGivenUp;
    }

    /** Makes signals that end processes requests, as far as the JVM lets them be caught; others end it as ever. */
    void madeBySignals() {
        List.of("TERM", "INT", "HUP").forEach(name -> Signals.catching(name, () -> make("SIG" + name)));
    }

    /** What each piece of work asks that can end early. */
    synchronized boolean isMade() {
        return by != null;
    }

    /** By what; empty if it is not made. */
    synchronized Optional<String> by() {
        return Optional.ofNullable(by);
    }

    /** From now on the run is asked to end, and waited for. If it was to end already, this does not return. */
    void works() {
        synchronized (this) {
            works = true;
            if (by == null) {
                return;
            }
        }
        awaitTheEnd();
    }

    /**
     * The run has an outcome, and the process ends by itself. A run that was to end does not end well, even if it had done all: who
     * stopped it is not to take it for one that nobody has stopped.
     */
    Outcome ended(Outcome outcome) {
        String stopped;
        boolean waitedFor;
        synchronized (this) {
            ended.countDown();
            if (by == null) {
                return outcome;
            }
            stopped = by;
            waitedFor = works;
        }
        if (!waitedFor) {
            awaitTheEnd();
        }
        return outcome.code() == ExitCode.FINE
                ? new Outcome(
                        ExitCode.PARTIAL, "Stopped by " + stopped + ", when it had done all that it was asked for.")
                : outcome;
    }

    /** Makes the request, once. */
    void make(String source) {
        boolean mayEnd;
        synchronized (this) {
            if (by != null) {
                return;
            }
            by = source;
            mayEnd = works || ended.getCount() == 0;
            if (mayEnd) {
                told.accept("Stopping for " + source + ", with the batch in hand.");
            }
        }
        Thread end = new Thread(() -> end(mayEnd), "eventsourcing-end");
        // It still runs when the JVM shuts down.
        end.setDaemon(true);
        end.start();
    }

    private void end(boolean mayEnd) {
        try {
            if (!mayEnd || !ended.await(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                giveUp(mayEnd);
            }
            // Who waits here is halted below.
            new CountDownLatch(1).await(HOOKS_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.PARTIAL.number());
    }

    private synchronized void giveUp(boolean worked) {
        lastWord.accept("Stopped by " + by
                + (worked
                        ? ". The batch in hand has not ended within " + PATIENCE_MS / 1000
                                + " s, and is rolled back. What was committed before it stays. Run it again to go on."
                        : ", before anything was done."));
        Thread exit = new Thread(() -> System.exit(ExitCode.PARTIAL.number()), "eventsourcing-exit");
        exit.setDaemon(true);
        exit.start();
    }

    /** Keeps the run from doing anything more while the process ends. */
    private static void awaitTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
