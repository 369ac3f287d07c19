package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In which order, how far and how often a synchronisation lets followers process. */
class SynchronisationTest {
    /** The last of a chain is named first, as pipes may. */
    private static final EventDrivenSystem CHAIN = EventDrivenSystem.of(
            pipe(Echo.Second.class, Echo.Third.class), pipe(Words.class, Echo.class, Echo.Second.class));

    private Store.Opened opened;

    @AfterEach
    void close() {
        opened.close();
    }

    private Runner runner(Store store, EventDrivenSystem system) {
        opened = store.open();
        return new SingleThreadedRunner(system, opened.recorders);
    }

    private static List<String> events(FollowerSyncReport report) {
        return report.results().stream()
                .map(result -> result.follower() + " " + result.events().values())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void leadersHaveTheirTurnFirstSoThatOneRunIsEnough(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say("a", "b");

        FollowerSyncReport report = new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS);

        assertThat(events(report)).containsExactly("Echo [2]", "Second [2]", "Third [2]");
    }

    @ParameterizedTest
    @EnumSource
    void thoseBehindTheSelectedMoveOnDemandOnly(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say("a");
        FollowerSync sync = new FollowerSync(runner);

        FollowerSyncReport alone = sync.sync(List.of("Echo"), SyncMode.PROCESS);
        FollowerSyncReport withThoseBehind = sync.downstream().sync(List.of("Echo"), SyncMode.PROCESS);

        assertThat(events(alone)).containsExactly("Echo [1]");
        assertThat(events(withThoseBehind)).containsExactly("Echo [0]", "Second [1]", "Third [1]");
        assertThat(sync.downstream().select(List.of("Second"))).containsExactly("Second", "Third");
    }

    @ParameterizedTest
    @EnumSource
    void aLoopIsGoneThroughUntilNothingIsNew(Store store) {
        Runner runner = runner(
                store,
                EventDrivenSystem.of(
                        pipe(Words.class, Echo.class, Echo.Second.class), pipe(Echo.Second.class, Echo.class)));
        // Each repeats what it hears, until the word has gone round twice.
        runner.get(Echo.class).before = (word, processing) ->
                runner.get(Echo.class).repeats = runner.get(Echo.class).seen.size() < 3;
        runner.get(Words.class).say("a");
        List<String> ended = new ArrayList<>();

        FollowerSyncReport report = new FollowerSync(runner)
                .sync(List.of(), SyncMode.PROCESS, InShort.results(result -> ended.add(InShort.of(result))));

        assertThat(events(report)).containsExactly("Echo [1, 2]", "Second [2]");
        assertThat(ended).isEqualTo(report.results().stream().map(InShort::of).toList());
    }

    @ParameterizedTest
    @EnumSource
    void endsAfterSoManyEventsAndTheNextGoesOnFromThere(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say("a", "b", "c", "d", "e");
        FollowerSync sync = new FollowerSync(runner).batchSize(2);

        FollowerSyncReport first = sync.maxEvents(7).sync(List.of(), SyncMode.PROCESS);
        FollowerSyncReport second = sync.sync(List.of(), SyncMode.PROCESS);

        assertThat(events(first)).containsExactly("Echo [5]", "Second [2]", "Third [0]");
        assertThat(first.results())
                .extracting(result -> result.leaders().get(0))
                .extracting(LeaderResult::ended, LeaderResult::left)
                .containsExactly(
                        tuple(SyncEnd.COMPLETE, 0L), tuple(SyncEnd.MAX_EVENTS, 3L), tuple(SyncEnd.MAX_EVENTS, 2L));
        assertThat(events(second)).containsExactly("Echo [0]", "Second [3]", "Third [5]");
        assertThat(runner.get(Echo.Third.class).repeated()).containsExactly("a", "b", "c", "d", "e");
    }

