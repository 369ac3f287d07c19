package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import dev.eventsourcing.testsupport.Warnings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCount;
import training.TrickCountMapper;

/** Followers that find the log unsettled, as somebody who began before has not committed yet. */
class OpenAppendTest {
    private final TestDatabase database = PostgresDatabase.migrated();
    private final MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), TrickCountMapper.class);
    private final Runner runner =
            new SingleThreadedRunner(EventDrivenSystem.of(pipe(TrainingSchool.class, TrickBoard.class)), recorders);
    private final TrainingSchool school = runner.get(TrainingSchool.class);
    private final TrickBoard board = runner.get(TrickBoard.class);
    private final CountDownLatch appended = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    OpenAppendTest() {
        board.createTable();
    }

    @AfterEach
    void close() {
        runner.close();
        database.close();
    }

    /** Registers a dog that knows how to sit, and does not commit until it is told to. */
    private Running<Void> openAppend() {
        Running<Void> open = Concurrently.start(() -> recorders.transactions().required(() -> {
            school.register("Late");
            school.addTrick("Late", "sit");
            appended.countDown();
            Concurrently.await(release);
        }));
        Concurrently.await(appended);
        return open;
    }

    @Test
    void aSynchronisationWaitsForItAndProcessesAllInOrder() {
        Running<Void> open = openAppend();
        school.register("Fido");
        school.addTrick("Fido", "sit");
        Running<FollowerSyncReport> sync =
                Concurrently.start(() -> new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS));

        sync.awaitDoneOr(thread -> thread.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        open.get();

        assertThat(sync.get().results())
                .singleElement()
                .satisfies(result -> assertThat(result.events()).containsEntry("TrainingSchool", 2L));
        assertThat(board.counts()).containsExactly(new TrickCount("sit", 2));
    }

    /** Another process has come further, when nothing was open. */
    @Test
    void aPositionBehindWhichThisProcessMayReadNothingYetIsOneOfTheLog() {
        school.register("Fido");
        school.addTrick("Fido", "sit");
        board.pullAndProcess("TrainingSchool");
        Running<Void> open = openAppend();
        MyBatisRecorders fresh = MyBatisRecorders.over(database.dataSource(), TrickCountMapper.class);
        Follower elsewhere = new TrickBoard(fresh);
        TrainingSchool followed = new TrainingSchool(fresh);
        elsewhere.follow(followed);

        Progress progress = elsewhere.catchUp(
                "TrainingSchool",
                new Pull.Terms(BatchSize.DEFAULT, Long.MAX_VALUE, true, Pace.UNHURRIED, PullListener.NOBODY),
                Duration.ZERO);
        elsewhere.waitUntil("TrainingSchool", 2, Duration.ZERO);

        assertThat(followed.notificationLog().end().readable()).isZero();
        assertThat(progress.reached()).isEqualTo(2);
        release.countDown();
        open.get();
    }

    @Test
    void aDryRunWaitsForItBeforeItBeginsItsTransaction() {
        Running<Void> open = openAppend();
        school.register("Fido");
        school.addTrick("Fido", "sit");
        Running<FollowerSyncReport> sync =
                Concurrently.start(() -> new FollowerSync(runner).sync(List.of(), SyncMode.DRY_RUN));

        sync.awaitDoneOr(thread -> thread.getState() == Thread.State.TIMED_WAITING);
        assertThat(database.column("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state ="
                        + " 'idle in transaction'"))
                .hasSize(1);
        release.countDown();
        open.get();

        assertThat(sync.get().results())
                .singleElement()
                .satisfies(result -> assertThat(result.events()).containsEntry("TrainingSchool", 2L));
        assertThat(board.counts()).isEmpty();
    }

    @Test
    void aSynchronisationWithoutPatienceLeavesTheRestAtOnce() {
        school.register("Early");
        school.addTrick("Early", "sit");
        FollowerSync sync = new FollowerSync(runner).patience(Duration.ZERO);
        school.notificationLog().end();
        Running<Void> open = openAppend();
        school.register("Fido");
        school.addTrick("Fido", "sit");

        FollowerSyncReport report = sync.sync(List.of(), SyncMode.PROCESS);

        assertThat(report.failures()).isEmpty();
        assertThat(report.results().get(0).leaders()).singleElement().satisfies(leader -> {
            assertThat(leader.ended()).isEqualTo(SyncEnd.OPEN_APPEND);
            assertThat(leader.events()).isEqualTo(1);
            assertThat(leader.left()).isEqualTo(1);
            assertThat(leader.openAppends())
                    .singleElement()
                    .satisfies(transaction ->
                            assertThat(transaction.toString()).containsPattern("pid [0-9]+, open for [0-9]+ s"));
        });
        assertThat(board.counts()).containsExactly(new TrickCount("sit", 1));
        release.countDown();
        open.get();
        sync.sync(List.of(), SyncMode.PROCESS);
        assertThat(board.counts()).containsExactly(new TrickCount("sit", 3));
        assertThatThrownBy(() -> sync.patience(Duration.ofMillis(-1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("PT-0.001S");
    }

    @Test
    void aSaveSaysInTheEndWhoIsBehindAndTheRunnerGoesOnByItself() {
        try (Warnings warnings = new Warnings();
                Runner impatient = runner(RunnerSettings.defaults().saveWait(Duration.ofMillis(300)))) {
            impatient.start();
            Running<Void> open = openAppend();

            impatient.get(TrainingSchool.class).register("Fido");
            impatient.get(TrainingSchool.class).addTrick("Fido", "sit");

            // Somebody who waited for ever would never get here.
            assertThat(board.counts()).isEmpty();
            assertThat(warnings.text())
                    .contains("Follower TrickBoard has not processed notification 3 of TrainingSchool yet.")
                    .contains("WAITING, at id 0 of 3", "waits for [pid ");
            release.countDown();
            open.get();
            impatient.waitUntilCaughtUp(Duration.ofSeconds(20));
            assertThat(board.counts()).containsExactly(new TrickCount("sit", 2));
        }
    }

    @Test
    void healthNamesTheTransactionThatAFollowerWaitsFor() {
        try (Runner impatient = runner(RunnerSettings.defaults().saveWait(Duration.ZERO))) {
            impatient.start();
            Running<Void> open = openAppend();
            impatient.get(TrainingSchool.class).register("Fido");
            String pid = database.column(
                            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state ="
                                    + " 'idle in transaction'")
                    .get(0);

            SystemHealth health = impatient.health();

            assertThat(health.isHealthy()).isTrue();
            assertThat(health.followers()).singleElement().satisfies(follower -> {
                assertThat(follower.state()).isEqualTo(FollowerHealth.State.WAITING);
                assertThat(follower.waitsFor()).singleElement().satisfies(append -> {
                    assertThat(append.pid()).hasValue(Integer.parseInt(pid));
                    assertThat(append.age()).isPresent();
                });
                assertThat(follower.toString()).contains("TrickBoard behind TrainingSchool: WAITING", "pid " + pid);
            });
            release.countDown();
            open.get();
            impatient.waitUntilCaughtUp(Duration.ofSeconds(20));
            assertThat(impatient.health().followers())
                    .extracting(FollowerHealth::state)
                    .containsExactly(FollowerHealth.State.UP_TO_DATE);
        }
    }

    private Runner runner(RunnerSettings settings) {
        return new SingleThreadedRunner(runner.system(), recorders, settings);
    }

    /** A transaction that has appended, and asks a follower to process what it waits for itself. */
    @Test
    void whoHasAppendedInATransactionIsNotWaitedForByItself() {
        recorders.transactions().required(() -> {
            school.register("Fido");
            assertThat(school.notificationLog().end().readable()).isEqualTo(1);
        });

        assertThat(school.notificationLog().end().isSettled()).isTrue();
    }
}
