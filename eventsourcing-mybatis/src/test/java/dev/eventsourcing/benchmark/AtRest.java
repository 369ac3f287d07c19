package dev.eventsourcing.benchmark;

import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.MultiThreadedRunner;
import dev.eventsourcing.system.Pipe;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long after a save has returned a runner that was at rest calls the policy of a follower: for a save in another program, which
 * only polling finds, and for one in its own, which prompts. The programs have recorders and pools of their own, and share a clock.
 */
final class AtRest {
    private static final int CONNECTIONS = 8;
    private static final int WARM_UP = 10;
    private static final int SAVES = 100;
    private static final long SEED = 5;

    /** Enough for the pauses of the runner to grow to their longest. */
    private static final long PAUSES_MS = 250;

    /** Longer than the longest of these pauses, so that a save falls anywhere into it. */
    private static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(110);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BenchmarkServer server;
    private final Random random = new Random(SEED);

    AtRest(BenchmarkServer server) {
        this.server = server;
    }

    /** Prints milliseconds. */
    void delays() throws SQLException {
        BenchmarkDatabase here = server.database(CONNECTIONS);
        try (BenchmarkDatabase there = new BenchmarkDatabase(here.name(), here.url(), CONNECTIONS)) {
            Notebook own = new Notebook("Notebook", new Ours(here, Ordering.DEFAULT).recorders());
            Notebook others = new Notebook("Notebook", new Ours(there, Ordering.DEFAULT).recorders());
            Delay.Witness witness = new Delay.Witness("Witness", new Ours(here, Ordering.DEFAULT).recorders());
            try (MultiThreadedRunner runner = new MultiThreadedRunner(
                    EventDrivenSystem.of(Pipe.pipe(Notebook.class, Delay.Witness.class)),
                    type -> type == Notebook.class ? own : witness)) {
                runner.start();
                Table table = new Table("saved", "saves", "p50", "p99", "slowest");
                table.row(row("in another program", delays(others, PAUSES_MS, witness, runner)));
                table.row(row("in its own", delays(own, PAUSES_MS / 25, witness, runner)));
                table.print("From the return of a save to the policy of a runner at rest, ms");
            }
        }
        server.dropAll();
    }

    /** Saves now and then, and returns how long each took to be seen, in ms, the shortest first; but for the first ones. */
    private List<Double> delays(Notebook notebook, long distance, Delay.Witness witness, MultiThreadedRunner runner) {
        Map<UUID, Long> saved = new LinkedHashMap<>();
        for (int i = 0; i < WARM_UP + SAVES; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(distance) + (long) (random.nextDouble() * PHASE_NANOS));
            UUID id = Ours.newId();
            notebook.write(id);
            saved.put(id, System.nanoTime());
        }
        runner.waitUntilCaughtUp(PATIENCE);
        if (!witness.seen.keySet().containsAll(saved.keySet()) || witness.repeated.get() > 0) {
            throw new IllegalStateException("The follower has missed events, or repeated them.");
        }
        // Below 0 where the policy was faster than the return of the save.
        return saved.entrySet().stream()
                .skip(WARM_UP)
                .map(save -> Math.max(0, (witness.seen.get(save.getKey()) - save.getValue()) / 1e6))
                .sorted()
                .toList();
    }

    private static String[] row(String where, List<Double> delays) {
        return new String[] {
            where,
            Integer.toString(SAVES),
            "%.2f".formatted(delays.get(SAVES / 2 - 1)),
            "%.2f".formatted(delays.get(SAVES * 99 / 100 - 1)),
            "%.2f".formatted(delays.get(SAVES - 1))
        };
    }
}
