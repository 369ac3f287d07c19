package dev.eventsourcing.system;

import java.util.function.Consumer;

/** Results in a few words, for assertions. */
public final class InShort {
    private InShort() {}

    /** As in {@code Echo PROCESS {Words=2}}, and what was parked or failed, if something was. */
    public static String of(FollowerResult result) {
        return result.follower() + " " + result.mode() + " " + result.events()
                + (result.parked().isEmpty() ? "" : " parked " + result.parked())
                + result.failure()
                        .map(failure -> " failed: " + failure.message())
                        .orElse("");
    }

    /** Hears of results. */
    static FollowerSyncListener results(Consumer<FollowerResult> heard) {
        return new FollowerSyncListener() {
            @Override
            public void ended(FollowerResult result) {
                heard.accept(result);
            }
        };
    }
}
