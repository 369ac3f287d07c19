package dev.eventsourcing.system;

import dev.eventsourcing.domain.EventSourcingException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the threads of a runner to end, all of them together within one deadline. Those that do not are left, not interrupted: an
 * embedded database does not survive the interruption of a thread that works in it. What they have in hand they still finish, or
 * the database rolls it back when the process ends.
 */
final class Stop {
    /** When all of the deadline was needed, others should be able to take over nonetheless. */
    private static final long LEAST_RELEASE_MS = 500;

    private final Duration deadline;
    private final long until;
    private final Errors errors;

    Stop(Duration deadline, Errors errors) {
        this.deadline = deadline;
        this.until = System.nanoTime() + deadline.toNanos();
        this.errors = errors;
    }

    void await(List<Worker> workers, List<Watch> watches) {
        try {
            for (Worker worker : workers) {
                // A policy that stops its own runner does not wait for itself.
                boolean own = worker.rounds().thread() == Thread.currentThread();
                if (own || !worker.rounds().join(left())) {
                    errors.add(notEnded(worker));
                }
            }
            for (Watch watch : watches) {
                if (!watch.rounds().join(left())) {
                    errors.add(new EventSourcingException("Thread "
                            + watch.rounds().thread().getName()
                            + " has not ended within " + deadline.toMillis() + " ms. It is in "
                            + where(watch.rounds().thread())
                            + ". Does the database answer?"));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            errors.add(new EventSourcingException("Interrupted while waiting for the followers to stop", e));
        }
    }

    /** Waits while leases are given back, a moment at least; whether that is done. */
    boolean awaitReleased(Thread releasing) {
        long least = TimeUnit.MILLISECONDS.toNanos(LEAST_RELEASE_MS);
        try {
            TimeUnit.NANOSECONDS.timedJoin(releasing, Math.max(least, left().toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !releasing.isAlive();
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    }

    private EventSourcingException notEnded(Worker worker) {
        List<String> names =
                worker.runs().stream().map(run -> run.follower().name()).toList();
        return new EventSourcingException("Followers " + names + " have not stopped within " + deadline.toMillis()
                + " ms: a policy is in " + where(worker.rounds().thread())
                + ". Its batch is committed, or rolled back, when it ends; nothing is lost.");
    }

    private static String where(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "its last statement" : stack[0].toString();
    }
}
