package dev.eventsourcing.maven;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.Pipe;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.util.concurrent.CountDownLatch;

/** Programs as the tool may meet them. */
public final class WaitingSchool {
    private WaitingSchool() {}

    /** Says that it is there, and then never comes back. */
    public static Runner neverMade() throws InterruptedException {
        System.out.println("waiting");
        new CountDownLatch(1).await();
        throw new IllegalStateException("not reached");
    }

    /** Is made while a line is begun that nobody ends. */
    public static Runner talksWithoutAnEnd() {
        System.out.print("still talking");
        return new SingleThreadedRunner(
                EventDrivenSystem.of(Pipe.pipe(Bell.class, Pupil.class)), new InMemoryRecorders());
    }

    /** Nobody rings it. */
    public static final class Bell extends Application {
        public Bell(RecorderFactory recorders) {
            super("Bell", recorders);
        }
    }

    /** Waits for the bell. */
    public static final class Pupil extends Follower {
        public Pupil(RecorderFactory recorders) {
            super("Pupil", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }

    /** Ends the process with the exit code of success. */
    public static Runner exits() {
        System.out.println("leaving");
        System.exit(0);
        throw new IllegalStateException("not reached");
    }
}
