package dev.eventsourcing.micrometer;

import dev.eventsourcing.system.FollowerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shows what followers do as meters of a registry, each with the tags {@code follower} and {@code leader}. They are registered when
 * something is first told of a follower and a leader. Safe for use by several threads. The program has
 * {@code io.micrometer:micrometer-core} among its dependencies.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>type</th><th>what it says</th></tr>
 * <tr><td>{@code eventsourcing.follower.processed}</td><td>counter</td><td>events that were processed and committed</td></tr>
 * <tr><td>{@code eventsourcing.follower.failed}</td><td>counter</td><td>attempts that failed</td></tr>
 * <tr><td>{@code eventsourcing.follower.parked}</td><td>counter</td><td>events that were put aside</td></tr>
 * <tr><td>{@code eventsourcing.follower.batch}</td><td>timer</td><td>transactions that processed events</td></tr>
 * <tr><td>{@code eventsourcing.follower.lag.events}</td><td>gauge</td><td>events that are recorded and not processed yet</td></tr>
 * <tr><td>{@code eventsourcing.follower.lag.seconds}</td><td>gauge</td><td>how long ago the first of them was recorded</td></tr>
 * </table>
 *
 * <p>The lag is not a number until it was first looked at. If two objects tell of the same follower and leader to one registry, as
 * before and after a restart within the process, the gauges show what the later one was told.
 */
public final class MicrometerFollowerMetrics implements FollowerMetrics {
    private final MeterRegistry registry;
    private final Map<Edge, FollowerMeters> meters = new ConcurrentHashMap<>();

    /** Shows it in a registry. */
    public MicrometerFollowerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void processed(String follower, String leader, long events, Duration batchTime) {
        meters(follower, leader).processed(events, batchTime);
    }

    @Override
    public void failed(String follower, String leader) {
        meters(follower, leader).failed();
    }

    @Override
    public void parked(String follower, String leader, long events) {
        meters(follower, leader).parked(events);
    }

    @Override
    public void lag(String follower, String leader, long events, Duration age) {
        meters(follower, leader).lag(events, age);
    }

    private FollowerMeters meters(String follower, String leader) {
        return meters.computeIfAbsent(
                new Edge(follower, leader), edge -> FollowerMeters.registered(registry, follower, leader));
    }

    private record Edge(String follower, String leader) {}
}
