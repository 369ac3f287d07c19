package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.system.FollowerProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private final AtomicLong clock = new AtomicLong(-5);
    private final List<String> lines = new ArrayList<>();
    private final ProgressLines progress = new ProgressLines(clock::get, lines::add);

    @Test
    void saysNothingOfWhatIsDoneSoon() {
        progress.begins();

        after(4999, "School", 500, 500, 2000);

        assertThat(lines).isEmpty();
    }

    @Test
    void tellsRateAndTimeLeftEverySecondsThatItIsSetTo() {
        progress.begins();

        after(4000, "School", 12_000, 12_000, 100_000);
        after(1000, "School", 20_000, 24_000, 100_000);
        after(4000, "School", 40_000, 40_000, 100_000);
        after(1000, "School", 41_000, 50_000, 100_000);

        assertThat(lines)
                .containsExactly(
                        "Diplomas: 20,000 events of School, 24 %, 4,000/s, about 16 s left",
                        "Diplomas: 41,000 events of School, 50 %, 4,100/s, about 10 s left");
    }

    @Test
    void countsEachLogFromItsOwnBeginning() {
        progress.begins();

        after(100_000, "School", 1000, 1000, 1000);
        after(10_000, "Zoo", 30, 30, 60);

        assertThat(lines)
                .containsExactly(
                        "Diplomas: 1,000 events of School, 100 %, 10/s",
                        "Diplomas: 30 events of Zoo, 50 %, 3.0/s, about 10 s left");
    }

    @Test
    void takesARateForTheTurnAtHandAndNotForTurnsBefore() {
        progress.begins();
        after(1000, "School", 1000, 1000, 1000);
        clock.addAndGet(Duration.ofHours(1).toNanos());
        progress.begins();

        after(10_000, "School", 1500, 1500, 2000);

        assertThat(lines).containsExactly("Diplomas: 1,500 events of School, 75 %, 50/s, about 10 s left");
    }

    private void after(long millis, String leader, long events, long reached, long target) {
        clock.addAndGet(Duration.ofMillis(millis).toNanos());
        progress.progressed(new FollowerProgress("Diplomas", leader, events, 0, reached, target));
    }
}
