package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;

/** A program with little memory, whose leader records far ahead of four followers: what is between has no room in it. */
final class SlowSystem {
    static final int EVENTS = 20_000;
    static final int EVENTS_OF_THE_FIRST = 1_000;

    /** How far behind the followers stay while the leader records. */
    private static final int AHEAD = 8_000;

    private static final int EVENTS_OF_A_SAVE = 1_000;
    private static final int EVENTS_OF_A_RECORDING = EVENTS / EVENTS_OF_THE_FIRST;
    private static final Object APPENDED = new Object();
    private static int appended;

    private SlowSystem() {}

    /**
     * Records, half of it before the followers start, and processes.
     *
     * @param arguments the URL of a migrated database
     */
    public static void main(String[] arguments) {
        try (HikariDataSource pool = TestDatabase.pool(arguments[0]);
                MultiThreadedRunner runner = new MultiThreadedRunner(
                        EventDrivenSystem.of(
                                pipe(Words.class, Slow.First.class, Slow.Fourth.class),
                                pipe(Words.class, Slow.Second.class),
                                pipe(Words.class, Slow.Third.class)),
                        MyBatisRecorders.over(pool))) {
            Words words = runner.get(Words.class);
            append(words, EVENTS / 2);
            runner.start();
            append(words, EVENTS);
            runner.waitUntilCaughtUp(Duration.ofMinutes(2));
            System.out.println("processed " + runner.get(Slow.First.class).processed + " "
                    + runner.get(Slow.Second.class).processed + " " + runner.get(Slow.Third.class).processed + " "
                    + runner.get(Slow.Fourth.class).processed + " " + runner.failures());
        }
    }

    private static void append(Words words, int upTo) {
        String[] texts = IntStream.range(0, EVENTS_OF_A_SAVE)
                .mapToObj(n -> "x".repeat(500))
                .toArray(String[]::new);
        while (appended < upTo) {
            words.say(texts);
            synchronized (APPENDED) {
                appended += texts.length;
                APPENDED.notifyAll();
            }
        }
    }

    /** Processes no event before the leader is far ahead of it, or has done. */
    private static void awaitAhead(long processed) {
        synchronized (APPENDED) {
            while (appended < Math.min(EVENTS, processed + AHEAD)) {
                try {
                    APPENDED.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** A follower that is slower than its leader. */
    abstract static class Slow extends Follower {
        volatile long processed;

        Slow(String name, RecorderFactory recorders) {
            super(name, recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            awaitAhead(processed);
            processed++;
        }

        /** One that records, too, for another to follow. */
        static final class First extends Slow {
            First(RecorderFactory recorders) {
                super("First", recorders);
                repository(Words.Text.class, Words.Text::new);
            }

            @Override
            protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
                super.policy(event, processing);
                if (processed % EVENTS_OF_A_RECORDING == 0) {
                    Words.Text text = new Words.Text(UUID.randomUUID());
                    text.add(((Words.Spoken) event.payload()).word());
                    processing.collect(text);
                }
            }
        }

        static final class Second extends Slow {
            Second(RecorderFactory recorders) {
                super("Second", recorders);
            }
        }

        static final class Third extends Slow {
            Third(RecorderFactory recorders) {
                super("Third", recorders);
            }
        }

        static final class Fourth extends Slow {
            Fourth(RecorderFactory recorders) {
                super("Fourth", recorders);
            }

            @Override
            protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
                processed++;
            }
        }
    }
}
