package dev.eventsourcing.tool;

import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.FollowerSyncReport;
import dev.eventsourcing.system.LeaderResult;
import dev.eventsourcing.system.SyncMode;
import java.util.ArrayList;
import java.util.List;

/** Where a synchronisation stands that was stopped. */
final class Stand {
    private Stand() {}

    /** A sentence for each follower that has something left, and what to do next. */
    static String of(FollowerSyncReport report, String stoppedBy) {
        List<String> sentences = new ArrayList<>();
        sentences.add("Stopped by " + stoppedBy + ".");
        for (FollowerResult result : report.results()) {
            for (LeaderResult leader : result.leaders()) {
                if (leader.left() > 0) {
                    sentences.add(of(result, leader));
                }
            }
        }
        sentences.add(
                sentences.size() == 1
                        ? "Nothing is left of what was to be done."
                        : report.mode() == SyncMode.PROCESS ? "Run it again to go on." : "Nothing was changed.");
        return String.join(" ", sentences);
    }

    private static String of(FollowerResult result, LeaderResult leader) {
        return result.follower() + " has come to " + leader.reached() + " in the log of " + leader.leader() + "; "
                + leader.left() + (leader.left() == 1 ? " event is left." : " events are left.");
    }
}
