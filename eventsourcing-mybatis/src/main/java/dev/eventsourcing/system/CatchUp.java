package dev.eventsourcing.system;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.TrackingConflictException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes over the log of a leader until the end as it was at the first, for somebody who waits for it. Where appends are open that
 * may yet record something below the end, it waits for them a while, and then leaves the rest. What may pass by itself is tried
 * again a few times.
 */
final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
    static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final Follower follower;
    private final String leader;
    private final Pull.Terms terms;
    private final Patience patience;
    private final Recovery recovery;
    private long target = Long.MAX_VALUE;

    CatchUp(Follower follower, String leader, Pull.Terms terms, Duration patience) {
        this.follower = follower;
        this.leader = leader;
        this.terms = terms;
        this.patience = new Patience(follower.place(leader), patience);
        this.recovery = new Recovery(follower, SHORTEST_PAUSE, LONGEST_PAUSE);
    }

    /** Catches up, as far as pace and patience go, and returns how far that was. */
    Progress run() {
        // Nobody else may have told that the log was put back.
        follower.place(leader).doubted();
        AtomicLong processed = new AtomicLong();
        Pull.Terms counted = terms.heardBy(new PullListener() {
            @Override
            public void batch(PulledBatch batch) {
                processed.addAndGet(batch.processed().size());
                terms.listener().batch(batch);
            }

            @Override
            public void parked(EventProcessingException failed) {
                terms.listener().parked(failed);
            }
        });
        Progress last = null;
        while (last == null || !isAtTheEnd(last)) {
            last = pass(counted);
            // Only up to where the log ended when this began.
            counted = counted.upTo(target);
        }
        return new Progress(last.reached(), target, processed.get(), last.waits());
    }

    /** Makes a pass; null if it ended with an event that is tried again, or was put aside. */
    private @Nullable Progress pass(Pull.Terms counted) {
        try {
            Progress progress = follower.pass(leader, counted);
            target = progress.target();
            recovery.passed();
            return progress;
        } catch (EventProcessingException e) {
            recover(e, counted);
            return null;
        }
    }

    private boolean isAtTheEnd(Progress progress) {
        return progress.isComplete() || !mayGoOn() || (progress.waits() && isOutOfPatience(progress));
    }

    private boolean mayGoOn() {
        return terms.pace().goesOn() && terms.pace().hasTime();
    }

    private boolean isOutOfPatience(Progress progress) {
        NotificationLog log = follower.upstream(leader).log();
        return !patience.until(() -> !mayGoOn() || log.end().readable() > progress.reached() || hasGoneOn(progress));
    }

    /** Whether another thread of this process has processed what was left. */
    private boolean hasGoneOn(Progress progress) {
        return follower.place(leader).reached() > progress.reached();
    }

    private void recover(EventProcessingException failed, Pull.Terms counted) {
        if (terms.pace().endsOn(failed)) {
            throw failed;
        }
        switch (recovery.after(failed)) {
            case PARK -> park(failed, counted);
            case AGAIN -> {
                if (recovery.attempts() >= follower.attempts()) {
                    throw failed;
                }
                Place place = follower.place(leader);
                place.await(
                        () -> place.reached() >= failed.notificationId(),
                        recovery.pause(),
                        "another try of notification " + failed.notificationId());
            }
            case STOP -> throw failed;
        }
    }

    private void park(EventProcessingException failed, Pull.Terms counted) {
        try {
            follower.park(failed, recovery.attempts(), counted);
        } catch (TrackingConflictException e) {
            // Another process was faster, with this event or with those that are parked: the next pass starts from
            // there.
            LOG.info("{} was not parked: {}", failed.getMessage(), e.getMessage());
        }
    }

    /** Waits until what a leader has recorded may be read, as far as patience goes. */
    static void awaitReadable(Follower follower, String leader, Duration atMost, Pace pace) {
        NotificationLog log = follower.upstream(leader).log();
        LogEnd end = log.end();
        if (!end.isSettled()) {
            new Patience(follower.place(leader), atMost)
                    .until(() -> !pace.goesOn() || log.end().readable() >= end.recorded());
        }
    }
}
