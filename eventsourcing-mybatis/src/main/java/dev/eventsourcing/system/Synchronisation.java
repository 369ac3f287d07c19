package dev.eventsourcing.system;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One synchronisation of followers, which have their turns one after another. */
final class Synchronisation {
    private final FollowerSyncListener listener;
    private final SyncMode mode;
    private final SyncPace pace;
    private final List<FollowerTurns> followers;

    Synchronisation(List<Follower> selected, SyncTerms terms, SyncMode mode, FollowerSyncListener listener) {
        this.listener = listener;
        this.mode = mode;
        this.pace = new SyncPace(terms);
        this.followers = selected.stream()
                .map(follower -> new FollowerTurns(follower, terms, mode, pace, listener))
                .toList();
    }

    FollowerSyncReport run() {
        Set<FollowerTurns> ended = new HashSet<>();
        for (FollowerTurns turns : followers) {
            take(turns);
            if (ended.containsAll(leadersOf(turns))) {
                // Nobody who follows it, and whom it follows, can give it something new.
                end(turns, ended);
            }
        }
        boolean somethingNew = true;
        while (somethingNew) {
            somethingNew = false;
            for (FollowerTurns turns : followers) {
                if (hasNews(turns)) {
                    take(turns);
                    somethingNew = true;
                }
            }
        }
        followers.stream().filter(turns -> !ended.contains(turns)).toList().forEach(turns -> end(turns, ended));
        return new FollowerSyncReport(
                mode, followers.stream().map(FollowerTurns::result).toList(), pace.time());
    }

    private void take(FollowerTurns turns) {
        leadersOf(turns).forEach(turns::sees);
        turns.take();
    }

    private void end(FollowerTurns turns, Set<FollowerTurns> ended) {
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
