package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.APPLICATION;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.SharedStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** What applications share: the ends of their logs, and who may process for which follower, where the store keeps that. */
final class Leases {
    private static final String ONE = "one process";
    private static final String OTHER = "another process";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final int ROUNDS = 10;

    private Leases() {}

    static Cases<ProcessRecorder> cases() {
        return new Cases<ProcessRecorder>()
                .add("tells the ends of several logs at once", Leases::tellsTheEndsOfSeveralLogsAtOnce)
                .add("gives a lease to one process", where(Leases::givesALeaseToOneProcess))
                .add("prolongs the lease of its holder", where(Leases::prolongsTheLeaseOfItsHolder))
                .add("gives a lease that is over to another", where(Leases::givesALeaseThatIsOverToAnother))
                .add("takes over a lease that is not renewed", where(Leases::takesOverALeaseThatIsNotRenewed))
                .add("gives a lease that is released to another", where(Leases::givesALeaseThatIsReleasedToAnother))
                .add("does not release the leases of others", where(Leases::doesNotReleaseTheLeasesOfOthers))
                .add("gives a lease to one of many who ask at once", where(Leases::givesALeaseToOneOfManyWhoAskAtOnce))
                .add("keeps leases whatever becomes of a transaction", where(Leases::keepsLeasesWhateverBecomes));
    }

    /** The case, or nothing for a store that gives leases to everybody. */
    private static Cases.Test<ProcessRecorder> where(BiConsumer<Subject<? extends ProcessRecorder>, SharedStore> test) {
        return subject -> {
            SharedStore store = subject.recorders().sharedStore();
            if (store.keepsLeases()) {
                test.accept(subject, store);
            }
        };
    }

    private static Set<String> take(SharedStore store, String holder, Duration time, String... followers) {
        return Set.copyOf(store.takeLeases(holder, List.of(followers), time));
    }

    private static void checkHolder(SharedStore store, String follower, String holder) {
        List<FollowerLease> leases = store.leases(List.of(follower));
        Check.size("Leases of " + follower, 1, leases);
        Check.equal("Whose lease it is", follower, leases.get(0).follower());
        Check.equal("Holder of the lease", holder, leases.get(0).holder());
    }

    private static Duration left(SharedStore store, String follower) {
        return store.leases(List.of(follower)).stream().map(FollowerLease::left).reduce(Duration.ZERO, Duration::plus);
    }

    private static void tellsTheEndsOfSeveralLogsAtOnce(Subject<? extends ProcessRecorder> subject) {
        SharedStore store = subject.recorders().sharedStore();
        List<Long> ids = subject.insert(events(DOG, 1, 3));
        List<Long> others = subject.recorder("Kennel").insertEvents(events(DOG, 1, 1));

        Check.equal(
                "Highest ids",
                Map.of(APPLICATION, ids.get(2), "Kennel", others.get(0), "Shop", 0L),
                Map.copyOf(store.heads(List.of("Shop", APPLICATION, "Kennel"))));
        Check.equal("Highest ids of none", Map.of(), store.heads(List.of()));
    }

    private static void givesALeaseToOneProcess(Subject<? extends ProcessRecorder> subject, SharedStore store) {
        Check.empty("Leases at first", store.leases(List.of("Diplomas", "Board")));
        Check.equal("What the first took", Set.of("Diplomas"), take(store, ONE, HOUR, "Diplomas"));

        Check.equal("What the second took", Set.of("Board"), take(store, OTHER, HOUR, "Diplomas", "Board"));

        checkHolder(store, "Diplomas", ONE);
        checkHolder(store, "Board", OTHER);
        Duration left = left(store, "Diplomas");
        Check.isTrue(
                "about an hour is left, and it is " + left,
                left.compareTo(HOUR) <= 0 && left.compareTo(HOUR.dividedBy(2)) > 0);
        Check.equal("What is taken of none", Set.of(), take(store, ONE, HOUR));
        Check.empty("Leases of none", store.leases(List.of()));
    }

    private static void prolongsTheLeaseOfItsHolder(Subject<? extends ProcessRecorder> subject, SharedStore store) {
        take(store, ONE, Duration.ofMinutes(1), "Diplomas");

        Check.equal("What the holder has", Set.of("Diplomas"), take(store, ONE, HOUR, "Diplomas", "Diplomas"));

        checkHolder(store, "Diplomas", ONE);
        Duration left = left(store, "Diplomas");
        Check.isTrue("more than a minute is left, and it is " + left, left.compareTo(Duration.ofMinutes(1)) > 0);
    }

