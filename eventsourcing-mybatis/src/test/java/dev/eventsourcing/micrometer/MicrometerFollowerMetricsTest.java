package dev.eventsourcing.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.system.FollowerMetrics;
import dev.eventsourcing.testsupport.Concurrently;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicrometerFollowerMetricsTest {
    private static final String PREFIX = "eventsourcing.follower.";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FollowerMetrics metrics = new MicrometerFollowerMetrics(registry);

    @Test
    void eventsAreCountedAndBatchesTimed() {
        metrics.processed("Board", "School", 500, Duration.ofMillis(20));
        metrics.processed("Board", "School", 1, Duration.ofMillis(30));

        assertThat(counted("processed", "Board", "School")).isEqualTo(501);
        assertThat(registry.get(PREFIX + "batch").timer().count()).isEqualTo(2);
        assertThat(registry.get(PREFIX + "batch").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(50);
    }

    @Test
    void failuresAndParkedEventsAreCounted() {
        metrics.failed("Board", "School");
        metrics.failed("Board", "School");
        metrics.parked("Board", "School", 3);

        assertThat(counted("failed", "Board", "School")).isEqualTo(2);
        assertThat(counted("parked", "Board", "School")).isEqualTo(3);
    }

    @Test
    void theLagIsWhatWasToldLast() {
        metrics.lag("Board", "School", 100_000, Duration.ofMinutes(2));
        metrics.lag("Board", "School", 7, Duration.ofMillis(1_500));

        assertThat(shown("lag.events")).isEqualTo(7);
        assertThat(shown("lag.seconds")).isEqualTo(1.5);
    }

    @Test
    void theLagIsNoNumberBeforeItIsKnown() {
        metrics.failed("Board", "School");

        assertThat(shown("lag.events")).isNaN();
        assertThat(shown("lag.seconds")).isNaN();
    }

    @Test
    void eachFollowerOfEachLeaderHasMetersOfItsOwn() {
        metrics.failed("Board", "School");
        metrics.failed("Board", "Kennel");
        metrics.failed("Board", "Kennel");
        metrics.failed("Mails", "Kennel");

        assertThat(counted("failed", "Board", "School")).isEqualTo(1);
        assertThat(counted("failed", "Board", "Kennel")).isEqualTo(2);
        assertThat(counted("failed", "Mails", "Kennel")).isEqualTo(1);
        assertThat(registry.getMeters()).hasSize(3 * 6);
    }

    @Test
    void allMetersAreThereFromTheFirstWordOn() {
        metrics.failed("Board", "School");
        metrics.lag("Board", "School", 0, Duration.ZERO);

        assertThat(registry.getMeters().stream().map(meter -> meter.getId().getName()))
                .containsExactlyInAnyOrder(
                        PREFIX + "processed",
                        PREFIX + "failed",
                        PREFIX + "parked",
                        PREFIX + "batch",
                        PREFIX + "lag.events",
                        PREFIX + "lag.seconds");
        assertThat(registry.getMeters().stream().map(Meter::getId).map(Meter.Id::getTags))
                .containsOnly(List.of(Tag.of("follower", "Board"), Tag.of("leader", "School")));
    }

    @Test
    void theLagIsStillShownWhenNobodyElseKeepsIt() {
        WeakReference<FollowerMetrics> forgotten = toldAndForgotten();

        Concurrently.awaitUntil(() -> {
            System.gc();
            return forgotten.refersTo(null);
        });

        assertThat(shown("lag.events")).isEqualTo(3);
    }

    @Test
    void theLagIsThatOfTheLaterObject() {
        metrics.lag("Board", "School", 3, Duration.ofSeconds(1));
        new MicrometerFollowerMetrics(registry).lag("Board", "School", 4, Duration.ofSeconds(2));

        assertThat(shown("lag.events")).isEqualTo(4);
        assertThat(shown("lag.seconds")).isEqualTo(2);
    }

    @Test
    void threadsMayTellAtOnce() {
        List<Concurrently.Running<Void>> threads = IntStream.range(0, 4)
                .mapToObj(thread -> Concurrently.start(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        metrics.processed("Board", "Leader" + i % 10, 1, Duration.ofMillis(1));
                    }
                }))
                .toList();
        threads.forEach(Concurrently.Running::get);

        assertThat(registry.get(PREFIX + "processed").counters())
                .hasSize(10)
                .allSatisfy(counter -> assertThat(counter.count()).isEqualTo(400));
    }

    @Test
    void nothingIsDoneWithoutMetrics() {
        FollowerMetrics.NONE.processed("Board", "School", 1, Duration.ZERO);
        FollowerMetrics.NONE.failed("Board", "School");
        FollowerMetrics.NONE.parked("Board", "School", 1);
        FollowerMetrics.NONE.lag("Board", "School", 1, Duration.ZERO);

        assertThat(registry.getMeters()).isEmpty();
    }

    private WeakReference<FollowerMetrics> toldAndForgotten() {
        FollowerMetrics told = new MicrometerFollowerMetrics(registry);
        told.lag("Board", "School", 3, Duration.ofSeconds(1));
        return new WeakReference<>(told);
    }

    private double counted(String name, String follower, String leader) {
        return registry.get(PREFIX + name)
                .tag("follower", follower)
                .tag("leader", leader)
                .counter()
                .count();
    }

    private double shown(String name) {
        return registry.get(PREFIX + name).gauge().value();
    }
}
