package dev.eventsourcing.tool;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.MultiThreadedRunner;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Programs that start their runners where they make them, or not, and leave threads behind. */
public final class Starters {
    /** What was closed since somebody has cleared it. */
    static final List<String> CLOSED = new CopyOnWriteArrayList<>();

    static volatile @Nullable Runner last;

    private Starters() {}

    public static Runner single() {
        return filled(new SingleThreadedRunner(system(Counter.class), new InMemoryRecorders()));
    }

    public static Runner multi() {
        return filled(new MultiThreadedRunner(system(Counter.class), new InMemoryRecorders()));
    }

    public static Runner singleStarted() {
        Runner runner = single();
        runner.start();
        return runner;
    }

    public static Runner multiStarted() {
        Runner runner = multi();
        runner.start();
        runner.waitUntilCaughtUp(Duration.ofSeconds(60));
        return runner;
    }

    /** A runner whose followers have stopped, as they fail in the runner's own threads. */
    public static Runner failedByItself() {
        Runner runner = filled(new MultiThreadedRunner(system(Choosy.class), new InMemoryRecorders()));
        runner.start();
        while (runner.failures().isEmpty()) {
            Thread.onSpinWait();
        }
        return runner;
    }

    /** Leaves a thread of its own that never ends and lets no JVM end. */
    public static Runner singleWithThread() {
        Runner runner = singleStarted();
        leaveThread();
        return runner;
    }

    public static Runner multiWithThread() {
        Runner runner = multiStarted();
        leaveThread();
        return runner;
    }

    public static Runner badlyClosed() {
        return single().closing(new Bad(new IOException("The disk is full"))).closing(new Bad(new IOException("Fire")));
    }

    public static Runner fatallyClosed() {
        return single().closing(() -> {
            throw new NoClassDefFoundError("com/acme/Gone");
        });
    }

    private static void leaveThread() {
        Thread thread = new Thread(
                () -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "left behind");
        thread.setDaemon(false);
        thread.start();
    }

    private static EventDrivenSystem system(Class<? extends Follower> follower) {
        return EventDrivenSystem.of(pipe(Chat.Speaker.class, follower));
    }

    private static Runner filled(Runner runner) {
        Counter.COUNT.set(0);
        last = runner;
        runner.get(Chat.Speaker.class).say("one", "two", "three");
        return runner.closing(() -> CLOSED.add("runner"));
    }

    /** Counts events. */
    public static final class Counter extends Follower {
        static final AtomicInteger COUNT = new AtomicInteger();

        public Counter(RecorderFactory recorders) {
            super("Counter", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            COUNT.incrementAndGet();
        }
    }

    /** Fails while the runner runs. */
    public static final class Choosy extends Follower {
        public Choosy(RecorderFactory recorders) {
            super("Choosy", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (last.isRunning()) {
                throw new IllegalStateException("Not while it runs");
            }
        }
    }

    /** Cannot be closed. */
    private record Bad(IOException error) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            throw error;
        }

        @Override
        public String toString() {
            return "the pool";
        }
    }
}