    private static void givesALeaseThatIsOverToAnother(Subject<? extends ProcessRecorder> subject, SharedStore store) {
        take(store, ONE, MOMENT, "Diplomas");
        Running.awaitUntil(
                "a lease of " + MOMENT + " is over",
                () -> store.leases(List.of("Diplomas")).isEmpty());

        Check.equal("What the other took", Set.of("Diplomas"), take(store, OTHER, HOUR, "Diplomas"));

        checkHolder(store, "Diplomas", OTHER);
        Check.equal("What its former holder took", Set.of(), take(store, ONE, HOUR, "Diplomas"));
    }

    private static void takesOverALeaseThatIsNotRenewed(Subject<? extends ProcessRecorder> subject, SharedStore store) {
        take(store, ONE, HOUR, "Diplomas", "Board");
        List<FollowerLease> seen = store.leases(List.of("Diplomas", "Board"));
        Check.equal("Times of the leases", List.of(HOUR, HOUR), times(seen));
        take(store, ONE, HOUR.multipliedBy(2), "Board");

        Check.equal(
                "What the other took over", Set.of("Diplomas"), Set.copyOf(store.takeOverLeases(OTHER, seen, MOMENT)));

        checkHolder(store, "Board", ONE);
        Check.equal("What is taken over a second time", Set.of(), Set.copyOf(store.takeOverLeases(ONE, seen, HOUR)));
        Check.equal("What is taken over of none", Set.of(), Set.copyOf(store.takeOverLeases(ONE, List.of(), HOUR)));
        Running.awaitUntil(
                "a lease of " + MOMENT + " is over",
                () -> store.leases(List.of("Diplomas")).isEmpty());
        Check.equal("What is there of its former holder", Set.of("Diplomas"), take(store, ONE, HOUR, "Diplomas"));
    }

    private static List<Duration> times(List<FollowerLease> leases) {
        return leases.stream().map(lease -> lease.time().orElse(Duration.ZERO)).toList();
    }

    private static void givesALeaseThatIsReleasedToAnother(
            Subject<? extends ProcessRecorder> subject, SharedStore store) {
        take(store, ONE, HOUR, "Diplomas", "Board");

        store.releaseLeases(ONE, List.of("Diplomas", "Nobody"));
        store.releaseLeases(ONE, List.of());

        Check.empty("Leases of what was released", store.leases(List.of("Diplomas")));
        Check.equal("What the other took", Set.of("Diplomas"), take(store, OTHER, HOUR, "Diplomas", "Board"));
        checkHolder(store, "Diplomas", OTHER);
        checkHolder(store, "Board", ONE);
    }

    private static void doesNotReleaseTheLeasesOfOthers(Subject<? extends ProcessRecorder> subject, SharedStore store) {
        take(store, ONE, HOUR, "Diplomas");

        store.releaseLeases(OTHER, List.of("Diplomas"));

        checkHolder(store, "Diplomas", ONE);
        Check.equal("What the other took", Set.of(), take(store, OTHER, HOUR, "Diplomas"));
    }

    private static void givesALeaseToOneOfManyWhoAskAtOnce(
            Subject<? extends ProcessRecorder> subject, SharedStore store) {
        for (int round = 1; round <= ROUNDS; round++) {
            String follower = "Diplomas" + round;
            CountDownLatch start = new CountDownLatch(1);
            List<Running<Set<String>>> asking = IntStream.range(0, 8)
                    .mapToObj(i -> Running.start(() -> {
                        Running.await(start);
                        return take(store, "process " + i, HOUR, follower);
                    }))
                    .toList();

            start.countDown();

            Check.size(
                    "Who of eight took the lease",
                    1,
                    asking.stream()
                            .map(Running::get)
                            .filter(taken -> !taken.isEmpty())
                            .toList());
        }
    }

    private static void keepsLeasesWhateverBecomes(Subject<? extends ProcessRecorder> subject, SharedStore store) {
        Check.refuses(
                "A transaction whose work throws",
                UsersException.class,
                () -> subject.transactions().required(() -> {
                    take(store, ONE, HOUR, "Diplomas");
                    store.limitIdleness(HOUR);
                    throw UsersException.make();
                }));

        checkHolder(store, "Diplomas", ONE);
    }
}
