package dev.eventsourcing.system;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a synchronisation goes by.
 *
 * @param batchSize how many events are one transaction, whatever the followers say; empty for what they say
 * @param patience how long a follower waits for an open append, in each leader's log, and how long what failed for the moment is
 *     tried again
 * @param downstream whether the followers behind the selected ones are selected, too
 * @param maxEvents how many events are processed, all followers together
 * @param timeBudget after which no batch is begun
 * @param stop whether to end with the batch in hand
 * @param yieldsAfter how long others may wait for what a dry run has locked
 */
record SyncTerms(
        Optional<BatchSize> batchSize,
        Duration patience,
        boolean downstream,
        long maxEvents,
        Duration timeBudget,
        BooleanSupplier stop,
        Duration yieldsAfter) {
    static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    static final SyncTerms DEFAULT = new SyncTerms(
            Optional.empty(),
            Duration.ofSeconds(10),
            false,
            Long.MAX_VALUE,
            FOR_EVER,
            () -> false,
            Duration.ofMillis(250));

    SyncTerms batchSize(BatchSize size) {
        return new SyncTerms(Optional.of(size), patience, downstream, maxEvents, timeBudget, stop, yieldsAfter);
    }

    SyncTerms patience(Duration atMost) {
        return new SyncTerms(batchSize, atMost, downstream, maxEvents, timeBudget, stop, yieldsAfter);
    }

    SyncTerms withDownstream() {
        return new SyncTerms(batchSize, patience, true, maxEvents, timeBudget, stop, yieldsAfter);
    }

    SyncTerms maxEvents(long events) {
        return new SyncTerms(batchSize, patience, downstream, events, timeBudget, stop, yieldsAfter);
    }

    SyncTerms timeBudget(Duration time) {
        return new SyncTerms(batchSize, patience, downstream, maxEvents, time, stop, yieldsAfter);
    }

    SyncTerms stopWhen(BooleanSupplier wished) {
        return new SyncTerms(batchSize, patience, downstream, maxEvents, timeBudget, wished, yieldsAfter);
    }

    SyncTerms yieldsAfter(Duration wait) {
        return new SyncTerms(batchSize, patience, downstream, maxEvents, timeBudget, stop, wait);
    }
}
