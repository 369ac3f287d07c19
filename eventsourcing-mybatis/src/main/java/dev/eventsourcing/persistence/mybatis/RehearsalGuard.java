package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.RehearsalLostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over a rehearsal, from a thread of its own: asks the server every {@value #INTERVAL_MS} ms who waits for what the rehearsal
 * has locked, and ends its transaction once somebody has waited long enough.
 */
final class RehearsalGuard {
    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);
    private static final long INTERVAL_MS = 50;

    /** How long nobody may be able to ask. */
    private static final Duration LONGEST_BLINDNESS = Duration.ofSeconds(10);

    private final Duration yieldsAfter;
    private final Supplier<Iterable<Waiting>> question;
    private final Runnable end;
    private final Runnable keepEnded;
    private final Map<Waiting, Long> since = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread guard = new Thread(work, "eventsourcing-dry-run-guard");
        guard.setDaemon(true);
        return guard;
    });
    private long lastAnswer = System.nanoTime();
    private volatile @Nullable String gaveUp;

    /**
     * Makes a guard.
     *
     * @param question asks who waits
     * @param end ends the rehearsal's transaction
     * @param keepEnded done again and again from then on
     */
    RehearsalGuard(Duration yieldsAfter, Supplier<Iterable<Waiting>> question, Runnable end, Runnable keepEnded) {
        this.yieldsAfter = yieldsAfter;
        this.question = question;
        this.end = end;
        this.keepEnded = keepEnded;
    }

    /**
     * Somebody who waits.
     *
     * @param who for people
     * @param what what for
     * @param since tells this wait from an earlier one; may be empty
     */
    record Waiting(String who, String what, String since) {}

    /** Asks a first time, so that it is sure that one can, and goes on. */
    void start() {
        try {
            thread.submit(this::ask).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RehearsalLostException("Interrupted at the beginning of a rehearsal", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new RehearsalLostException(
                    "A dry run needs a second connection, on which it asks whether others wait for it: "
                            + DatabaseErrors.translate("Asking", cause).getMessage(),
                    cause);
        }
        long pause = Math.min(INTERVAL_MS, Math.max(1, yieldsAfter.toMillis() / 2));
        thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
    }

    /** Throws if it has given up. */
    void requireGoingOn() {
        String reason = gaveUp;
        if (reason != null) {
            throw new RehearsalLostException(reason, null);
        }
    }

    /** Takes note of an error that makes no difference any more. */
    void note(Throwable e) {
        LOG.debug("After a dry run: {}", Thrown.message(e), Thrown.readable(e));
    }

    /** Whoever gets the connection next must not be ended in its place, be this thread interrupted or not. */
    void close() {
        thread.shutdown();
        long until = System.nanoTime() + LONGEST_BLINDNESS.toNanos();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended && System.nanoTime() < until) {
            try {
                ended = thread.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (!ended) {
            LOG.warn("The watch over a rehearsal does not end: the database does not answer.");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        if (thread.isShutdown()) {
            return;
        }
        try {
            if (gaveUp == null) {
                ask();
            } else {
                keepEnded.run();
            }
        } catch (Exception e) {
            note(e);
            if (gaveUp == null && System.nanoTime() - lastAnswer > LONGEST_BLINDNESS.toNanos()) {
                giveUp("The dry run was given up: for " + LONGEST_BLINDNESS.toSeconds()
                        + " s it could not ask whether others wait for it. " + DatabaseErrors.firstLine(e));
            }
        }
    }

    private void ask() {
        Iterable<Waiting> waiting = question.get();
        long now = System.nanoTime();
        lastAnswer = now;
        Map<Waiting, Long> before = new HashMap<>(since);
        since.clear();
        for (Waiting each : waiting) {
            long begun = before.getOrDefault(each, now);
            since.put(each, begun);
            if (now - begun >= yieldsAfter.toNanos()) {
                giveUp("The dry run was given up, as " + each.who + " has waited more than " + yieldsAfter.toMillis()
                        + " ms for " + each.what
                        + ", which a policy in it has locked. Nothing of it stays. Run it when fewer"
                        + " write there, for fewer followers or events, or let it yield later.");
                return;
            }
        }
    }

    private void giveUp(String reason) {
        gaveUp = reason;
        try {
            end.run();
        } catch (Exception e) {
            LOG.warn(
                    "The transaction of a dry run could not be ended from outside; it ends with its next statement.",
                    e);
        }
    }
}
