package dev.eventsourcing.maven;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.EventSourcedLog;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Programs as the tool may meet them. */
public final class WaitingSchool {
    /** Where a follower asks whether to go on. */
    static final String GATE = "waiting.gate";

    private WaitingSchool() {}

    /** Says that it is there, and then never comes back. */
    public static Runner neverMade() throws InterruptedException {
        System.out.println("waiting");
        new CountDownLatch(1).await();
        throw new IllegalStateException("not reached");
    }

    /** Ends the process with the exit code of success. */
    public static Runner exits() {
        System.out.println("leaving");
        System.exit(0);
        throw new IllegalStateException("not reached");
    }

    /** Has three events for a follower that asks at each whether to go on. */
    public static Runner stopsInABatch() {
        SingleThreadedRunner runner = new SingleThreadedRunner(
                EventDrivenSystem.of(pipe(Speaker.class, Listener.class)), new InMemoryRecorders());
        runner.get(Speaker.class).say("one", "two", "three");
        return runner;
    }

    /** A leader. */
    public static final class Speaker extends Application {
        private final EventSourcedLog<Said> speech = log(new UUID(0, 1), Said.class);

        /** For the runner. */
        public Speaker(RecorderFactory recorders) {
            super("Speaker", recorders);
        }

        void say(String... words) {
            for (String word : words) {
                save(speech.trigger(new Said(word)));
            }
        }
    }

    /** A word. */
    public record Said(String word) {}

    /** A follower. */
    public static final class Listener extends Follower {
        /** For the runner. */
        public Listener(RecorderFactory recorders) {
            super("Listener", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            try (Socket gate = new Socket(InetAddress.getLoopbackAddress(), Integer.getInteger(GATE))) {
                if (gate.getInputStream().read() < 0) {
                    throw new IOException("Nobody let it go on");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
