package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.persistence.FollowedLog;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.Warnings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Warnings of two changes that nothing else shows: another name of a follower, and a type that was added to what it follows. */
class FollowedLogsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A follower that declares what it follows. */
    static final class Listener extends Follower {
        Listener(String name, RecorderFactory recorders, Class<?>... types) {
            super(name, recorders);
            if (types.length > 0) {
                follows("Words", types[0], java.util.Arrays.copyOfRange(types, 1, types.length));
            }
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }

    @Topic(value = "Said", former = "Words.Spoken")
    record Renamed(String word) {}

    private enum Way {
        RUNNER {
            @Override
            void process(Runner runner) {
                runner.start();
                runner.waitUntilCaughtUp(LONG);
            }
        },
        SYNC {
            @Override
            void process(Runner runner) {
                new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS);
            }
        };

        abstract void process(Runner runner);
    }

    private static String warningsOf(Way way, RecorderFactory recorders, Follower follower) {
        return warningsOf(recorders, follower, way::process);
    }

    private static String warningsOf(
            RecorderFactory recorders, Follower follower, java.util.function.Consumer<Runner> work) {
        try (Warnings warnings = new Warnings();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Listener.class)),
                        Instances.of(new Words(recorders), follower))) {
            work.accept(runner);
            if (follower.recorder().position("Words").isPresent()) {
                // Recorded behind the pass, which has moved the position before.
                Concurrently.awaitUntil(() -> recorders.sharedStore().followedLogs(List.of("Words")).stream()
                        .filter(log -> log.follower().equals(follower.name()))
                        .allMatch(log -> log.topics().isPresent()));
            }
            return warnings.text();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerWithAnotherNameIsToldOfThePositionThatNobodyUses(Store store) {
        for (Way way : Way.values()) {
            try (Store.Opened opened = store.open()) {
                RecorderFactory recorders = opened.recorders.uncounted();
                new Words(recorders).say("a", "b");

                assertThat(warningsOf(way, recorders, new Listener("Board", recorders)))
                        .isEmpty();
                assertThat(warningsOf(way, recorders, new Listener("Board", recorders)))
                        .isEmpty();
                assertThat(warningsOf(way, recorders, new Listener("Panel", recorders)))
                        .contains(
                                "Follower Panel has no position in the log of Words and processes it from its first event."
                                        + " No follower of this system uses these positions there: Board at 2. If Panel is one of them"
                                        + " under a new name, stop this program and give the follower its former name");
                assertThat(warningsOf(way, recorders, new Listener("Panel", recorders)))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTypeThatIsAddedIsNamedWithTheFirstIdThatIsSeen(Store store) {
        for (Way way : Way.values()) {
            try (Store.Opened opened = store.open()) {
                RecorderFactory recorders = opened.recorders.uncounted();
                new Words(recorders).say("a", "-bark", "b");

                assertThat(warningsOf(way, recorders, new Listener("Board", recorders, Words.Spoken.class)))
                        .isEmpty();
                assertThat(warningsOf(
                                way,
                                recorders,
                                new Listener("Board", recorders, Words.Spoken.class, Words.Noise.class)))
                        .contains(
                                "Follower Board now follows Words.Noise of Words too, and sees them from id 4 on. Those before"
                                        + " were passed by and are not processed.");
                assertThat(warningsOf(
                                way,
                                recorders,
                                new Listener("Board", recorders, Words.Spoken.class, Words.Noise.class)))
                        .isEmpty();
                // Fewer types, a type under another name, and all types of before.
                assertThat(warningsOf(way, recorders, new Listener("Board", recorders, Renamed.class)))
                        .isEmpty();
                assertThat(warningsOf(way, recorders, new Listener("Board", recorders)))
                        .contains("Follower Board now follows all types of Words too");
                assertThat(warningsOf(way, recorders, new Listener("Board", recorders, Words.Noise.class)))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDryRunAndAPlanWarnAndRecordNothing(Store store) {
        try (Store.Opened opened = store.open()) {
            RecorderFactory recorders = opened.recorders.uncounted();
            new Words(recorders).say("a", "-bark");
            warningsOf(Way.SYNC, recorders, new Listener("Board", recorders, Words.Spoken.class));

            for (SyncMode mode : List.of(SyncMode.DRY_RUN, SyncMode.PLAN)) {
                assertThat(warningsOf(
                                recorders,
                                new Listener("Board", recorders, Words.Event.class),
                                runner -> new FollowerSync(runner).sync(List.of(), mode)))
                        .contains("now follows Words.Noise of Words");
            }
            assertThat(recorders.sharedStore().followedLogs(List.of("Words")))
                    .containsExactly(new FollowedLog("Board", "Words", 2, Optional.of(Set.of("Words.Spoken"))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void topicsOfAnyLettersAreRecorded(Store store) {
        try (Store.Opened opened = store.open()) {
            RecorderFactory recorders = opened.recorders.uncounted();
            new Words(recorders).say("a");
            warningsOf(Way.SYNC, recorders, new Listener("Board", recorders));
            for (Set<String> topics : List.of(Set.of("a b", "犬。%20", "c\n\"d'", "é", "+"), Set.<String>of())) {
                recorders.sharedStore().recordTopics("Board", "Words", topics);

                assertThat(recorders.sharedStore().followedLogs(List.of("Words", "Others")))
                        .containsExactly(new FollowedLog("Board", "Words", 1, Optional.of(topics)));
            }
            recorders.sharedStore().recordTopics("Nobody", "Words", Set.of("a"));
            assertThat(recorders.sharedStore().followedLogs(List.of("Words"))).hasSize(1);
            assertThat(recorders.sharedStore().followedLogs(List.of())).isEmpty();
        }
    }

    /** A new program beside another's followers of the same leader. */
    @Test
    void manyPositionsAreCounted() {
        try (Store.Opened opened = Store.H2.open()) {
            RecorderFactory recorders = opened.recorders.uncounted();
            Application words = new Words(recorders);
            ((Words) words).say("a");
            for (int i = 1; i <= 7; i++) {
                Listener other = new Listener("Other" + i, recorders);
                other.follow(words);
                other.pullAndProcess("Words");
            }

            assertThat(warningsOf(Way.SYNC, recorders, new Listener("Panel", recorders)))
                    .contains("Other1 at 1, Other2 at 1, Other3 at 1, Other4 at 1, Other5 at 1 and 2 more.");
        }
    }
}
