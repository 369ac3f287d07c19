package dev.eventsourcing.system;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.FailureKind;
import dev.eventsourcing.persistence.OutcomeUnknownException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RehearsalLostException;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.TransactionEndedException;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a follower that has failed in a leader's log: whether it is tried again, or the follower stops, or parks the
 * event. Counts how often an event was tried. Used by one thread at a time.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final Follower follower;
    private final BackOff pauses;
    private long notificationId;
    private int attempts;

    Recovery(Follower follower, Duration shortest, Duration longest) {
        this.follower = follower;
        this.pauses = new BackOff(shortest, longest);
    }

    /** What is done next. */
    enum Step {
        AGAIN,
        STOP,
        PARK
    }

    /** What is done about an event that could not be processed. */
    Step after(EventProcessingException failed) {
        if (failed.notificationId() != notificationId) {
            notificationId = failed.notificationId();
            attempts = 0;
            pauses.reset();
        }
        attempts++;
        if (isOfAnEndedTransaction(failed)) {
            return Step.STOP;
        }
        FailureKind kind = kindOf(failed);
        // What is about the moment is no event's fault, however long it takes.
        if (kind == FailureKind.MOMENT || kind == FailureKind.PASSING && attempts < follower.attempts()) {
            return Step.AGAIN;
        }
        return follower.failureAction() == FailureAction.PARK && !(failed.getCause() instanceof Error)
                ? Step.PARK
                : Step.STOP;
    }

    /**
     * Whether a failure in a transaction of ours is about our position, our connection, our ending or a listener, whichever event was at hand. Such
     * failures of a policy's own are named otherwise, see {@link PolicyCall}.
     */
    static boolean isNoEventsFault(Throwable failed) {
        return failed instanceof TrackingConflictException
                || failed instanceof CannotConnectException
                || failed instanceof OutcomeUnknownException
                || failed instanceof RehearsalLostException
                || failed instanceof PersistenceException persistence && persistence.failureKind() == FailureKind.MOMENT
                || failed instanceof Budget.GivenUp
                || failed instanceof ListenerFailedException;
    }

    /**
     * Whether a failure comes of an interruption of this thread: an {@link InterruptedException} is among its causes, or the policy has
     * set the interrupt flag again.
     */
    static boolean isInterruption(Throwable failed) {
        return Thrown.isInterruption(failed) || Thread.currentThread().isInterrupted();
    }

    /** Whether other code than the library's has ended the transaction: what was done in it may be there, so nothing is done again. */
    static boolean isOfAnEndedTransaction(Throwable failed) {
        return Thrown.first(failed, TransactionEndedException.class).isPresent();
    }

    /** What is done about a failure that no event is named for. */
    Step after(Throwable failed) {
        return !isOfAnEndedTransaction(failed)
                        && (kindOf(failed) != FailureKind.LASTING || failed instanceof OutcomeUnknownException)
                ? Step.AGAIN
                : Step.STOP;
    }

    /** How often the event was tried that failed last. */
    int attempts() {
        return attempts;
    }

    /** How long to wait before the next try. */
    Duration pause() {
        return pauses.next();
    }

    /** Takes note that it went on. */
    void passed() {
        attempts = 0;
        notificationId = 0;
        pauses.reset();
    }

    /** What a failure is about: as the follower's {@link RetryPolicy} says, whose exceptions change nothing. */
    FailureKind kindOf(Throwable failed) {
        Throwable failure =
                failed instanceof EventProcessingException && failed.getCause() != null ? failed.getCause() : failed;
        FailureKind proposed = proposedFor(failed);
        try {
            return Objects.requireNonNull(follower.retryPolicy().kindOf(failure, proposed));
        } catch (Throwable e) {
            LOG.warn(
                    "The retry policy of {} failed; the failure is taken as {}: {}",
                    follower.name(),
                    proposed,
                    Thrown.message(e),
                    Thrown.readable(e));
            return proposed;
        }
    }

    private static FailureKind proposedFor(Throwable failed) {
        FailureKind kind = FailureKind.LASTING;
        for (Throwable cause : Thrown.chain(failed)) {
            if (cause instanceof PersistenceException persistence && persistence.failureKind() == FailureKind.MOMENT
                    || cause instanceof CannotConnectException && failed instanceof EventProcessingException) {
                return FailureKind.MOMENT;
            }
            if (cause instanceof PersistenceException persistence && persistence.isTransient()
                    || cause instanceof RecordConflictException
                    || cause instanceof TrackingConflictException) {
                kind = FailureKind.PASSING;
            }
        }
        return kind;
    }
}
