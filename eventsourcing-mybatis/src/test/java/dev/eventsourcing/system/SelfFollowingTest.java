package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A follower that follows itself goes on with what it has recorded, each event once, until nothing comes of it any more. */
class SelfFollowingTest {
    private static final EventDrivenSystem SYSTEM = EventDrivenSystem.of(pipe(Countdown.class, Countdown.class));

    @ParameterizedTest
    @EnumSource
    void itProcessesWhatCameOfItsOwnEvents(Store store) {
        try (Store.Opened opened = store.open();
                SingleThreadedRunner runner = new SingleThreadedRunner(SYSTEM, opened.recorders)) {
            runner.start();
            Countdown countdown = runner.get(Countdown.class);

            countdown.from("xxx");

            assertThat(countdown.seen).containsExactly("xxx", "xx", "x", "");
            assertThat(runner.failures()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void itCatchesUpWithItself(Store store) {
        try (Store.Opened opened = store.open();
                SingleThreadedRunner runner = new SingleThreadedRunner(SYSTEM, opened.recorders)) {
            Countdown countdown = runner.get(Countdown.class);
            countdown.from("xx");
            countdown.from("x");

            runner.start();

            assertThat(countdown.seen).containsExactlyInAnyOrder("xx", "x", "x", "", "");
            assertThat(runner.failures()).isEmpty();
        }
    }

    /** Shortens each word by a letter, in a text of its own. */
    static final class Countdown extends Follower {
        final List<String> seen = new ArrayList<>();

        Countdown(RecorderFactory recorders) {
            super(recorders);
            repository(Text.class, Text::new);
        }

        void from(String word) {
            save(text(word));
        }

        private static Text text(String word) {
            Text text = new Text(UUID.randomUUID());
            text.add(word);
            return text;
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            String word = ((Spoken) event.payload()).word();
            seen.add(word);
            if (!word.isEmpty()) {
                processing.collect(text(word.substring(1)));
            }
        }
    }
}
