package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Transactions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets followers process what they have not processed yet, and reports; or shows what that would do. Of the runner only its system and
 * applications are used, so it need not be started. Selected followers alone move: nobody downstream is prompted. Immutable.
 */
public final class FollowerSync {
    private static final Logger LOG = LoggerFactory.getLogger(FollowerSync.class);

    private final Runner runner;
    private final SyncTerms terms;

    /** Synchronises followers of this runner's system. */
    public FollowerSync(Runner runner) {
        this(runner, SyncTerms.DEFAULT);
    }

    private FollowerSync(Runner runner, SyncTerms terms) {
        this.runner = runner;
        this.terms = terms;
    }

    /**
     * The same with so many events in a transaction, whatever the followers' own {@link Follower#batchSize batch sizes} are.
     *
     * @param events from 1 to 10,000
     * @throws ConfigurationException if it is another number
     */
    public FollowerSync batchSize(int events) {
        return new FollowerSync(runner, terms.batchSize(new BatchSize(events)));
    }

    /**
     * The same with another patience: how long a follower waits where an append is open that may yet record an event below
     * others. Then it leaves the others to the next synchronisation, and the result says who is open. Without it, 10 s.
     *
     * @param atMost for each leader; zero not to wait
     * @throws ConfigurationException if it is negative
     */
    public FollowerSync patience(Duration atMost) {
        if (atMost.isNegative()) {
            throw new ConfigurationException("A patience of " + atMost + " cannot be used. Give zero or more.");
        }
        return new FollowerSync(runner, terms.patience(atMost));
    }

    /** The same with the followers that follow selected ones, and those that follow these, and so on. */
    public FollowerSync downstream() {
        return new FollowerSync(runner, terms.withDownstream());
    }

    /**
     * The same with an end after so many events, of all followers together; what is left is left to the next synchronisation.
     *
     * @param events from 1
     * @throws ConfigurationException if it is below
     */
    public FollowerSync maxEvents(long events) {
        if (events < 1) {
            throw new ConfigurationException(
                    events + " events cannot be the most that are processed. Give a number from 1.");
        }
        return new FollowerSync(runner, terms.maxEvents(events));
    }

    /**
     * The same with an end after a time: no batch is begun then, and nothing is waited for. The batch in hand is brought to its end.
     *
     * @throws ConfigurationException if it is not above zero
     */
    public FollowerSync timeBudget(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new ConfigurationException("A time budget of " + time + " cannot be used. Give more than zero.");
        }
        return new FollowerSync(runner, terms.timeBudget(time));
    }

    /**
     * The same with an end on demand: no batch is begun from then on. The batch in hand is brought to its end.
     *
     * @param wished asked before each batch and while an open append is waited for, at least every 50 ms; never throws
     */
    public FollowerSync stopWhen(BooleanSupplier wished) {
        return new FollowerSync(runner, terms.stopWhen(wished));
    }

    /**
     * The same with another bound for a dry run's harm: when others have to wait longer than that for what its policies have locked in
     * the user's tables, it is given up. Without it, 250 ms.
     *
     * @param wait from 50 ms
     * @throws ConfigurationException if it is below
     */
    public FollowerSync yieldsAfter(Duration wait) {
        if (wait.compareTo(Duration.ofMillis(50)) < 0) {
            throw new ConfigurationException("A dry run cannot yield after " + wait + ". Give 50 ms or more.");
        }
        return new FollowerSync(runner, terms.yieldsAfter(wait));
    }

    /**
     * The names of the followers that names stand for, all if there is none, in the order in which they have their turn: each once,
     * who follows another selected one after it, else in the system's order.
     *
     * @throws ConfigurationException if one is unknown
     */
    public List<String> select(Collection<String> names) {
        return selection().select(names, terms.downstream()).stream()
                .map(Follower::name)
                .toList();
    }

    /** Synchronises followers and tells nobody meanwhile. See {@link #sync(Collection, SyncMode, FollowerSyncListener)}. */
    public FollowerSyncReport sync(Collection<String> names, SyncMode mode) {
        return sync(names, mode, FollowerSyncListener.NOBODY);
    }

    /**
     * Synchronises followers, one after another, in the order of {@link #select}; those that follow selected ones again and again, until
     * there is nothing new. One that fails does not keep the next from processing. Where an append is open that may yet record an event
     * below others, it is waited for, as far as {@link #patience} goes.
     *
     * <p>A follower that {@linkplain FailureAction#PARK parks} what it cannot process does so here too, and has not failed then.
     *
     * <p>In a dry run each follower sees what those before it would have recorded and written. Policies run as ever: effects outside
     * of the database are not undone, nor is what H2 commits by itself: a policy's CREATE or ALTER, with all before it.
     *
     * @param names as in {@link #select}
     * @param listener hears how it goes on
     * @throws ConfigurationException if a name is unknown, or the thread is in a transaction; nothing is done then
     */
    public FollowerSyncReport sync(Collection<String> names, SyncMode mode, FollowerSyncListener listener) {
        FollowerSelection selection = selection();
        for (Follower follower : selection.all()) {
            if (follower.transactions().active()) {
                throw new ConfigurationException("Followers cannot be synchronised in a transaction"
                        + (mode == SyncMode.DRY_RUN ? ", with which a dry run would be committed." : ".")
                        + " Do it outside of one; each follower opens its own.");
            }
        }
        // Policies may work with what any application of the system has.
        List<Transactions> transactions = runner.applications().all().stream()
                .map(Application::transactions)
                .toList();
        List<Follower> selected = selection.select(names, terms.downstream());
        FollowedLogs logs = followedLogs(selected);
        FollowerSyncReport report = new Synchronisation(selected, transactions, terms, mode, listener).run();
        if (mode == SyncMode.PROCESS) {
            recordTopics(logs, selected);
        }
        return report;
    }

    private FollowedLogs followedLogs(List<Follower> selected) {
        try {
            return FollowedLogs.compared(selected, runner.applications().names());
        } catch (PersistenceException e) {
            // The follower whose store cannot be asked says so in its result, and the others have their turns.
            LOG.debug("What is recorded of followers cannot be read", e);
            return FollowedLogs.UNKNOWN;
        }
    }

    private static void recordTopics(FollowedLogs logs, List<Follower> selected) {
        for (Follower follower : selected) {
            for (String leader : follower.leaders()) {
                try {
                    logs.record(follower, leader);
                } catch (PersistenceException e) {
                    // The result of the synchronisation is not lost for that; the next one records it.
                    LOG.warn(
                            "The topics that follower {} processes of {} are not recorded: {}",
                            follower.name(),
                            leader,
                            e.getMessage(),
                            e);
                }
            }
        }
    }

    private FollowerSelection selection() {
        return new FollowerSelection(runner.applications().followers());
    }
}
