package dev.eventsourcing.system;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.Transactions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One synchronisation of followers, which have their turns one after another. */
final class Synchronisation {
    private final List<Transactions> transactions;
    private final SyncTerms terms;
    private final SyncMode mode;
    private final FollowerSyncListener listener;
    private final SyncPace pace;
    private final List<FollowerTurns> followers;
    private final Set<FollowerTurns> ended = new HashSet<>();

    Synchronisation(
            List<Follower> selected,
            List<Transactions> transactions,
            SyncTerms terms,
            SyncMode mode,
            FollowerSyncListener listener) {
        this.transactions = transactions;
        this.terms = terms;
        this.mode = mode;
        this.listener = listener;
        this.pace = new SyncPace(terms);
        this.followers = selected.stream()
                .map(follower -> new FollowerTurns(follower, terms, mode, pace, listener))
                .toList();
    }

    FollowerSyncReport run() {
        try {
            if (mode == SyncMode.DRY_RUN) {
                // In a transaction nothing is waited for.
                followers.forEach(FollowerTurns::awaitReadable);
                Rehearsal.of(transactions, terms.yieldsAfter(), this::rehearse);
            } else {
                takeTurns();
            }
        } catch (ListenerFailedException e) {
            throw Thrown.unchanged(e.thrown());
        } finally {
            // Not before all followers had their turn: a thread with its interrupt flag set breaks connections.
            if (followers.stream().anyMatch(FollowerTurns::wasInterrupted)) {
                Thread.currentThread().interrupt();
            }
        }
        return new FollowerSyncReport(
                mode, followers.stream().map(FollowerTurns::result).toList(), pace.time());
    }

    private int rehearse() {
        // All of it as of now, however far followers come meanwhile: positions first, as no log ends below them.
        followers.forEach(FollowerTurns::notePositions);
        followers.forEach(FollowerTurns::noteEnd);
        return takeTurns();
    }

    private int takeTurns() {
        for (FollowerTurns turns : followers) {
            take(turns);
            if (ended.containsAll(leadersOf(turns))) {
                // Nobody whom it follows has another turn.
                end(turns);
            }
        }
        int more = 0;
        boolean somethingNew = true;
        while (somethingNew) {
            somethingNew = false;
            for (FollowerTurns turns : followers) {
                if (hasNews(turns)) {
                    take(turns);
                    somethingNew = true;
                    more++;
                }
            }
        }
        followers.stream().filter(turns -> !ended.contains(turns)).forEach(this::end);
        return more;
    }

    private void take(FollowerTurns turns) {
        leadersOf(turns).forEach(turns::sees);
        turns.take();
    }

    private void end(FollowerTurns turns) {
        ended.add(turns);
        listener.ended(turns.result());
    }

    private List<FollowerTurns> leadersOf(FollowerTurns turns) {
        return followers.stream().filter(turns::follows).toList();
    }

    /** Whether a selected leader of a follower has recorded something since its last turn. */
    private boolean hasNews(FollowerTurns turns) {
        return !turns.hasFailed()
                && pace.goesOn()
                && pace.hasTime()
                && leadersOf(turns).stream().anyMatch(turns::hasNewsOf);
    }
}
