package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Thrown;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that threads hand over after a commit because they still hold a connection, as containers have it. One daemon thread does
 * it, which ends when it has had nothing to do for a while. It waits for a connection once for all the work that has come
 * meanwhile: each piece would otherwise queue behind all threads that use the pool. Safe for use by several threads.
 *
 * <p>At most {@value #MOST_WAITING} pieces wait; more are dropped. What is dropped is counted, and the first of each reason is logged.
 */
final class BackgroundWork {
    static final int MOST_WAITING = 1_000;

    /** How long closing waits for the work that is left. */
    static final Duration LONGEST_DRAIN = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWork.class);

    /** In one transaction, which should not hold its connection for long. */
    private static final int MOST_AT_ONCE = 50;

    private static final String NO_CONNECTION = "the background thread could not begin a transaction";

    private final Worker worker;
    private final @Nullable UnaryOperator<Runnable> context;

    BackgroundWork() {
        this(new Worker(), null);
    }

    private BackgroundWork(Worker worker, @Nullable UnaryOperator<Runnable> context) {
        this.worker = worker;
        this.context = context;
    }

    /** The same thread, which does each piece of work in a context that is taken over from the thread that hands it over. */
    BackgroundWork in(UnaryOperator<Runnable> other) {
        return new BackgroundWork(worker, other);
    }

    /** Hands work over, to be done in a transaction of these. See {@link dev.eventsourcing.persistence.Transactions#runInBackground}. */
    void submit(Units units, BooleanSupplier work) {
        Task plain = new Task(units, work, null);
        try {
            worker.add(
                    context == null
                            ? plain
                            : new Task(units, work, context.apply(() -> worker.process(List.of(plain)))));
        } catch (Throwable e) {
            worker.drop(1, "it could not be handed to the background thread", e);
        }
    }

    /** How many pieces of work were not done. */
    long dropped() {
        return worker.dropped.get();
    }

    /** Takes no more work, and waits for what is left; what is not done in time is dropped. */
    void close() {
        worker.close();
    }

    /**
     * A piece of work.
     *
     * @param inContext does it, alone, in a context of its own; null if it may be done together with others
     */
    private record Task(
            Units units, BooleanSupplier work, @Nullable Runnable inContext) {}

    private static final class Worker {
        private final Queue<Task> waiting = new ArrayDeque<>();
        private final AtomicLong dropped = new AtomicLong();
        private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();
        private final ThreadPoolExecutor thread =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Worker::daemon);
        private boolean running;
        private boolean closed;

        Worker() {
            // Recorders that nobody closes leave no thread behind.
            thread.allowCoreThreadTimeOut(true);
        }

        /** Whatever the thread that makes it carries along, such as a tenant, is no matter of the next one's work. */
        private static Thread daemon(Runnable work) {
            Thread made = new Thread(null, work, "eventsourcing-background", 0, false);
            made.setContextClassLoader(Thread.currentThread().getContextClassLoader());
            made.setDaemon(true);
            return made;
        }

        synchronized void add(Task task) {
            if (closed) {
                drop(1, "the recorders are closed", null);
            } else if (waiting.size() >= MOST_WAITING) {
                drop(1, MOST_WAITING + " are waiting for the background thread already", null);
            } else {
                waiting.add(task);
                if (!running) {
                    start(task);
                }
            }
        }

        private void start(Task first) {
            try {
                thread.execute(this::run);
                running = true;
            } catch (Throwable e) {
                waiting.remove(first);
                throw e;
            }
        }

        private void run() {
            List<Task> group = next();
            while (!group.isEmpty()) {
                try {
                    Runnable alone = group.get(0).inContext();
                    if (alone == null) {
                        process(group);
                    } else {
                        alone.run();
                    }
                } catch (Throwable e) {
                    drop(group.size(), "its context could not be set up on the background thread", e);
                }
                group = next();
            }
        }

        /** What is to be done together now; nothing if the thread is done. */
        private synchronized List<Task> next() {
            // Nobody interrupts this thread but the work itself; the flag would break the connection of the next.
            Thread.interrupted();
            List<Task> group = new ArrayList<>();
            Task first = waiting.peek();
            while (!waiting.isEmpty()
                    && group.size() < MOST_AT_ONCE
                    && waiting.peek().units() == first.units()) {
                Task task = waiting.remove();
                group.add(task);
                if (task.inContext() != null
                        || !waiting.isEmpty() && waiting.peek().inContext() != null) {
                    break;
                }
            }
            if (group.isEmpty()) {
                running = false;
                notifyAll();
            }
            return group;
        }

        /** Does work in one transaction; if that fails, each piece in one of its own, so that one does not spoil the others. */
        void process(List<Task> group) {
            if (attempt(group) == Attempt.FAILED && group.size() > 1) {
                for (int i = 0; i < group.size(); i++) {
                    if (attempt(group.subList(i, i + 1)) == Attempt.NOT_BEGUN) {
                        // It was dropped, and so are those that would wait for a connection in vain as well.
                        drop(group.size() - i - 1, NO_CONNECTION, null);
                        return;
                    }
                }
            }
        }

        private Attempt attempt(List<Task> group) {
            Units units = group.get(0).units();
            AtomicInteger elsewhere = new AtomicInteger(-1);
            try {
                units.required(() -> {
                    elsewhere.set(0);
                    group.stream()
                            .filter(task -> !task.work().getAsBoolean())
                            .forEach(task -> elsewhere.incrementAndGet());
                });
            } catch (Throwable e) {
                if (elsewhere.get() < 0) {
                    drop(group.size(), NO_CONNECTION, e);
                    return Attempt.NOT_BEGUN;
                }
                if (group.size() == 1) {
                    dropped.incrementAndGet();
                    LOG.warn("{}", Thrown.message(e), Thrown.readable(e));
                }
                return Attempt.FAILED;
            }
            warnedOf.remove(NO_CONNECTION);
            if (elsewhere.get() > 0) {
                drop(
                        elsewhere.get(),
                        "the connection of the background thread does not lead to where the events were committed. If the"
                                + " data source chooses the database by what belongs to the thread, such as a tenant, tell how to"
                                + " take that over: MyBatisRecorders.withTaskDecorator",
                        null);
            }
            return Attempt.DONE;
        }

        void drop(int number, String why, @Nullable Throwable cause) {
            dropped.addAndGet(number);
            if (number > 0 && warnedOf.add(why)) {
                LOG.warn(
                        "A snapshot that was due is not taken, as {}. What was recorded stays recorded. More that are dropped for"
                                + " this reason are only counted: MyBatisRecorders.droppedSnapshots.",
                        why,
                        cause == null ? null : Thrown.readable(cause));
            }
        }

        synchronized void close() {
            closed = true;
            long until = System.nanoTime() + LONGEST_DRAIN.toNanos();
            try {
                while (running && System.nanoTime() < until) {
                    TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, until - System.nanoTime()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            drop(waiting.size(), "the recorders were closed before its turn came", null);
            waiting.clear();
            thread.shutdown();
        }
    }

    /** What became of a transaction. */
    private enum Attempt {
        DONE,
        NOT_BEGUN,
        FAILED
    }
}
