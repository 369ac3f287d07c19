package dev.eventsourcing.benchmark;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long after a save has returned the policy of a follower is called for it, by a thread that pulls again 1 ms after each
 * pull.
 */
final class Delay {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Notebook leader;
    private final Witness witness;
    private final Map<UUID, Long> saved = new ConcurrentHashMap<>();
    private volatile boolean done;

    Delay(String name, RecorderFactory recorders) {
        leader = new Notebook(name, recorders);
        witness = new Witness(name + "Witness", recorders);
        witness.follow(leader);
    }

    /** What came of it: milliseconds, and how many events the policy was not called for once. */
    record Result(long saves, double savesASecond, double median, double slowest1Percent, long missed) {
        @Override
        public String toString() {
            return "p50 %.2f ms, p99 %.2f ms (%,d saves, %,.0f/s)"
                    .formatted(median, slowest1Percent, saves, savesASecond);
        }
    }

    /** Lets so many writers save, each at so long a distance. */
    Result measure(int writers, long distanceMicros, int savesEach) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Future<?> pulling = threads.submit(this::pull);
            long start = System.nanoTime();
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                writing.add(threads.submit(() -> write(TimeUnit.MICROSECONDS.toNanos(distanceMicros), savesEach)));
            }
            for (Future<?> writer : writing) {
                writer.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            done = true;
            pulling.get();
            return result(seconds);
        } finally {
            done = true;
            threads.shutdown();
        }
    }

    private void pull() {
        boolean last;
        do {
            last = done;
            witness.pullAndProcess(leader.name());
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (!last);
    }

    private void write(long distance, int saves) {
        long next = System.nanoTime();
        for (int i = 0; i < saves; i++) {
            UUID id = Ours.newId();
            leader.write(id);
            saved.put(id, System.nanoTime());
            next += distance;
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private Result result(double seconds) {
        List<Double> delays = new ArrayList<>();
        saved.forEach((id, at) -> {
            Long seen = witness.seen.get(id);
            if (seen != null) {
                // Below 0 where the follower was faster than the return of the save.
                delays.add(Math.max(0, (seen - at) / 1e6));
            }
        });
        delays.sort(null);
        long missed = saved.size() - delays.size() + witness.repeated.get();
        return new Result(
                saved.size(),
                saved.size() / seconds,
                delays.get(delays.size() / 2),
                delays.get(delays.size() * 99 / 100),
                missed);
    }

    /** Notes when it was given what. */
    static final class Witness extends Follower {
        final Map<UUID, Long> seen = new ConcurrentHashMap<>();
        final AtomicLong repeated = new AtomicLong();

        Witness(String name, RecorderFactory recorders) {
            super(name, recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (seen.putIfAbsent(event.originatorId(), System.nanoTime()) != null) {
                repeated.incrementAndGet();
            }
        }
    }
}
