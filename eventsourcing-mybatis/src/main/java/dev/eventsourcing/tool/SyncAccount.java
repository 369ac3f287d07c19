package dev.eventsourcing.tool;

import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.SyncEnd;
import dev.eventsourcing.system.SyncMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that a run of {@code sync-followers} has to tell, in whichever format.
 *
 * @param begun when it began
 * @param mode whether events were processed
 * @param databases those that it works on, as far as they answered; none if it did not come to that
 * @param results what was done for each follower; none if it did not come to that
 * @param parked how many events are parked in all, by follower and leader; of those of which it is known
 * @param time what all of it took
 * @param verdict what is to be thought of it
 * @param exit how the process ends, which may be better than the verdict if so asked
 */
record SyncAccount(
        Instant begun,
        SyncMode mode,
        List<RunnerDatabases.Used> databases,
        List<FollowerResult> results,
        Map<String, Map<String, Long>> parked,
        Duration time,
        SyncVerdict verdict,
        ExitCode exit) {
    /** Whether all followers have come to where the logs ended. */
    boolean isComplete() {
        return verdict.code() == ExitCode.FINE && results.stream().allMatch(SyncAccount::isComplete);
    }

    /** Whether a follower has come to where the logs ended. */
    static boolean isComplete(FollowerResult result) {
        return result.failure().isEmpty()
                && result.leaders().stream().allMatch(leader -> leader.ended() == SyncEnd.COMPLETE);
    }

    /** How a follower fared, in a word: ok, unfinished or failed. */
    static String word(FollowerResult result) {
        if (result.failure().isPresent()) {
            return "failed";
        }
        return isComplete(result) ? "ok" : "unfinished";
    }

    /** A value as a word, as in {@code open-append}. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static long events(FollowerResult result) {
        return sum(result.events());
    }

    static long parked(FollowerResult result) {
        return sum(result.parked());
    }

    static long appended(FollowerResult result) {
        return sum(result.appended());
    }

    private static long sum(Map<String, Long> numbers) {
        return numbers.values().stream().mapToLong(Long::longValue).sum();
    }
}