    @ParameterizedTest
    @EnumSource
    void beginsNoBatchOnceItsTimeIsOver(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say("a", "b");

        FollowerSyncReport report =
                new FollowerSync(runner).timeBudget(Duration.ofNanos(1)).sync(List.of("Echo"), SyncMode.PROCESS);

        assertThat(report.failures()).isEmpty();
        assertThat(report.results().get(0).left()).isEqualTo(2);
        assertThat(report.results().get(0).leaders().get(0).ended()).isEqualTo(SyncEnd.TIME_BUDGET);
        assertThat(runner.get(Echo.class).seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void endsWithTheBatchInHandWhenItIsToldToStop(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say("a", "b", "c", "d");
        AtomicBoolean stop = new AtomicBoolean();
        runner.get(Echo.class).before = (word, processing) -> stop.set(true);

        FollowerSyncReport report =
                new FollowerSync(runner).batchSize(3).stopWhen(stop::get).sync(List.of(), SyncMode.PROCESS);

        assertThat(events(report)).containsExactly("Echo [3]", "Second [0]", "Third [0]");
        assertThat(report.isStopped()).isTrue();
        assertThat(report.results().get(0).left()).isEqualTo(1);
        assertThat(runner.get(Echo.class).repeated()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfEachBatchAndHowFarItIs(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say(Collections.nCopies(10, "a").toArray(String[]::new));
        List<FollowerProgress> heard = new ArrayList<>();

        new FollowerSync(runner).batchSize(4).sync(List.of("Echo"), SyncMode.PROCESS, new FollowerSyncListener() {
            @Override
            public void progressed(FollowerProgress progress) {
                heard.add(progress);
            }
        });

        assertThat(heard).extracting(FollowerProgress::events).containsExactly(4L, 8L, 10L);
        assertThat(heard).extracting(FollowerProgress::share).isSorted().endsWith(1.0);
    }

    @ParameterizedTest
    @EnumSource
    void tellsTopicsPositionsAndWhatWasRecorded(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say("a", "-crack", "b");
        FollowerSync sync = new FollowerSync(runner);

        FollowerResult result =
                sync.sync(List.of("Echo"), SyncMode.PROCESS).results().get(0);
        FollowerResult again =
                sync.sync(List.of("Echo"), SyncMode.PROCESS).results().get(0);

        assertThat(result.leaders())
                .containsExactly(new LeaderResult(
                        "Words",
                        Map.of("Words.Spoken", 2L, "Words.Noise", 1L),
                        0,
                        0,
                        3,
                        0,
                        SyncEnd.COMPLETE,
                        List.of()));
        assertThat(result.appended()).isEqualTo(Map.of("Words.Spoken", 2L, "Words.Noise", 1L));
        assertThat(again.leaders().get(0).from()).isEqualTo(3);
        assertThat(again.events()).containsEntry("Words", 0L);
    }

    @ParameterizedTest
    @EnumSource
    void aPlanCountsAndRunsNoPolicy(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say("a", "-crack", "b");
        new FollowerSync(runner).maxEvents(1).sync(List.of("Echo"), SyncMode.PROCESS);
        runner.get(Echo.class).seen.clear();

        FollowerSyncReport report = new FollowerSync(runner).sync(List.of(), SyncMode.PLAN);

        assertThat(report.results().get(0).leaders().get(0).topics())
                .isEqualTo(Map.of("Words.Spoken", 1L, "Words.Noise", 1L));
        assertThat(events(report)).containsExactly("Echo [2]", "Second [1]", "Third [0]");
        assertThat(runner.get(Echo.class).seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void twoAtOnceDoTheWorkOnceAndEachTellsItsShare(Store store) {
        Runner runner = runner(store, CHAIN);
        runner.get(Words.class).say(Collections.nCopies(20, "a").toArray(String[]::new));
        Runner other = new SingleThreadedRunner(CHAIN, opened.ofAnotherProcess());
        CountDownLatch begun = new CountDownLatch(2);
        for (Runner each : List.of(runner, other)) {
            each.get(Echo.class).before = (word, processing) -> {
                if (store != Store.MEMORY && each.get(Echo.class).seen.size() == 1) {
                    // Both are in the first batch, of the same events.
                    begun.countDown();
                    Concurrently.await(begun);
                }
            };
        }

        Running<FollowerSyncReport> beside =
                Concurrently.start(() -> new FollowerSync(other).batchSize(3).sync(List.of(), SyncMode.PROCESS));
        FollowerSyncReport report = new FollowerSync(runner).batchSize(3).sync(List.of(), SyncMode.PROCESS);

        FollowerSyncReport others = beside.get();
        assertThat(report.failures()).isEmpty();
        assertThat(others.failures()).isEmpty();
        // What one has recorded late, the other may have left to it; a last run finds the rest.
        FollowerSyncReport rest = new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS);
        for (int i = 0; i < 3; i++) {
            assertThat(sum(report, i) + sum(others, i) + sum(rest, i)).isEqualTo(20);
        }
        assertThat(runner.get(Echo.Third.class).repeated()).hasSize(20);
    }

    private static long sum(FollowerSyncReport report, int follower) {
        return report.results().get(follower).events().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @ParameterizedTest
    @EnumSource(names = "MEMORY")
    void refusesLimitsThatMakeNoSense(Store store) {
        FollowerSync sync = new FollowerSync(runner(store, CHAIN));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> sync.maxEvents(0))
                .withMessageContaining("0 events");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> sync.timeBudget(Duration.ZERO))
                .withMessageContaining("PT0S");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> sync.yieldsAfter(Duration.ofMillis(49)))
                .withMessageContaining("PT0.049S");
    }
}
