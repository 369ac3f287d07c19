package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Store;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where nearly all events fail, a follower that parks them stops. */
@ParameterizedClass
@EnumSource
class ParkingLimitTest {
    @Parameter
    Store store;

    private Store.Opened opened;
    private RecorderFactory recorders;
    private Words words;

    @BeforeEach
    void open() {
        opened = store.open();
        recorders = opened.recorders.uncounted();
        words = new Words(recorders);
    }

    @AfterEach
    void close() {
        opened.close();
    }

    /** Parks the words that begin with an x. */
    static class Picky extends Echo {
        Picky(RecorderFactory recorders) {
            super("Picky", recorders);
            onFailure(FailureAction.PARK);
            attempts(1);
            repeats = false;
            before = (word, processing) -> {
                if (word.startsWith("x")) {
                    throw new IllegalStateException("no room for " + word);
                }
            };
        }
    }

    private Picky picky() {
        Picky made = new Picky(recorders);
        made.follow(words);
        return made;
    }

    /** One that is given no noises. */
    private Picky pickyOfWords() {
        Picky made = new Picky(recorders);
        made.follows("Words", Words.Spoken.class);
        made.follow(words);
        return made;
    }

    /** Says each word in an aggregate of its own. */
    private void say(String... said) {
        for (String word : said) {
            words.say(word);
        }
    }

    private static void catchUp(Follower follower) {
        follower.pullAndProcess("Words");
    }

    private static ParkingLimitException limitOf(Follower follower) {
        return catchThrowableOfType(ParkingLimitException.class, () -> catchUp(follower));
    }

    private long parked() {
        return recorders.parkedEvents("Picky").count("Words");
    }

    @Test
    void stopsBeforeItParksTheFifthInARow() {
        say("a", "x1", "x2", "-b", "x3", "x4");
        Picky picky = pickyOfWords();
        catchUp(picky);
        say("x5", "c");

        ParkingLimitException limit = limitOf(picky);

        assertThat(limit.notificationId()).isEqualTo(7);
        assertThat(limit.parked()).extracting(ParkedEvent::notificationId).containsExactly(6L, 5L, 3L, 2L);
        assertThat(limit)
                .hasMessageContainingAll(
                        "5 events of different aggregates have failed in a row",
                        "the cause is probably not the events",
                        "6 (Words.Spoken of ",
                        "no room for x5",
                        "parking().retryAll")
                .hasRootCauseMessage("no room for x5");
        assertThat(parked()).isEqualTo(4);
        assertThat(picky.recorder().position("Words").orElseThrow().notificationId())
                .isEqualTo(6);
        // As after a restart.
        assertThat(limitOf(pickyOfWords())).isNotNull();
        assertThat(parked()).isEqualTo(4);
    }

    @Test
    void anEventThatIsProcessedEndsTheRow() {
        say("x1", "x2", "x3", "x4", "a", "x5", "x6", "x7", "x8");

        catchUp(picky());

        assertThat(parked()).isEqualTo(8);
    }

    @Test
    void eventsBehindAParkedOneDoNotCount() {
        UUID text = words.say("x1", "a", "b", "c", "d", "e", "f");
        say("x2", "x3");
        words.sayOn(text, "g", "h");
        Picky picky = picky();
        catchUp(picky);
        assertThat(parked()).isEqualTo(11);
        say("x4");
        catchUp(picky);
        words.sayOn(text, "i");
        say("x5");

        assertThat(limitOf(picky).parked()).hasSize(4);

        assertThat(parked()).isEqualTo(13);
    }

    private void sayFifteenThatFail(int processedBetween) {
        for (int failed = 1; failed <= 15; failed++) {
            say("x" + failed);
            say("a".repeat(processedBetween).split(""));
        }
    }

    @Test
    void stopsWhereMoreThanATenthOfTheLastHundredFail() {
        Picky picky = picky();
        sayFifteenThatFail(1);

        ParkingLimitException limit = limitOf(picky);

        assertThat(limit).hasMessageContaining("more than 10 % of the last 100 events have failed");
        assertThat(limit.parked()).hasSize(10);
        assertThat(parked()).isEqualTo(10);
    }

    @Test
    void parksATenthOfAll() {
        sayFifteenThatFail(9);

        catchUp(picky());

        assertThat(parked()).isEqualTo(15);
    }

    @Test
    void countsNoEventThatWasRetriedWithSuccessOrDropped() {
        say("x1", "x2", "x3", "x4");
        Picky picky = picky();
        catchUp(picky);
        picky.before = (word, processing) -> {
            if (word.startsWith("x") && !word.equals("x1")) {
                throw new IllegalStateException(word);
            }
        };
        picky.parking().retryAll("Words");
        assertThat(parked()).isEqualTo(3);
        picky.parking().drop("Words", 2);
        say("x5", "x6");

        catchUp(picky);

        assertThat(parked()).isEqualTo(4);
        say("x7");
        assertThat(limitOf(picky)).isNotNull();
    }

    @Test
    void isSetForAFollowerAndMayBeOff() {
        Picky picky = picky();
        picky.parkingLimit(0, 0);
        for (int i = 0; i < 12; i++) {
            say("x" + i);
        }
        catchUp(picky);
        assertThat(parked()).isEqualTo(12);
        picky.parkingLimit(2, 0);
        say("x");
        assertThat(limitOf(picky)).hasMessageContaining("2 events of different aggregates");
        picky.parkingLimit(0, 100);
        catchUp(picky);
        assertThat(parked()).isEqualTo(13);
        for (int[] wrong : new int[][] {{1, 0}, {-1, 0}, {101, 0}, {0, -1}, {0, 101}}) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> picky.parkingLimit(wrong[0], wrong[1]))
                    .withMessageContaining(wrong[0] + " events in a row and " + wrong[1] + " %");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunnerStopsTheFollowerAndCountsAnewOnceItResumes(RunnersTest.Kind kind) {
        try (Runner runner =
                kind.of(EventDrivenSystem.of(pipe(Words.class, Picky.class)), recorders, RunnerSettings.defaults())) {
            Picky picky = runner.get(Picky.class);
            say("x1", "x2", "x3", "x4", "x5");
            runner.start();
            Concurrently.awaitUntil(() -> picky.stoppedBy() != null);

            assertThat(picky.stoppedBy()).isInstanceOf(ParkingLimitException.class);
            assertThat(runner.health().followers().get(0).state()).isEqualTo(FollowerHealth.State.STOPPED);
            assertThat(parked()).isEqualTo(4);

            say("x6", "x7", "x8", "x9");
            runner.resume(Picky.class);
            Concurrently.awaitUntil(() -> picky.stoppedBy() != null && parked() > 4);

            assertThat(parked()).isEqualTo(8);
            picky.before = (word, processing) -> {};
            runner.resume(Picky.class);
        }
    }
}
