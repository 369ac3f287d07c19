package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.CountingRecorders;
import dev.eventsourcing.testsupport.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many events are in a transaction, what that costs, and what is left when one of them fails. */
class BatchSizeTest {
    @ParameterizedTest
    @MethodSource("storesAndSizes")
    void aBatchIsOneInsertAndOneMoveOfThePositionAndAPageMayBeManyBatches(Store store, int size) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders);
            Echo echo = echo(opened, words, size);
            echo.repeats = false;
            echo.before = (word, processing) -> {
                Text text = new Text(UUID.randomUUID());
                text.add(word);
                processing.collect(text);
            };
            String[] all = IntStream.range(0, 1_203).mapToObj(Integer::toString).toArray(String[]::new);
            words.say(all);

            assertThat(echo.pullAndProcess("Words")).isEqualTo(1_203);

            List<Integer> batches = batches(1_203, size);
            CountingRecorders.Counts counts = opened.recorders.of("Echo");
            int page = Math.max(500, size);
            assertThat(opened.recorders.of("Words").pages).isEqualTo(Collections.nCopies(1_203 / page + 1, page));
            assertThat(counts.inserts).isEqualTo(batches);
            assertThat(counts.moves).isEqualTo(ends(words, batches));
            assertThat(echo.seen).containsExactly(all);
            assertThat(ids(echo)).hasSize(1_203);
        }
    }

    @ParameterizedTest
    @MethodSource("storesAndSizes")
    void exactlyTheFailingEventIsLeftAndThoseBehindIt(Store store, int size) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders);
            Echo echo = echo(opened, words, size);
            words.say("a", "b", "c", "d", "bad", "e", "f");
            echo.before = (word, processing) -> {
                if (word.equals("bad")) {
                    throw new IllegalStateException("cannot repeat that");
                }
            };
            List<Long> ids = ids(words);

            assertThatExceptionOfType(EventProcessingException.class)
                    .isThrownBy(() -> echo.pullAndProcess("Words"))
                    .satisfies(e -> assertThat(e.notificationId()).isEqualTo(ids.get(4)));

            assertThat(echo.repeated()).containsExactly("a", "b", "c", "d");
            assertThat(position(opened)).isEqualTo(ids.get(3));
            echo.before = (word, processing) -> {};
            assertThat(echo.pullAndProcess("Words")).isEqualTo(3);
            assertThat(echo.repeated()).containsExactly("a", "b", "c", "d", "bad", "e", "f");
            assertThat(position(opened)).isEqualTo(ids.get(6));
        }
    }

    @Test
    void onlyTheBatchOfTheFailingEventIsRepeated() {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Words words = new Words(opened.recorders);
            Echo echo = echo(opened, words, 2);
            words.say("a", "b", "c", "bad", "d");
            echo.before = (word, processing) -> {
                if (word.equals("bad")) {
                    throw new IllegalStateException("cannot repeat that");
                }
            };

            assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> echo.pullAndProcess("Words"));

            assertThat(echo.seen).containsExactly("a", "b", "c", "bad", "c", "bad");
            assertThat(opened.recorders.of("Echo").inserts).containsExactly(2, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePositionAdvancesOverWhatIsFilteredOutInOneMoveAndNothingIsReadAgain(Store store) {
        try (Store.Opened opened = store.open()) {
            Words words = new Words(opened.recorders);
            Echo echo = Echo.ofWords("Words", opened.recorders);
            echo.batchSize(1);
            echo.follow(words);
            words.say(Collections.nCopies(10_000, "-hiss").toArray(String[]::new));
            CountingRecorders.Counts counts = opened.recorders.of("Echo");
            CountingRecorders.Counts leaders = opened.recorders.of("Words");

            assertThat(echo.pullAndProcess("Words")).isZero();

            assertThat(counts.moves)
                    .containsExactly(words.notificationLog().maxNotificationId().orElseThrow());
            assertThat(leaders.pages).containsExactly(500);
            assertThat(echo.pullAndProcess("Words")).isZero();
            assertThat(counts.moves).hasSize(1);
            // The last event alone, which shows that it is the same log.
            assertThat(leaders.pages).containsExactly(500, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theLastBatchTakesThePositionOverWhatIsFilteredOutBehindIt(int size) {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Words words = new Words(opened.recorders);
            Echo echo = Echo.ofWords("Words", opened.recorders);
            echo.batchSize(size);
            echo.follow(words);
            words.say("-hiss", "a", "-hiss", "b", "c", "-hiss", "-hiss");

            assertThat(echo.pullAndProcess("Words")).isEqualTo(3);

            List<Long> moves =
                    List.of(List.of(2L, 4L, 7L), List.of(4L, 7L), List.of(7L)).get(size - 1);
            assertThat(opened.recorders.of("Echo").moves).isEqualTo(moves);
        }
    }

    @Test
    void whatAnotherProcessDoesBetweenTwoBatchesOfAPageIsNotDoneAgain() {
        InMemoryRecorders recorders = new InMemoryRecorders();
        Words words = new Words(recorders);
        Echo twin = new Echo(recorders);
        twin.follow(words);
        Echo echo = new Echo(recorders);
        echo.batchSize(2);
        echo.follow(words);
        echo.onRecorded(recordings -> twin.pullAndProcess("Words"));
        words.say("a", "b", "c", "d", "e", "f", "g");

        assertThat(echo.pullAndProcess("Words")).isEqualTo(2);

        assertThat(echo.repeated()).containsExactly("a", "b", "c", "d", "e", "f", "g");
        assertThat(twin.seen).containsExactly("c", "d", "e", "f", "g");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 10_001, Integer.MAX_VALUE})
    void refusesSizesThatCannotBe(int size) {
        InMemoryRecorders recorders = new InMemoryRecorders();
        Runner runner = new SingleThreadedRunner(EventDrivenSystem.of(pipe(Words.class, Echo.class)), recorders);
        String message = "A batch size of " + size + " events cannot be used. Give one from 1 to 10000.";

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new Echo(recorders).batchSize(size))
                .withMessage(message);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new FollowerSync(runner).batchSize(size))
                .withMessage(message);
    }

    @Test
    void aSynchronisationMayHaveABatchSizeOfItsOwn() {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Runner runner =
                    new SingleThreadedRunner(EventDrivenSystem.of(pipe(Words.class, Echo.class)), opened.recorders);
            runner.get(Echo.class).batchSize(4);
            FollowerSync sync = new FollowerSync(runner);
            List<Integer> inserts = opened.recorders.of("Echo").inserts;

            runner.get(Words.class).say("a", "b", "c", "d", "e");
            sync.batchSize(3).sync(List.of(), SyncMode.PROCESS);
            assertThat(inserts).containsExactly(3, 2);
            runner.get(Words.class).say("f", "g", "h", "i", "j");
            sync.sync(List.of(), SyncMode.PROCESS);

            assertThat(inserts).containsExactly(3, 2, 4, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 500})
    void aDryRunIsTheSameInBatchesOfAnySize(int size) {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Runner runner =
                    new SingleThreadedRunner(EventDrivenSystem.of(pipe(Words.class, Echo.class)), opened.recorders);
            runner.get(Words.class).say("a", "b", "c", "d", "e");

            FollowerSyncReport report = new FollowerSync(runner).batchSize(size).sync(List.of(), SyncMode.DRY_RUN);

            assertThat(report.results()).extracting(InShort::of).containsExactly("Echo DRY_RUN {Words=5}");
            assertThat(runner.get(Echo.class).seen).containsExactly("a", "b", "c", "d", "e");
            assertThat(runner.get(Echo.class).repeated()).isEmpty();
        }
    }

    private static Stream<Arguments> storesAndSizes() {
        return Stream.of(Store.values())
                .flatMap(store -> Stream.of(1, 2, 3, 500, 700, 10_000).map(size -> Arguments.of(store, size)));
    }

    private static Echo echo(Store.Opened opened, Words words, int size) {
        Echo echo = new Echo(opened.recorders);
        echo.batchSize(size);
        echo.follow(words);
        return echo;
    }

    /** The sizes of the batches of a log: pages are cut into them. */
    private static List<Integer> batches(int length, int size) {
        List<Integer> batches = new ArrayList<>();
        int page = Math.max(500, size);
        for (int start = 0; start < length; start += page) {
            for (int left = Math.min(page, length - start); left > 0; left -= size) {
                batches.add(Math.min(size, left));
            }
        }
        return batches;
    }

    private static List<Long> ends(Words words, List<Integer> batches) {
        List<Long> ids = ids(words);
        List<Long> ends = new ArrayList<>();
        int end = 0;
        for (int batch : batches) {
            end += batch;
            ends.add(ids.get(end - 1));
        }
        return ends;
    }

    private static List<Long> ids(Application application) {
        return application
                .notificationLog()
                .select(NotificationSelection.after(0).limit(2_000))
                .stream()
                .map(Notification::id)
                .toList();
    }

    private static long position(Store.Opened opened) {
        return opened.recorders
                .processRecorder("Echo")
                .position("Words")
                .map(Position::notificationId)
                .orElse(0L);
    }
}
