package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.testsupport.Store;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the listener of a synchronisation throws ends the synchronisation, and is no failure of an event. */
class SyncListenerFailuresTest {
    static Stream<Arguments> modesAndStores() {
        return Stream.of(SyncMode.PROCESS, SyncMode.DRY_RUN)
                .flatMap(mode -> Stream.of(Store.values()).map(store -> Arguments.of(mode, store)));
    }

    @ParameterizedTest
    @MethodSource("modesAndStores")
    void endsTheSynchronisationAndNoPolicyRunsTwice(SyncMode mode, Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Echo.class), pipe(Words.class, Echo.Second.class)),
                        opened.recorders.uncounted())) {
            Echo echo = runner.get(Echo.class);
            runner.get(Words.class).say("a", "b");
            Exception exception = new IOException("the screen is gone");

            Throwable thrown =
                    catchThrowable(() -> new FollowerSync(runner).sync(List.of(), mode, new FollowerSyncListener() {
                        @Override
                        public void progressed(FollowerProgress progress) {
                            throw sneak(exception);
                        }
                    }));

            assertThat(thrown).isSameAs(exception);
            assertThat(echo.seen).containsExactly("a", "b");
            assertThat(echo.repeated()).isEqualTo(mode == SyncMode.PROCESS ? List.of("a", "b") : List.of());
            assertThat(runner.get(Echo.Second.class).seen).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndStores")
    void endsTheSynchronisationAlsoAfterAnEventWasParked(SyncMode mode, Store store) {
        try (Store.Opened opened = store.open();
                Runner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(pipe(Words.class, Echo.class)), opened.recorders.uncounted())) {
            Echo echo = runner.get(Echo.class);
            echo.onFailure(FailureAction.PARK);
            echo.before = (word, processing) -> {
                throw new IllegalStateException("cannot repeat " + word);
            };
            runner.get(Words.class).say("a");
            Exception exception = new IllegalStateException("the screen is gone");

            Throwable thrown =
                    catchThrowable(() -> new FollowerSync(runner).sync(List.of(), mode, new FollowerSyncListener() {
                        @Override
                        public void progressed(FollowerProgress progress) {
                            throw sneak(exception);
                        }
                    }));

            assertThat(thrown).isSameAs(exception);
            assertThat(echo.parking().count("Words")).isEqualTo(mode == SyncMode.PROCESS ? 1 : 0);
        }
    }
}
