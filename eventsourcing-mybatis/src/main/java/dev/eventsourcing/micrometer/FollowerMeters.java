package dev.eventsourcing.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** The meters of one follower behind one leader. Safe for use by several threads. */
final class FollowerMeters {
    private static final String PREFIX = "eventsourcing.follower.";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter processed;
    private final Counter failed;
    private final Counter parked;
    private final Timer batch;
    private volatile double lagEvents = Double.NaN;
    private volatile double lagSeconds = Double.NaN;

    private FollowerMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        this.processed = counter("processed", "Events that were processed and committed");
        this.failed = counter("failed", "Attempts to process events that failed");
        this.parked = counter("parked", "Events that were put aside");
        this.batch = Timer.builder(PREFIX + "batch")
                .description("Transactions that processed events")
                .tags(tags)
                .register(registry);
    }

    static FollowerMeters registered(MeterRegistry registry, String follower, String leader) {
        FollowerMeters made = new FollowerMeters(registry, Tags.of("follower", follower, "leader", leader));
        made.gauge(
                "lag.events", "Events that are recorded and not processed yet", "events", meters -> meters.lagEvents);
        made.gauge(
                "lag.seconds",
                "How long ago the first event that is not processed yet was recorded",
                "seconds",
                meters -> meters.lagSeconds);
        return made;
    }

    private Counter counter(String name, String description) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /**
     * Registers a gauge that keeps this object, which a registry by itself forgets. One that is there already, of an object before,
     * would be left as it is.
     */
    private void gauge(String name, String description, String unit, ToDoubleFunction<FollowerMeters> value) {
        registry.find(PREFIX + name).tags(tags).gauges().forEach(registry::remove);
        Gauge.builder(PREFIX + name, this, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    void processed(long events, Duration batchTime) {
        processed.increment(events);
        batch.record(batchTime);
    }

    void failed() {
        failed.increment();
    }

    void parked(long events) {
        parked.increment(events);
    }

    void lag(long events, Duration age) {
        lagEvents = events;
        lagSeconds = age.toNanos() / 1e9;
    }
}
