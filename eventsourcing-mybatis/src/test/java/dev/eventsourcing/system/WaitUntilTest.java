package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reads what came of what they wrote waits for the follower. */
@ParameterizedClass
@EnumSource
class WaitUntilTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Parameter
    Store store;

    private Store.Opened opened;
    private RecorderFactory recorders;
    private Words words;
    private Echo echo;
    private Echo elsewhere;

    @BeforeEach
    void open() {
        opened = store.open();
        recorders = opened.recorders.uncounted();
        words = new Words(recorders);
        echo = Echo.ofWords("Words", recorders);
        echo.follow(words);
        elsewhere = Echo.ofWords("Words", recorders);
        elsewhere.follow(words);
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private List<Recording> say(String... said) {
        Text text = new Text(UUID.randomUUID());
        List.of(said).forEach(text::add);
        return words.save(text);
    }

    private static long last(List<Recording> recordings) {
        return recordings.get(recordings.size() - 1).notification().id();
    }

    private static long id(List<Recording> recordings, int index) {
        return recordings.get(index).notification().id();
    }

    private static boolean waits(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().endsWith("PositionWait")
                    && frame.getMethodName().equals("awaitHere")) {
                return thread.getState() == Thread.State.TIMED_WAITING;
            }
        }
        return false;
    }

    private Running<Void> startWaiting(List<Recording> recordings) {
        Running<Void> waiting = Concurrently.start(() -> echo.waitUntil("Words", recordings, LONG));
        waiting.awaitDoneOr(WaitUntilTest::waits);
        assertThat(waiting.isDone()).isFalse();
        return waiting;
    }

    @Test
    void returnsOnceTheFollowerHasProcessedIt() {
        CountDownLatch processing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        say("a");
        elsewhere.pullAndProcess("Words");
        elsewhere.before = (word, of) -> {
            processing.countDown();
            Concurrently.await(release);
        };
        List<Recording> recordings = say("b", "c");
        Running<Long> pull = Concurrently.start(() -> elsewhere.pullAndProcess("Words"));
        Concurrently.await(processing);
        Running<Void> waiting = Concurrently.start(() -> echo.waitUntil("Words", last(recordings), LONG));
        // In memory, who reads waits for the transaction.
        waiting.awaitDoneOr(thread -> waits(thread) || thread.getState() == Thread.State.WAITING);
        assertThat(waiting.isDone()).isFalse();

        release.countDown();

        waiting.get();
        assertThat(echo.repeated()).containsExactly("a", "b", "c");
        assertThat(pull.get()).isEqualTo(2);
    }

    @Test
    void returnsForEventsThatTheFollowerPassesBy() {
        Running<Void> waiting = startWaiting(say("a", "-crack"));

        elsewhere.pullAndProcess("Words");

        waiting.get();
        echo.waitUntil("Words", say(), Duration.ZERO);
        echo.waitUntil("Words", 0, Duration.ZERO);
        assertThat(elsewhere.seen).containsExactly("a");
    }

    @Test
    void saysThatAFollowerHasNotStartedAndReturnsOnceItHas() {
        List<Recording> recordings = say("a");
        long id = last(recordings);

        assertThatExceptionOfType(FollowerBehindException.class)
                .isThrownBy(() -> echo.waitUntil("Words", recordings, Duration.ofNanos(1)))
                .withMessageContainingAll(
                        "Echo is not at " + id + " in the log of Words after 0 ms",
                        "it has processed nothing of it yet",
                        "Start a runner")
                .satisfies(behind -> {
                    assertThat(behind.follower()).isEqualTo("Echo");
                    assertThat(behind.leader()).isEqualTo("Words");
                    assertThat(behind.notificationId()).isEqualTo(id);
                    assertThat(behind.position()).isEmpty();
                    assertThat(behind.isParked()).isFalse();
                });

        Running<Void> waiting = startWaiting(recordings);
        elsewhere.pullAndProcess("Words");
        waiting.get();
    }

    @Test
    void looksOnceWithoutATimeAndSaysHowFarTheFollowerHasCome() {
        long first = last(say("a"));
        elsewhere.pullAndProcess("Words");
        List<Recording> later = say("b");

        echo.waitUntil("Words", first, Duration.ZERO);

        assertThatExceptionOfType(FollowerBehindException.class)
                .isThrownBy(() -> echo.waitUntil("Words", later, Duration.ZERO))
                .withMessageContaining("it has come to " + first)
                .satisfies(behind -> assertThat(behind.position()).hasValue(first));
    }

    @Test
    void saysThatNothingWasRecordedThereYet() {
        say("a");
        elsewhere.pullAndProcess("Words");

        assertThatExceptionOfType(FollowerBehindException.class)
                .isThrownBy(() -> echo.waitUntil("Words", 1_000_000, Duration.ZERO))
                .withMessageContaining("The log ends at 1. Wait for an id that was recorded there");
    }

    @Test
    void refusesToWaitInATransaction() {
        Words far = new Words("Far", new InMemoryRecorders());
        echo.follow(far);

        assertThatThrownBy(() -> words.transactions().required(() -> echo.waitUntil("Words", say("a"), Duration.ZERO)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("Nobody waits for follower Echo in a transaction", "after the commit");
        assertThatThrownBy(() -> far.transactions().required(() -> echo.waitUntil("Far", 1, Duration.ZERO)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("in a transaction");
        assertThatThrownBy(() -> words.transactions().required(() -> echo.waitUntil("Words", List.of(), Duration.ZERO)))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void refusesAnUnknownLeaderAndATimeBelowZero() {
        assertThatThrownBy(() -> echo.waitUntil("Nobody", 1, LONG))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(
                        "Follower Echo does not follow Nobody. It follows: [Words]. Take it from a runner");
        assertThatThrownBy(() -> echo.waitUntil("Words", 1, Duration.ofMillis(-1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("PT-0.001S");
        assertThatCode(() -> echo.waitUntil("Words", 0, Duration.ofSeconds(Long.MAX_VALUE)))
                .doesNotThrowAnyException();
    }

    @Test
    void saysThatWhatIsWaitedForIsParked() {
        List<Recording> recordings = say("a", "b", "c", "d", "e");
        elsewhere.pullAndProcess("Words");
        ParkedEvents parked = recorders.parkedEvents("Echo");
        recorders
                .transactions()
                .required(() -> parked.park(List.of(parked(recordings.get(1)), parked(recordings.get(3)))));

        for (List<Recording> some : List.of(recordings, recordings.subList(1, 2), recordings.subList(0, 3))) {
            assertThatExceptionOfType(FollowerBehindException.class)
                    .isThrownBy(() -> echo.waitUntil("Words", some, Duration.ofHours(1)))
                    .withMessage("Echo has parked notification " + id(recordings, 1)
                            + " of Words, and does not process it" + " until it is retried: no such dog")
                    .satisfies(behind -> {
                        assertThat(behind.isParked()).isTrue();
                        assertThat(behind.notificationId()).isEqualTo(id(recordings, 1));
                        assertThat(behind.position()).hasValue(id(recordings, 4));
                    });
        }
        echo.waitUntil("Words", id(recordings, 2), Duration.ZERO);
        echo.waitUntil("Words", List.of(recordings.get(0), recordings.get(2), recordings.get(4)), Duration.ZERO);
        parked.remove("Words", List.of(id(recordings, 1), id(recordings, 3)));
        echo.waitUntil("Words", recordings, Duration.ZERO);
    }

    private static ParkedEvent parked(Recording recording) {
        return new ParkedEvent(
                "Words",
                recording.notification().id(),
                recording.event().originatorId(),
                recording.event().originatorVersion(),
                recording.notification().event().topic(),
                "no such dog",
                1,
                Instant.EPOCH);
    }

    @Test
    void anInterruptedThreadStopsWaitingAndStaysInterrupted() {
        List<Recording> recordings = say("a");
        Running<Boolean> interrupted = Concurrently.start(() -> {
            assertThatThrownBy(() -> echo.waitUntil("Words", recordings, Duration.ofSeconds(Long.MAX_VALUE)))
                    .isInstanceOf(EventSourcingException.class)
                    .hasMessageContaining("Interrupted while waiting for Echo to come to 1 in the log of Words");
            return Thread.currentThread().isInterrupted();
        });
        interrupted.awaitDoneOr(WaitUntilTest::waits);

        interrupted.thread().interrupt();

        assertThat(interrupted.get()).isTrue();
    }
}
