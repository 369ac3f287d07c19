package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A leader's log loses its tail, and its ids are given again; the follower's position stays. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class RestoredLeaderTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    @Parameter
    boolean postgres;

    private TestDatabase database;
    private MyBatisRecorders recorders;
    private Words words;
    private Echo echo;

    @BeforeEach
    void open() {
        database = postgres ? PostgresDatabase.migrated() : H2Database.migrated();
        recorders = MyBatisRecorders.over(database.dataSource());
        words = new Words(recorders);
        echo = echo();
    }

    @AfterEach
    void close() {
        recorders.close();
        database.close();
    }

    /** As another process has it. */
    private Echo echo() {
        Echo made = Echo.ofWords("Words", recorders);
        made.repeats = false;
        made.follow(words);
        return made;
    }

    /** Keeps the first events of the log, and gives the ids behind them again. */
    private void loseAllBut(long events) {
        database.execute("DELETE FROM stored_events WHERE id > " + events);
        database.execute(
                postgres
                        ? "ALTER TABLE stored_events ALTER COLUMN id RESTART WITH " + (events + 1)
                        : "UPDATE notification_counter SET last_id = " + events);
    }

    private LogMismatchException mismatchOf(Echo follower) {
        return catchThrowableOfType(LogMismatchException.class, () -> follower.pullAndProcess("Words"));
    }

    private Position position() {
        return recorders.processRecorder("Echo").position("Words").orElseThrow();
    }

    /** Fewer events than before, as many, and more; and such that the follower leaves out. */
    @ParameterizedTest
    @CsvSource({
        "d, true",
        "d e, true",
        "d e f g, true",
        "-d -e, true",
        "-d -e f, true",
        "d, false",
        "d e, false",
        "d e f g, false"
    })
    void stopsInFrontOfEventsThatHaveTheIdsOfOthers(String recordedAnew, boolean anew) {
        words.say("a", "b", "c");
        echo.pullAndProcess("Words");
        words.say("x", "y");
        echo.pullAndProcess("Words");
        loseAllBut(3);
        words.say(recordedAnew.split(" "));

        LogMismatchException mismatch = mismatchOf(anew ? echo() : echo);

        assertThat(mismatch.follower()).isEqualTo("Echo");
        assertThat(mismatch.leader()).isEqualTo("Words");
        assertThat(mismatch.position()).isEqualTo(5);
        assertThat(mismatch.expected()).map(LogMark::id).contains(5L);
        assertThat(mismatch.found()).isPresent().isNotEqualTo(mismatch.expected());
        assertThat(mismatch.lastEqual()).hasValue(3);
        assertThat(mismatch.isTransient()).isFalse();
        assertThat(mismatch)
                .hasMessageContainingAll(
                        "The log of Words is not the one that follower Echo has processed up to 5",
                        mismatch.expected().orElseThrow().toString(),
                        mismatch.found().orElseThrow().toString(),
                        "Event 3 is the last one that is known to be the same",
                        "acceptLog(\"Words\")");
        assertThat(position().notificationId()).isEqualTo(5);
    }

    @Test
    void knowsTheEventsThatItHasPassedBy() {
        words.say("a", "-b", "-c");
        echo.pullAndProcess("Words");
        loseAllBut(2);
        words.say("-d", "e");

        LogMismatchException mismatch = mismatchOf(echo);

        assertThat(mismatch.expected()).map(LogMark::id).contains(3L);
        assertThat(echo.seen).containsExactly("a");
    }

    /** The same process, which has seen the log a moment ago. */
    @Test
    void noticesAShorterLogAndALongerOneInTheSameProcess() {
        words.say("a", "b");
        echo.pullAndProcess("Words");
        loseAllBut(1);

        assertThat(mismatchOf(echo).lastEqual()).isEmpty();
        words.say("c");
        assertThat(mismatchOf(echo)).isNotNull();
        words.say("d");
        assertThat(mismatchOf(echo)).isNotNull();

        assertThat(echo.seen).containsExactly("a", "b");
    }

    @Test
    void waitsForNoEventThatThePositionPassesByItsIdAlone() {
        words.say("a", "b", "c");
        echo.pullAndProcess("Words");
        loseAllBut(1);
        words.say("d");

        assertThatExceptionOfType(LogMismatchException.class)
                .isThrownBy(() -> echo.waitUntil("Words", 2, AT_ONCE))
                .withMessageContaining("has processed up to 3");
        words.say("e", "f");
        assertThatExceptionOfType(LogMismatchException.class).isThrownBy(() -> echo.waitUntil("Words", 3, AT_ONCE));
    }

    @ParameterizedTest
    @EnumSource(SyncMode.class)
    void aSynchronisationNoticesItInEveryMode(SyncMode mode) {
        words.say("a", "b");
        echo.pullAndProcess("Words");
        loseAllBut(1);
        words.say("c");

        try (Runner runner = runner()) {
            FollowerSyncReport report = new FollowerSync(runner).sync(List.of(), mode);

            assertThat(report.results())
                    .singleElement()
                    .extracting(result -> result.failure().orElseThrow().cause())
                    .isInstanceOf(LogMismatchException.class);
        }
    }

    @Test
    void aRunnerStopsTheFollowerAndResumesItOnceTheLogIsAccepted() {
        words.say("a", "b", "c");
        echo.pullAndProcess("Words");
        loseAllBut(1);
        words.say("d");
        try (Runner runner = runner()) {
            Echo running = runner.get(Echo.class);
            running.repeats = false;
            runner.start();
            Concurrently.awaitUntil(() -> running.stoppedBy() != null);

            FollowerHealth health = runner.health().followers().get(0);
            assertThat(health.state()).isEqualTo(FollowerHealth.State.STOPPED);
            assertThat(health.error()).contains("has processed up to 3", "acceptLog");
            assertThatExceptionOfType(LogMismatchException.class)
                    .isThrownBy(() -> runner.waitUntilCaughtUp(Duration.ofSeconds(30)));
            running.acceptLog("Words");
            runner.resume(Echo.class);
            runner.get(Words.class).say("e");
            runner.waitUntilCaughtUp(Duration.ofSeconds(30));

            assertThat(running.seen).containsExactly("e");
        }
    }

    /** The follower is at work, and nothing has failed: the log is put back and grows to the same length. */
    @Test
    void aRunnerThatHasSeenTheLogAMomentAgoNoticesAnIdThatIsGivenAgain() {
        try (Runner runner = runner()) {
            Echo running = runner.get(Echo.class);
            running.repeats = false;
            runner.start();
            runner.get(Words.class).say("a", "b");
            runner.waitUntilCaughtUp(Duration.ofSeconds(30));
            loseAllBut(1);
            runner.get(Words.class).say("c");

            Concurrently.awaitUntil(() -> running.stoppedBy() != null);

            assertThat(running.stoppedBy()).isInstanceOf(LogMismatchException.class);
            assertThat(running.seen).containsExactly("a", "b");
            running.acceptLog("Words");
            runner.resume(Echo.class);
        }
    }

    private Runner runner() {
        return new SingleThreadedRunner(EventDrivenSystem.of(pipe(Words.class, Echo.class)), recorders);
    }

    @Test
    void anOperatorAcceptsALogWhoseEventsWereDeletedOnPurpose() {
        words.say("a", "b", "c");
        echo.pullAndProcess("Words");
        database.execute("DELETE FROM stored_events WHERE id > 1");
        words.say("d");
        assertThat(mismatchOf(echo).found()).map(LogMark::id).contains(1L);

        echo.acceptLog("Words");

        assertThat(position()).isEqualTo(new Position(3, 1));
        assertThat(echo.pullAndProcess("Words")).isEqualTo(1);
        assertThat(echo.seen).containsExactly("a", "b", "c", "d");
        echo.waitUntil("Words", position().notificationId(), AT_ONCE);
    }

    @Test
    void anAcceptedLogThatEndsBelowThePositionIsProcessedFromItsEnd() {
        words.say("a", "b", "c");
        echo.pullAndProcess("Words");
        loseAllBut(1);

        echo.acceptLog("Words");
        words.say("d");

        assertThat(echo.pullAndProcess("Words")).isEqualTo(1);
        assertThat(echo.seen).containsExactly("a", "b", "c", "d");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 0})
    void theStatementOfTheMessageHasTheEventsProcessedAgain(long kept) {
        words.say("a");
        echo.pullAndProcess("Words");
        words.say("b", "c");
        echo.pullAndProcess("Words");
        loseAllBut(kept);
        words.say("d", "e", "f");
        String message = String.valueOf(mismatchOf(echo).getMessage());

        int begin = message.indexOf("UPDATE notification_tracking");
        database.execute(message.substring(begin, message.indexOf(". Or, if", begin)));

        assertThat(echo.pullAndProcess("Words")).isEqualTo(3);
        assertThat(echo.seen).containsExactly("a", "b", "c", "d", "e", "f");
    }

    /** A position that moves behind a parked event keeps its marks. */
    @Test
    void knowsTheLogBehindAnEventThatWasParked() {
        echo.onFailure(FailureAction.PARK);
        echo.attempts(1);
        echo.before = (word, processing) -> {
            throw new IllegalStateException(word);
        };
        words.say("a");
        echo.pullAndProcess("Words");
        words.say("b");
        echo.pullAndProcess("Words");

        assertThat(echo.parking().count("Words")).isEqualTo(2);
        assertThat(position().marks()).extracting(LogMark::id).containsExactly(2L, 1L);
        loseAllBut(1);
        words.say("c");
        assertThat(mismatchOf(echo()).lastEqual()).hasValue(1);
    }

    /** What a program of V1 to V4 does with the position. */
    private void moveAsAProgramWithoutMarksDoes(long from, long to) {
        database.execute("UPDATE notification_tracking SET notification_id = " + to + ", epoch = 0"
                + " WHERE application_name = 'Echo' AND leader_name = 'Words' AND notification_id = " + from
                + " AND epoch = 0");
    }

    @Test
    void takesNoMarkOfAnotherPositionForItsOwn() {
        words.say("a");
        echo.pullAndProcess("Words");
        words.say("b", "c", "d");
        moveAsAProgramWithoutMarksDoes(1, 3);
        assertThat(position().marks()).isEmpty();

        assertThat(echo.pullAndProcess("Words")).isEqualTo(1);

        assertThat(position().lastEvent()).map(LogMark::id).contains(4L);
        moveAsAProgramWithoutMarksDoes(4, 3);
        assertThat(position().marks()).isEmpty();
    }

    /** Even where nothing is left to process. */
    @Test
    void marksAPositionThatAProgramWithoutMarksHasMoved() {
        words.say("a", "b");
        echo.pullAndProcess("Words");
        words.say("c");
        moveAsAProgramWithoutMarksDoes(2, 3);

        assertThat(echo().pullAndProcess("Words")).isZero();

        assertThat(position()).isEqualTo(new Position(3, 0));
        assertThat(position().lastEvent()).map(LogMark::id).contains(3L);
        loseAllBut(2);
        words.say("d");
        assertThat(mismatchOf(echo())).isNotNull();
    }

    @Test
    void theMarkIsThatOfTheEventAsItWasRecorded() {
        words.say("a");
        echo.pullAndProcess("Words");
        Optional<LogMark> before = position().lastEvent();
        database.execute("UPDATE stored_events SET recorded_at = recorded_at + INTERVAL '1' SECOND");

        assertThat(mismatchOf(echo()).expected()).isEqualTo(before);
        assertThat(List.of(position().lastEvent())).containsExactly(before);
    }
}
