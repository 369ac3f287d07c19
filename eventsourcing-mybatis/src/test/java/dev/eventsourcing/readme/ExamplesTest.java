package dev.eventsourcing.readme;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpServer;
import dev.eventsourcing.persistence.CipherKeys;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.RetryResult;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.testing.AggregateScenario;
import dev.eventsourcing.testing.StateScenario;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import training.Dog;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCount;
import training.TrickCountMapper;

/** What the README shows beside the training school. */
class ExamplesTest {
    @Test
    void whoHasNoLessonsLeftTakesNone() {
        StateScenario.of(Membership.class, Membership.Event.class, Membership::after)
                .given(new Membership.Begun("Fido", 1), new Membership.LessonTaken())
                .when(Membership::takeLesson)
                .thenThrows(IllegalStateException.class, "Fido has no lessons left");
    }

    @Test
    void snapshotsForgetNothing() {
        AggregateScenario.of(Puppy.class, Puppy::new)
                .snapshots(Puppy.State.class, Puppy::state, Puppy::restore)
                .given(new Puppy.Weighed(450), new Puppy.Weighed(470), new Puppy.Weighed(480))
                .thenSnapshotsAgree();
    }

    @ParameterizedTest
    @EnumSource
    void aMembershipLastsAsManyLessonsAsWerePaid(Store store) {
        try (Store.Opened opened = store.open()) {
            Memberships memberships = new Memberships(opened.recorders);
            UUID id = memberships.begin("Fido", 2);

            memberships.takeLesson(id);
            memberships.takeLesson(id);

            assertThat(memberships.lessonsLeft(id)).isZero();
            assertThatIllegalStateException().isThrownBy(() -> memberships.takeLesson(id));
        }
    }

    @ParameterizedTest
    @EnumSource
    void puppiesGrowAndAreLogged(Store store) {
        try (Store.Opened opened = store.open()) {
            Puppies puppies = new Puppies(opened.recorders, "1:" + CipherKeys.newKey(256));
            UUID id = puppies.born(300);

            for (int day = 1; day <= 120; day++) {
                puppies.weigh(id, 300 + day);
            }

            assertThat(puppies.all()).containsExactly(id);
            assertThat(puppies.puppies().get(id).state().weights()).hasSize(121).endsWith(420);
            assertThat(opened.recorders.snapshotRecorder("Puppies").selectEvents(id, VersionRange.all()))
                    .extracting(StoredEvent::originatorVersion)
                    .containsExactly(100L);
            assertThat(puppies.configuration())
                    .containsPattern("compressor +deflate +code")
                    .containsPattern("cipher-keys +\\*\\*\\* +code")
                    .containsPattern("snapshots +Puppy every 100 +code")
                    .containsPattern("cache +Puppy 1000 +code");
        }
    }

    @ParameterizedTest
    @EnumSource
    void weightsInOuncesAreReadInGrams(Store store) {
        try (Store.Opened opened = store.open()) {
            UUID id = UUID.randomUUID();
            String state = "\u0001{\"at\":\"2020-01-01T00:00:00Z\",\"data\":{\"ounces\":10}}";
            opened.recorders
                    .applicationRecorder("Puppies")
                    .insertEvents(
                            List.of(new StoredEvent(id, 1, "Puppy.Weighed", state.getBytes(StandardCharsets.UTF_8))));

            Puppies puppies = new Puppies(opened.recorders, "1:" + CipherKeys.newKey(128));

            assertThat(puppies.puppies().get(id).state().weights()).containsExactly(280);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void aSchoolRunsParksRetriesAndIsListenedTo(Store store) {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (TestDatabase database = store == Store.H2 ? H2Database.migrated() : PostgresDatabase.migrated();
                Runner runner = RunningSchool.runner(
                        MyBatisRecorders.over(database.dataSource(), TrickCountMapper.class), registry)) {
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), TrickCountMapper.class);
            recorders.mapper(TrickCountMapper.class).createTable();
            RunningSchool.Tricks tricks = runner.get(RunningSchool.Tricks.class);
            TrainingSchool school = runner.get(TrainingSchool.class);
            runner.start();
            List<Object> pushed = new ArrayList<>();

            school.register("Fido");
            school.addTrick("Fido", "sit");
            school.addTrick("Fido", " ");
            school.addTrick("Fido", "fetch");
            school.register("Rex");
            school.addTrick("Rex", "sit");
            runner.waitUntilCaughtUp(Duration.ofSeconds(20));
            RetryResult retried = RunningSchool.retry(tricks);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> RunningSchool.push(school, 0, trick -> {
                        pushed.add(trick);
                        if (pushed.size() == 4) {
                            throw new IllegalStateException("enough");
                        }
                    }));
            RunningSchool.waitFor(tricks, List.of());

            assertThat(recorders.mapper(TrickCountMapper.class).selectAll()).containsExactly(new TrickCount("sit", 2));
            assertThat(retried.processed()).isZero();
            assertThat(retried.stillParked()).isEqualTo(2);
            assertThat(pushed).hasSize(4).last().isEqualTo(new Dog.TrickAdded("sit"));
            assertThat(registry.get("eventsourcing.follower.parked").counter().count())
                    .isEqualTo(2);
            assertThat(runner.health().toString()).contains("Tricks behind TrainingSchool: UP_TO_DATE", "2 parked");
        }
    }

    @Test
    void aRunnerFollowsAnotherProgram() throws IOException {
        try (Store.Opened leading = Store.MEMORY.open();
                TestDatabase following = H2Database.migrated();
                Runner runner = new SingleThreadedRunner(
                        EventDrivenSystem.of(pipe(TrickBoard.class)),
                        MyBatisRecorders.over(following.dataSource(), TrickCountMapper.class))) {
            TrainingSchool school = new TrainingSchool(leading.recorders.uncounted());
            TrickBoard board = runner.get(TrickBoard.class);
            board.createTable();
            HttpServer server = TwoPrograms.lead(school, 0);
            try {
                TwoPrograms.follow(board, server.getAddress().getPort());
                runner.start();
                school.register("Fido");
                school.addTrick("Fido", "sit");
                board.waitUntil("TrainingSchool", 2, Duration.ofSeconds(20));
            } finally {
                server.stop(0);
            }

            assertThat(board.counts()).containsExactly(new TrickCount("sit", 1));
        }
    }

    @Test
    void aProgramFollowsAnotherOne() throws IOException {
        try (Store.Opened leading = Store.MEMORY.open();
                TestDatabase following = H2Database.migrated()) {
            TrainingSchool school = new TrainingSchool(leading.recorders);
            school.register("Fido");
            school.addTrick("Fido", "sit");
            TrickBoard board = new TrickBoard(MyBatisRecorders.over(following.dataSource(), TrickCountMapper.class));
            board.createTable();
            HttpServer server = TwoPrograms.lead(school, 0);
            try {
                TwoPrograms.follow(board, server.getAddress().getPort());
                board.pullAndProcess("TrainingSchool");
            } finally {
                server.stop(0);
            }

            assertThat(board.counts()).containsExactly(new TrickCount("sit", 1));
        }
    }
}
