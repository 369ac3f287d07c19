package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.Words.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class FollowerSyncTest {
    private final InMemoryRecorders recorders = new InMemoryRecorders();
    private final Runner runner = new SingleThreadedRunner(
            EventDrivenSystem.of(pipe(Words.class, Echo.class, Echo.Second.class), pipe(Words.class, Echo.Third.class)),
            recorders);
    private final FollowerSync sync = new FollowerSync(runner);

    @Test
    void selectsAllInTheOrderOfTheSystemIfNoneIsNamed() {
        assertThat(sync.select(List.of())).containsExactly("Echo", "Second", "Third");
    }

    @Test
    void selectsThoseThatAreNamedEachOnceAndLeadersFirst() {
        assertThat(sync.select(List.of("Third", "Second", "Echo", "Third"))).containsExactly("Echo", "Second", "Third");
    }

    @Test
    void refusesUnknownNamesAndProcessesNothing() {
        runner.get(Words.class).say("a");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> sync.sync(List.of("Echo", "Zeal", "Words", "Ardour"), SyncMode.PROCESS))
                .withMessage("Unknown followers: Ardour, Words, Zeal. Known followers: Echo, Second, Third.");
        assertThat(runner.get(Echo.class).seen).isEmpty();
    }

    @Test
    void letsAllFollowersProcessOnARunnerThatWasNeverStarted() {
        runner.get(Words.class).say("a", "b");
        List<FollowerResult> heard = new ArrayList<>();

        FollowerSyncReport report = sync.sync(List.of(), SyncMode.PROCESS, InShort.results(heard::add));

        assertThat(report.results())
                .extracting(InShort::of)
                .containsExactly("Echo PROCESS {Words=2}", "Second PROCESS {Echo=2}", "Third PROCESS {Words=2}");
        assertThat(heard).isEqualTo(report.results());
        assertThat(report.failures()).isEmpty();
        assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a", "b");
    }

    @Test
    void countsWhatWasProcessedAndThatIsNothingTheSecondTime() {
        runner.get(Words.class).say("a");
        sync.sync(List.of(), SyncMode.PROCESS);

        FollowerSyncReport report = sync.sync(List.of("Echo"), SyncMode.PROCESS);

        assertThat(report.results()).extracting(InShort::of).containsExactly("Echo PROCESS {Words=0}");
    }

    @Test
    void countsForEachLeaderInTheOrderOfTheSystem() {
        Runner both = new SingleThreadedRunner(
                EventDrivenSystem.of(pipe(Words.class, Echo.class), pipe(Verses.class, Echo.class)), recorders);
        both.get(Words.class).say("a", "b");

        FollowerSyncReport report = new FollowerSync(both).sync(List.of(), SyncMode.PROCESS);

        assertThat(report.results().get(0).events()).containsExactly(Map.entry("Words", 2L), Map.entry("Verses", 0L));
    }

    @Test
    void drivesNobodyThatIsNotSelectedEvenIfTheRunnerWasStarted() {
        runner.get(Words.class).say("a");
        runner.get(Echo.Second.class).before = (word, processing) -> {
            throw new IllegalStateException("must not run");
        };

        FollowerSyncReport report = sync.sync(List.of("Echo"), SyncMode.PROCESS);

        assertThat(report.failures()).isEmpty();
        assertThat(runner.get(Echo.Second.class).seen).isEmpty();
        assertThat(runner.get(Echo.Third.class).seen).isEmpty();
    }

    @Test
    void aDryRunCountsAndRollsBackEventsAndPositions() {
        runner.get(Words.class).say("a", "b");

        FollowerSyncReport report = sync.sync(List.of("Echo"), SyncMode.DRY_RUN);

        assertThat(report.results()).extracting(InShort::of).containsExactly("Echo DRY_RUN {Words=2}");
        assertThat(runner.get(Echo.class).seen).containsExactly("a", "b");
        assertThat(runner.get(Echo.class).repeated()).isEmpty();
        assertThat(recorders.processRecorder("Echo").position("Words")).isEmpty();
    }

    @Test
    void aDryRunSeesItsOwnEvents() {
        runner.get(Words.class).say("a", "b", "c");
        Echo echo = runner.get(Echo.class);
        List<Integer> repeated = new ArrayList<>();
        echo.before = (word, processing) -> repeated.add(echo.repeated().size());

        FollowerSyncReport report = sync.sync(List.of("Echo"), SyncMode.DRY_RUN);

        assertThat(report.failures()).isEmpty();
        assertThat(repeated).containsExactly(0, 1, 2);
    }

    @Test
    void aDryRunAllowsAPolicyToKeepAnAggregateBetweenEvents() {
        runner.get(Words.class).say("a", "b", "c");
        Echo echo = runner.get(Echo.class);
        echo.repeats = false;
        Text kept = new Text(Echo.TEXT);
        echo.before = (word, processing) -> {
            kept.add(word);
            processing.collect(kept);
        };

        FollowerSyncReport report = sync.sync(List.of("Echo"), SyncMode.DRY_RUN);

        assertThat(report.results()).extracting(InShort::of).containsExactly("Echo DRY_RUN {Words=3}");
        assertThat(echo.repeated()).isEmpty();
    }

    @Test
    void aDryRunGoesThroughLogsThatAreLongerThanAPage() {
        runner.get(Words.class).say(Collections.nCopies(1_100, "a").toArray(String[]::new));
        runner.get(Echo.class).repeats = false;

        FollowerSyncReport report = sync.sync(List.of("Echo"), SyncMode.DRY_RUN);

        assertThat(report.results()).extracting(InShort::of).containsExactly("Echo DRY_RUN {Words=1100}");
    }

    @Test
    void aFollowerThatFailsStopsNoOtherAndSaysWhere() {
        runner.get(Words.class).say("a", "bad", "b");
        IllegalStateException cause = new IllegalStateException("cannot repeat that");
        runner.get(Echo.class).before = failing(cause);

        FollowerSyncReport report = sync.sync(List.of(), SyncMode.PROCESS);

        assertThat(report.failures()).extracting(FollowerResult::follower).containsExactly("Echo");
        FollowerResult failed = report.failures().get(0);
        assertThat(failed.events()).containsExactly(Map.entry("Words", 1L));
        assertThat(failed.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.leader()).isEqualTo("Words");
            assertThat(failure.notificationId()).isEqualTo(2);
            assertThat(failure.topic()).isEqualTo("Words.Spoken");
            assertThat(failure.message()).contains("notification 2 of Words").contains("cannot repeat that");
            assertThat(failure.cause()).hasCause(cause);
        });
        assertThat(runner.get(Echo.class).repeated()).containsExactly("a");
        assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a");
        assertThat(runner.get(Echo.Third.class).repeated()).containsExactly("a", "bad", "b");
    }

    @Test
    void aFollowerThatFailsInADryRunSaysWhereToo() {
        runner.get(Words.class).say("a", "bad", "b");
        runner.get(Echo.class).before = failing(new IllegalStateException("cannot repeat that"));

        FollowerSyncReport report = sync.sync(List.of("Echo", "Third"), SyncMode.DRY_RUN);

        FollowerResult failed = report.failures().get(0);
        assertThat(failed.events()).containsExactly(Map.entry("Words", 1L));
        assertThat(failed.failure())
                .hasValueSatisfying(
                        failure -> assertThat(failure.notificationId()).isEqualTo(2));
        assertThat(runner.get(Echo.class).repeated()).isEmpty();
        assertThat(report.results().get(1).events()).containsExactly(Map.entry("Words", 3L));
    }

    @Test
    void countsWhatIsParkedWithoutFailing() {
        UUID first = runner.get(Words.class).say("a", "bad", "b");
        runner.get(Words.class).say("c");
        parking().before = failing(new IllegalStateException("cannot repeat that"));

        FollowerSyncReport report = sync.sync(List.of("Echo"), SyncMode.PROCESS);

        assertThat(report.results()).extracting(InShort::of).containsExactly("Echo PROCESS {Words=2} parked {Words=2}");
        assertThat(runner.get(Echo.class).parking().list("Words", 0, 10))
                .extracting(ParkedEvent::originatorId)
                .containsExactly(first, first);
    }

    @Test
    void aDryRunParksWhatIsBehindParkedEventsAndRollsItBack() {
        UUID first = runner.get(Words.class).say("bad");
        parking().before = failing(new IllegalStateException("cannot repeat that"));
        sync.sync(List.of("Echo"), SyncMode.PROCESS);
        runner.get(Words.class).sayOn(first, "b");
        runner.get(Words.class).say("c");

        FollowerSyncReport rehearsed = sync.sync(List.of("Echo"), SyncMode.DRY_RUN);
        long parked = runner.get(Echo.class).parking().count("Words");
        FollowerSyncReport report = sync.sync(List.of("Echo"), SyncMode.PROCESS);

        assertThat(rehearsed.results())
                .extracting(InShort::of)
                .containsExactly("Echo DRY_RUN {Words=1} parked {Words=1}");
        assertThat(parked).isEqualTo(1);
        assertThat(report.results()).extracting(InShort::of).containsExactly("Echo PROCESS {Words=1} parked {Words=1}");
        assertThat(runner.get(Echo.class).seen).doesNotContain("b");
    }

    private Echo parking() {
        Echo echo = runner.get(Echo.class);
        echo.onFailure(FailureAction.PARK);
        return echo;
    }

    private static BiConsumer<String, ProcessingEvent> failing(RuntimeException cause) {
        return (word, processing) -> {
            if (word.equals("bad")) {
                throw cause;
            }
        };
    }

    static final class Verses extends Application {
        Verses(RecorderFactory recorders) {
            super(recorders);
        }
    }
}
