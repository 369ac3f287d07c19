package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.EventDecodingException;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.testsupport.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events that a follower cannot process, and what becomes of them. */
class ParkingTest {
    private final Set<String> bad = new HashSet<>(Set.of("bad"));
    private Store.Opened opened;
    private Words words;
    private Echo echo;

    @AfterEach
    void close() {
        opened.close();
    }

    @ParameterizedTest
    @EnumSource
    void parksWhatFailsAndAllThatIsBehindItOfTheSameOriginator(Store store) {
        open(store);
        UUID first = words.say("a", "bad", "c");
        UUID second = words.say("x");
        words.sayOn(first, "d");
        words.sayOn(second, "y");

        long processed = echo.pullAndProcess("Words");

        assertThat(processed).isEqualTo(3);
        assertThat(echo.repeated()).containsExactly("a", "x", "y");
        assertThat(parked())
                .extracting(ParkedEvent::originatorId, ParkedEvent::originatorVersion, ParkedEvent::attempts)
                .containsExactly(tuple(first, 2L, 1), tuple(first, 3L, 0), tuple(first, 4L, 0));
        assertThat(parked().get(0).reason()).isEqualTo("IllegalStateException: cannot repeat bad");
        assertThat(parked().get(1).reason()).isEqualTo("behind an earlier event of the same originator");
        assertThat(echo.parking().count("Words")).isEqualTo(3);
        assertThat(echo.pullAndProcess("Words")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void stopsInFrontOfWhatFailsIfItIsNotToParkIt(Store store) {
        open(store);
        echo.onFailure(FailureAction.STOP);
        words.say("a", "bad", "c");

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .satisfies(e -> assertThat(e.originatorVersion()).isEqualTo(2));
        assertThat(echo.repeated()).containsExactly("a");
        assertThat(parked()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anotherProcessHonoursWhatIsParkedEvenIfItStopsAtFailures(Store store) {
        open(store);
        UUID first = words.say("bad");
        echo.pullAndProcess("Words");
        Echo restarted = echo(opened.ofAnotherProcess());
        restarted.onFailure(FailureAction.STOP);
        words.sayOn(first, "b");
        words.say("x");

        assertThat(restarted.pullAndProcess("Words")).isEqualTo(1);

        assertThat(restarted.repeated()).containsExactly("x");
        assertThat(parked()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void whatMayPassIsTriedAsOftenAsTheFollowerSaysBeforeItIsParked(Store store) {
        open(store);
        echo.attempts(3);
        echo.before = (word, processing) -> {
            throw new PersistenceException("the lock is not free", null, true);
        };
        words.say("a");

        assertThat(echo.pullAndProcess("Words")).isZero();

        // Each time in its batch first, then alone.
        assertThat(echo.seen).hasSize(2 * 3);
        assertThat(parked()).extracting(ParkedEvent::attempts).containsExactly(3);
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseThatIsOutOfReachParksNothing(Store store) {
        open(store);
        echo.attempts(2);
        echo.before = (word, processing) -> {
            throw new CannotConnectException("the other database is away", null, true);
        };
        words.say("a");

        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> echo.pullAndProcess("Words"));
        assertThat(parked()).isEmpty();
        assertThat(position()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void anErrorParksNothing(Store store) {
        open(store);
        echo.before = (word, processing) -> {
            throw new StackOverflowError();
        };
        words.say("a");

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .withCauseInstanceOf(StackOverflowError.class);
        assertThat(parked()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void parksWhatItCannotReadAndCutsTheReason(Store store) {
        open(store);
        UUID unknown = UUID.randomUUID();
        UUID broken = UUID.randomUUID();
        opened.ofAnotherProcess()
                .applicationRecorder("Words")
                .insertEvents(List.of(
                        new StoredEvent(unknown, 1, "Words.Uttered", new byte[] {1}),
                        new StoredEvent(broken, 1, "Words.Spoken", new byte[] {1, 2, 3})));
        echo.before = (word, processing) -> {
            throw new IllegalStateException("x".repeat(3_000));
        };
        words.say("a");

        echo.pullAndProcess("Words");
        RetryResult again = echo.parking().retry("Words", broken);

        assertThat(parked()).hasSize(3);
        assertThat(parked().get(0).reason()).contains("Words.Uttered");
        assertThat(parked().get(2).reason()).hasSize(2_000).endsWith("...");
        assertThat(again.failures())
                .singleElement()
                .satisfies(e -> assertThat(e).hasCauseInstanceOf(EventDecodingException.class));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsParkedAndThePositionAreOneTransaction(Store store) {
        open(store);
        words.say("bad");
        EventProcessingException failed = failure(echo);
        Echo twin = echo(opened.ofAnotherProcess());
        twin.park(failed, 2, terms());

        assertThatExceptionOfType(TrackingConflictException.class).isThrownBy(() -> echo.park(failed, 3, terms()));

        assertThat(parked()).extracting(ParkedEvent::attempts).containsExactly(2);
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWhereAnotherProcessHasParkedTheSameEventFirst(Store store) {
        open(store);
        Interposed interposed = new Interposed(opened.ofAnotherProcess());
        Echo slower = echo(interposed);
        words.say("bad");
        words.say("x");
        // Read once before the pass, and once more to see whether the event failed as another was faster.
        interposed.afterPosition = () -> interposed.afterPosition = () -> echo.pullAndProcess("Words");

        assertThat(slower.pullAndProcess("Words")).isZero();

        assertThat(echo.repeated()).containsExactly("x");
        assertThat(parked()).extracting(ParkedEvent::attempts).containsExactly(1);
    }

    // Another try.

    @ParameterizedTest
    @EnumSource
    void processesInOrderWhatWasParkedAndThenWhatComes(Store store) {
        open(store);
        UUID first = words.say("bad", "b");
        words.say("x");
        echo.pullAndProcess("Words");
        List<Integer> told = new ArrayList<>();
        echo.onRecorded(recordings -> told.add(recordings.size()));
        bad.clear();

        RetryResult result = echo.parking().retry("Words", first);
        words.sayOn(first, "c");
        echo.pullAndProcess("Words");

        assertThat(result).isEqualTo(new RetryResult(2, 0, 0, List.of()));
        assertThat(echo.repeated()).containsExactly("x", "bad", "b", "c");
        assertThat(told).containsExactly(1, 1, 1);
        assertThat(parked()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsAgainStaysInItsPlaceAndTheNextOriginatorHasItsTurn(Store store) {
        open(store);
        UUID first = words.say("bad", "b");
        UUID second = words.say("bad", "y");
        echo.pullAndProcess("Words");
        echo.before = (word, processing) -> {
            if (processing.notificationId() == parked().get(0).notificationId()) {
                throw new IllegalStateException("never");
            }
        };

        RetryResult result = echo.parking().retryAll("Words");

        assertThat(result.processed()).isEqualTo(2);
        assertThat(result.stillParked()).isEqualTo(2);
        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.failures())
                .singleElement()
                .satisfies(e -> assertThat(e.originatorId()).isEqualTo(first).isNotEqualTo(second));
        assertThat(echo.repeated()).containsExactly("bad", "y");
        assertThat(parked())
                .extracting(ParkedEvent::originatorVersion, ParkedEvent::attempts)
                .containsExactly(tuple(1L, 2), tuple(2L, 0));
        assertThat(parked().get(0).reason()).contains("never");
    }

    @ParameterizedTest
    @EnumSource
    void whatMayPassIsTriedAgainInARetryToo(Store store) {
        open(store);
        UUID first = words.say("bad");
        echo.pullAndProcess("Words");
        List<String> failures = new ArrayList<>(List.of("first", "second"));
        echo.before = (word, processing) -> {
            if (!failures.isEmpty()) {
                throw new PersistenceException(failures.remove(0), null, true);
            }
        };

        RetryResult result = echo.parking().retry("Words", first);

        assertThat(result).isEqualTo(new RetryResult(1, 0, 0, List.of()));
        assertThat(echo.repeated()).containsExactly("bad");
    }

    @ParameterizedTest
    @EnumSource
    void anErrorAndADatabaseOutOfReachEndARetryAndChangeNothing(Store store) {
        open(store);
        UUID first = words.say("bad");
        echo.pullAndProcess("Words");
        echo.attempts(2);

        for (Supplier<Throwable> thrown : List.<Supplier<Throwable>>of(
                StackOverflowError::new, () -> new CannotConnectException("away", null, true))) {
            echo.before = (word, processing) -> sneak(thrown.get());
            assertThatExceptionOfType(EventProcessingException.class)
                    .isThrownBy(() -> echo.parking().retry("Words", first));
        }

        assertThat(parked()).extracting(ParkedEvent::attempts).containsExactly(1);
        assertThat(parked().get(0).reason()).contains("cannot repeat bad");
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoRetriesOneProcessesTheEvents(Store store) {
        open(store);
        UUID first = words.say("bad", "b");
        Interposed interposed = new Interposed(opened.ofAnotherProcess());
        Echo slower = echo(interposed);
        echo.pullAndProcess("Words");
        bad.clear();
        interposed.afterSelect = () -> echo.parking().retry("Words", first);

        RetryResult result = slower.parking().retry("Words", first);

        assertThat(result.processed()).isZero();
        assertThat(echo.repeated()).containsExactly("bad", "b");
        assertThat(parked()).isEmpty();
    }

    /** What another process has processed meanwhile is not put back. */
    @ParameterizedTest
    @EnumSource
    void aRetryThatFailsDoesNotParkWhatAnotherHasProcessed(Store store) {
        open(store);
        UUID first = words.say("bad");
        Interposed interposed = new Interposed(opened.ofAnotherProcess());
        Echo failing = echo(interposed);
        echo.pullAndProcess("Words");
        echo.before = (word, processing) -> {};
        // Once to find the event, and once more to note why it failed.
        interposed.afterSelect =
                () -> interposed.afterSelect = () -> echo.parking().retry("Words", first);

        RetryResult result = failing.parking().retry("Words", first);

        assertThat(result).isEqualTo(new RetryResult(0, 0, 0, List.of()));
        assertThat(echo.repeated()).containsExactly("bad");
        assertThat(parked()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRetryTakesAlongWhatIsParkedBehindMeanwhile(Store store) {
        open(store);
        UUID first = words.say("bad");
        Interposed interposed = new Interposed(opened.ofAnotherProcess());
        Echo retrying = echo(interposed);
        echo.pullAndProcess("Words");
        retrying.before = (word, processing) -> {};
        interposed.afterSelect = () -> {
            words.sayOn(first, "b");
            echo.pullAndProcess("Words");
        };

        RetryResult result = retrying.parking().retry("Words", first);

        assertThat(result).isEqualTo(new RetryResult(2, 0, 0, List.of()));
        assertThat(echo.repeated()).containsExactly("bad", "b");
    }

    @Test
    void saysSoWhenOthersAreFasterEveryTime() {
        open(Store.MEMORY);
        UUID first = words.say("bad");
        Interposed interposed = new Interposed(opened.ofAnotherProcess());
        Echo slower = echo(interposed);
        echo.pullAndProcess("Words");
        bad.clear();
        interposed.afterSelect = new Runnable() {
            @Override
            public void run() {
                words.say("x");
                echo.pullAndProcess("Words");
                interposed.afterSelect = this;
            }
        };

        assertThatExceptionOfType(TrackingConflictException.class)
                .isThrownBy(() -> new Parking(slower, Duration.ofMillis(1)).retry("Words", first))
                .withMessageContaining("30 times")
                .withMessageContaining("Try again");
        assertThat(parked()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsGoneFromTheLogSaysSo(Store store) {
        open(store);
        words.say("a");
        echo.pullAndProcess("Words");
        UUID lost = UUID.randomUUID();
        long id = position().notificationId();
        opened.ofAnotherProcess()
                .parkedEvents("Echo")
                .park(List.of(new ParkedEvent("Words", id, lost, 1, "Words.Spoken", "", 1, Instant.EPOCH)));

        RetryResult result = echo.parking().retry("Words", lost);

        assertThat(result.failures())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessageContaining("is not in the log of Words any more"));
        assertThat(echo.repeated()).containsExactly("a");
    }

    @ParameterizedTest
    @EnumSource
    void leavesWhatIsAboveAPositionThatWasReset(Store store) {
        open(store);
        UUID first = words.say("a", "bad");
        echo.pullAndProcess("Words");
        Position position = position();
        opened.ofAnotherProcess()
                .processRecorder("Echo")
                .insertEvents(List.of(), new Tracking("Words", position, 0, position.epoch() + 1));
        bad.clear();
        echo.repeats = false;
        echo.seen.clear();

        RetryResult before = echo.parking().retry("Words", first);
        RetryResult allBefore = echo.parking().retryAll("Words");
        echo.pullAndProcess("Words");
        RetryResult after = echo.parking().retryAll("Words");

        assertThat(before.processed()).isZero();
        assertThat(allBefore.stillParked()).isEqualTo(1);
        assertThat(after).isEqualTo(new RetryResult(2, 0, 0, List.of()));
        assertThat(echo.seen).containsExactly("a", "bad");
    }

    @ParameterizedTest
    @EnumSource
    void readsPagesHoweverMuchIsParked(Store store) {
        open(store);
        Interposed interposed = new Interposed(opened.ofAnotherProcess());
        Echo many = echo(interposed);
        many.repeats = false;
        String[] behind = new String[1_100];
        java.util.Arrays.fill(behind, "b");
        behind[0] = "bad";
        UUID first = words.say(behind);
        words.say("bad", "z");
        many.pullAndProcess("Words");

        RetryResult failing = many.parking().retryAll("Words");
        long dropped = many.parking().drop("Words", first);
        bad.clear();
        RetryResult rest = many.parking().retryAll("Words");

        assertThat(failing.processed()).isZero();
        assertThat(failing.stillParked()).isEqualTo(1_102);
        assertThat(failing.failed()).isEqualTo(2);
        assertThat(dropped).isEqualTo(1_100);
        assertThat(rest).isEqualTo(new RetryResult(2, 0, 0, List.of()));
        assertThat(interposed.largestPage).isEqualTo(500);
    }

    // Taken out for good.

    @ParameterizedTest
    @EnumSource
    void dropsOneEventAndTheRestCanBeTriedAgain(Store store) {
        open(store);
        UUID first = words.say("bad", "b");
        echo.pullAndProcess("Words");
        Position before = position();

        long dropped = echo.parking().drop("Words", parked().get(0).notificationId());
        long again = echo.parking().drop("Words", 1_000_000);

        assertThat(dropped).isEqualTo(1);
        assertThat(again).isZero();
        assertThat(position()).isEqualTo(new Position(before.notificationId(), before.epoch() + 1));
        assertThat(echo.parking().retry("Words", first).processed()).isEqualTo(1);
        assertThat(echo.repeated()).containsExactly("b");
    }

    @ParameterizedTest
    @EnumSource
    void dropsAnOriginatorAndProcessesWhatItRecordsLater(Store store) {
        open(store);
        UUID first = words.say("bad", "b");
        words.say("bad");
        echo.pullAndProcess("Words");

        long dropped = echo.parking().drop("Words", first);
        words.sayOn(first, "c");
        echo.pullAndProcess("Words");

        assertThat(dropped).isEqualTo(2);
        assertThat(echo.repeated()).containsExactly("c");
        assertThat(parked()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void changesNothingInATransactionAndNoPageOfASizeThatCannotBe(Store store) {
        open(store);
        UUID first = words.say("bad");
        echo.pullAndProcess("Words");
        Parking parking = echo.parking();

        for (Runnable change : List.<Runnable>of(
                () -> parking.retry("Words", first),
                () -> parking.retryAll("Words"),
                () -> parking.drop("Words", first),
                () -> parking.drop("Words", 1))) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> echo.transactions().required(change))
                    .withMessageContaining("outside of one");
        }
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> parking.list("Words", 0, 0));
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> parking.list("Words", 0, 10_001));
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> parking.retryAll("Verses"));
        assertThat(parked()).hasSize(1);
    }

    private void open(Store store) {
        opened = store.open();
        RecorderFactory recorders = opened.recorders.uncounted();
        words = new Words(recorders);
        echo = echo(recorders);
    }

    /** A follower that parks the words that are bad. */
    private Echo echo(RecorderFactory recorders) {
        Echo made = new Echo(recorders);
        made.onFailure(FailureAction.PARK);
        made.follow(new Words(recorders));
        made.before = (word, processing) -> {
            if (bad.contains(word)) {
                throw new IllegalStateException("cannot repeat " + word);
            }
        };
        return made;
    }

    private List<ParkedEvent> parked() {
        return echo.parking().list("Words", 0, 10_000);
    }

    private Position position() {
        return opened.ofAnotherProcess()
                .processRecorder("Echo")
                .position("Words")
                .orElse(null);
    }

    private static Pull.Terms terms() {
        return new Pull.Terms(BatchSize.DEFAULT, Long.MAX_VALUE, true, Pace.UNHURRIED, PullListener.NOBODY);
    }

    private static EventProcessingException failure(Follower follower) {
        try {
            follower.pass("Words", terms());
            throw new AssertionError("It did not fail");
        } catch (EventProcessingException e) {
            return e;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
