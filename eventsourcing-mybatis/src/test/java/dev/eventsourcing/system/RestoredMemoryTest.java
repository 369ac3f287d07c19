package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** As {@link RestoredLeaderTest}, for a leader in memory that begins anew. */
class RestoredMemoryTest {
    @Test
    void aFollowerStopsInFrontOfALogThatBeginsAnew() {
        Words words = new Words(new InMemoryRecorders());
        Echo echo = new Echo(new InMemoryRecorders());
        echo.follow(words);
        words.say("a", "b");
        echo.pullAndProcess("Words");
        Words anew = new Words(new InMemoryRecorders());
        anew.say("c", "d", "e");
        echo.follow(anew);

        assertThatExceptionOfType(LogMismatchException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .satisfies(e -> assertThat(e.expected()).map(LogMark::id).contains(2L))
                .satisfies(e -> assertThat(e.found()).map(LogMark::id).contains(2L))
                .satisfies(e -> assertThat(e.lastEqual()).isEmpty());
        assertThatExceptionOfType(LogMismatchException.class)
                .isThrownBy(() -> echo.waitUntil("Words", 1, Duration.ZERO));
        assertThat(echo.seen).containsExactly("a", "b");

        echo.acceptLog("Words");

        assertThat(echo.pullAndProcess("Words")).isEqualTo(1);
        assertThat(echo.seen).containsExactly("a", "b", "e");
    }
}
