package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How a pass goes on that is not alone in the world. */
class PaceTest {
    private final InMemoryRecorders recorders = new InMemoryRecorders();
    private final Words words = new Words(recorders);
    private final Echo echo = new Echo(recorders);

    PaceTest() {
        echo.follow(words);
    }

    @Test
    void endsBetweenTwoBatchesWhenItsTimeIsOver() {
        words.say("a", "b", "c");
        AtomicInteger asked = new AtomicInteger();
        Pace hurried = new Pace() {
            @Override
            public boolean hasTime() {
                return asked.incrementAndGet() <= 2;
            }
        };

        Progress progress = echo.pass("Words", terms(1, hurried));

        assertThat(progress.reached()).isEqualTo(1);
        assertThat(progress.isComplete()).isFalse();
        assertThat(progress.waits()).isFalse();
    }

    /** A batch that takes all of the time, and fails: if it were begun anew each time, nobody would ever hear of it. */
    @Test
    void aBatchThatFailsWhenTheTimeIsOverIsBroughtToItsEnd() {
        echo.before = (word, processing) -> {
            if (word.equals("bad")) {
                throw new IllegalStateException("cannot repeat it");
            }
        };
        words.say("a", "bad", "b");
        Pace over = new Pace() {
            @Override
            public boolean hasTime() {
                return echo.seen.isEmpty();
            }
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pass("Words", terms(500, over)))
                .satisfies(e -> assertThat(e.notificationId()).isEqualTo(2));
        assertThat(echo.repeated()).containsExactly("a");
    }

    /** Nothing is an event's fault that comes of the runner's ending. */
    @Test
    void whoGivesUpWaitingForAConnectionBlamesNoEvent() {
        words.say("a");
        AtomicInteger asked = new AtomicInteger();
        Pace givingUp = new Pace() {
            @Override
            public <T> T withConnection(Supplier<T> work) {
                if (asked.incrementAndGet() == 4) {
                    throw new Budget.GivenUp();
                }
                return work.get();
            }
        };

        assertThatExceptionOfType(Budget.GivenUp.class).isThrownBy(() -> echo.pass("Words", terms(500, givingUp)));
        assertThat(echo.pass("Words", terms(500, Pace.UNHURRIED)).isComplete()).isTrue();
        assertThat(echo.repeated()).containsExactly("a");
    }

    private static Pull.Terms terms(int batchSize, Pace pace) {
        return new Pull.Terms(new BatchSize(batchSize), Long.MAX_VALUE, true, pace, PullListener.NOBODY);
    }
}
