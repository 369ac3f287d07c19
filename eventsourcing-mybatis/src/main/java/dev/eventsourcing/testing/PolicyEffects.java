package dev.eventsourcing.testing;

import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.FollowerSyncReport;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SyncMode;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A check that all effects of policies are made in the transactions of their batches, so that they happen once. Effects that another
 * thread makes, as in {@code @Async} methods and parallel streams, or another connection, stay when a batch is rolled back, and are
 * made again with it; no recorder can tell.
 *
 * <pre>{@code
 * school.register("Fido");
 * PolicyEffects.of(runner).requireInTransaction(() -> database.rowsOf("diplomas"));
 * }</pre>
 *
 * <p>Followers process what they have not processed yet, in a dry run, which rolls back all that is done in their transactions; what
 * has changed nevertheless was done elsewhere. Use a database of the test's own, and a runner that is not started. Immutable.
 */
public final class PolicyEffects {
    private final Runner runner;
    private final List<String> followers;

    private PolicyEffects(Runner runner, List<String> followers) {
        this.runner = runner;
        this.followers = followers;
    }

    /** A check of all followers of a runner's system. */
    public static PolicyEffects of(Runner runner) {
        return new PolicyEffects(runner, List.of());
    }

    /** The same of some followers, by their names. */
    public PolicyEffects followers(String... names) {
        return new PolicyEffects(runner, List.of(names));
    }

    /**
     * Lets the followers process, rolled back, and compares what there is before and after.
     *
     * @param contents reads what policies write, the rows of tables say, and returns it in an order that is always the same and with
     *     {@code equals}; called before and after on this thread. Where threads of the program make effects, it waits for them first.
     * @throws AssertionError if something stays, if a follower fails, or if there is no event to process
     * @throws dev.eventsourcing.domain.ConfigurationException if a follower is not known, or the thread is in a transaction
     */
    public void requireInTransaction(Supplier<?> contents) {
        Object before = contents.get();
        FollowerSyncReport report = new FollowerSync(runner).sync(followers, SyncMode.DRY_RUN);
        Object after = contents.get();
        if (!Objects.equals(before, after)) {
            throw new AssertionError(
                    "Policies have effects outside of the transactions of their batches: all was rolled back, and what"
                            + " there is has changed. Write with mappers of the follower's recorders, on the thread of the policy.\n"
                            + "Before: " + before + "\nAfter:  " + after);
        }
        for (FollowerResult failed : report.failures()) {
            FollowerResult.Failure failure = failed.failure().orElseThrow();
            throw new AssertionError(
                    "Follower " + failed.follower() + " has failed, so not all effects were seen: " + failure.message(),
                    failure.cause());
        }
        boolean processed = report.results().stream()
                .flatMap(result -> result.events().values().stream())
                .anyMatch(events -> events > 0);
        if (!processed) {
            throw new AssertionError("No follower has an event to process. Let its leaders record some first.");
        }
    }
}
