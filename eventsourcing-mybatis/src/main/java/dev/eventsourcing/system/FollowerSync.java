package dev.eventsourcing.system;

import dev.eventsourcing.domain.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Lets followers process what they have not processed yet, and reports. Of the runner only its system and applications are
 * used, so it need not be started. Selected followers alone move: nobody downstream is prompted. Immutable.
 */
public final class FollowerSync {
    private final Runner runner;
    private final Optional<BatchSize> batchSize;
    private final Duration patience;

    /** Synchronises followers of this runner's system. */
    public FollowerSync(Runner runner) {
        this(runner, Optional.empty(), Duration.ofSeconds(10));
    }

    private FollowerSync(Runner runner, Optional<BatchSize> batchSize, Duration patience) {
        this.runner = runner;
        this.batchSize = batchSize;
        this.patience = patience;
    }

    /**
     * The same with so many events in a transaction, whatever the followers' own {@link Follower#batchSize batch sizes} are.
     *
     * @param events from 1 to 10,000
     * @throws ConfigurationException if it is another number
     */
    public FollowerSync batchSize(int events) {
        return new FollowerSync(runner, Optional.of(new BatchSize(events)), patience);
    }

    /**
     * The same with another patience: how long a follower waits where an append is open that may yet record an event below
     * others. Then it leaves the others to the next synchronisation, and logs who is open. Without it, 10 s.
     *
     * @param atMost for each leader; zero not to wait
     * @throws ConfigurationException if it is negative
     */
    public FollowerSync patience(Duration atMost) {
        if (atMost.isNegative()) {
            throw new ConfigurationException("A patience of " + atMost + " cannot be used. Give zero or more.");
        }
        return new FollowerSync(runner, batchSize, atMost);
    }

    /**
     * The names of the followers that names stand for: themselves, each once and in the order given; all followers in the
     * system's order if there is none.
     *
     * @throws ConfigurationException if one is unknown
     */
    public List<String> select(Collection<String> names) {
        Map<String, Follower> known = followers();
        Set<String> unknown = new TreeSet<>(names);
        unknown.removeAll(known.keySet());
        if (!unknown.isEmpty()) {
            throw new ConfigurationException("Unknown followers: " + String.join(", ", unknown) + ". "
                    + (known.isEmpty()
                            ? "The system has no followers."
                            : "Known followers: " + String.join(", ", new TreeSet<>(known.keySet())) + "."));
        }
        return List.copyOf(names.isEmpty() ? known.keySet() : new LinkedHashSet<>(names));
    }

    /**
     * Synchronises followers, one after another; one that fails does not keep the next from processing. Where an append is open
     * that may yet record an event below others, it is waited for, as far as {@link #patience} goes.
     *
     * <p>A follower that {@linkplain FailureAction#PARK parks} what it cannot process does so here too, and has not failed then. A
     * dry run counts as parked what is behind an event that is parked already; at another one that the follower cannot process the
     * follower's dry run ends, as failed.
     *
     * @param names as in {@link #select}
     * @param dryRun whether everything that is done is rolled back, follower by follower. Policies run as ever: effects outside
     *     of the database are not undone, nor is what H2 commits by itself: a policy's CREATE or ALTER, with all before it.
     * @param done is given each result as soon as it is there
     * @throws ConfigurationException if a name is unknown, or the thread is in a transaction; nothing is done then
     */
    public FollowerSyncReport sync(Collection<String> names, boolean dryRun, Consumer<FollowerResult> done) {
        Map<String, Follower> known = followers();
        for (Follower follower : known.values()) {
            if (follower.transactions().active()) {
                throw new ConfigurationException("Followers cannot be synchronised in a transaction"
                        + (dryRun ? ", with which a dry run would be committed." : ".")
                        + " Do it outside of one; each follower opens its own.");
            }
        }
        List<FollowerResult> results = new ArrayList<>();
        for (String name : select(names)) {
            FollowerResult result = new Synchronisation(Objects.requireNonNull(known.get(name)), dryRun).run();
            results.add(result);
            done.accept(result);
        }
        return new FollowerSyncReport(results);
    }

    private Map<String, Follower> followers() {
        Map<String, Follower> followers = new LinkedHashMap<>();
        runner.applications().followers().forEach(follower -> followers.put(follower.name(), follower));
        return followers;
    }

    /** The synchronisation of one follower. */
    private final class Synchronisation {
        private final Follower follower;
        private final boolean dryRun;
        private final Map<String, Long> events = new LinkedHashMap<>();
        private final Map<String, Long> parked = new LinkedHashMap<>();
        private String leader = "";

        Synchronisation(Follower follower, boolean dryRun) {
            this.follower = follower;
            this.dryRun = dryRun;
        }

        FollowerResult run() {
            List<String> leaders = follower.leaders();
            leaders.forEach(name -> events.put(name, 0L));
            try {
                if (dryRun) {
                    rehearse(leaders);
                } else {
                    pull(leaders);
                }
                return new FollowerResult(follower.name(), dryRun, events, parked, null);
            } catch (RuntimeException | Error e) {
                return new FollowerResult(follower.name(), dryRun, events, parked, failure(e));
            }
        }

        private void pull(List<String> leaders) {
            for (String name : leaders) {
                leader = name;
                follower.catchUp(
                        name,
                        batchSize.orElseGet(follower::batchSize),
                        patience,
                        (from, processed, aside, time) -> count(from, processed, aside));
            }
        }

        private void count(String from, int processed, int aside) {
            events.merge(from, (long) processed, Long::sum);
            if (aside > 0) {
                parked.merge(from, (long) aside, Long::sum);
            }
        }

        private void rehearse(List<String> leaders) {
            // In the transaction nothing is waited for.
            leaders.forEach(name -> follower.awaitReadable(name, patience));
            try {
                follower.transactions().required(() -> {
                    pull(leaders);
                    throw new RolledBack();
                });
            } catch (RolledBack asWished) {
                return;
            }
        }

        private FollowerResult.Failure failure(Throwable e) {
            String message =
                    String.valueOf(e.getMessage() == null ? e.getClass().getName() : e.getMessage());
            return e instanceof EventProcessingException event
                    ? new FollowerResult.Failure(
                            leader, event.notificationId(), event.topic(), message + endOfDryRun(), e)
                    : new FollowerResult.Failure(leader, 0, "", message, e);
        }

        /** The one event alone cannot be undone in the transaction that is around all. */
        private String endOfDryRun() {
            return dryRun && follower.failureAction() == FailureAction.PARK
                    ? ". This follower parks what it cannot process and goes on; a dry run ends there, and tells nothing of"
                            + " what is behind."
                    : "";
        }
    }

    /** Ends the transaction of a dry run. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RolledBack() {
            super("rolled back on purpose", null, false, false);
        }
    }
}
