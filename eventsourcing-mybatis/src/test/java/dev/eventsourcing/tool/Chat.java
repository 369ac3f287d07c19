package dev.eventsourcing.tool;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.FailureAction;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.util.UUID;

/** Three words were said; one follower listens, one dislikes the second word. */
public final class Chat {
    private Chat() {}

    public static Runner runner() {
        SingleThreadedRunner runner = new SingleThreadedRunner(
                EventDrivenSystem.of(pipe(Speaker.class, Listener.class), pipe(Speaker.class, Critic.class)),
                new InMemoryRecorders());
        runner.get(Speaker.class).say("one", "two", "three");
        return runner;
    }

    /** The same with a follower that puts the second word aside. */
    public static Runner patientRunner() {
        SingleThreadedRunner runner = new SingleThreadedRunner(
                EventDrivenSystem.of(pipe(Speaker.class, Patient.class)), new InMemoryRecorders());
        runner.get(Speaker.class).say("one", "two", "three");
        return runner;
    }

    public static final class Talk extends Aggregate<Talk.Said> {
        public record Said(String word) {}

        Talk(UUID id) {
            super(id);
        }

        void say(String word) {
            trigger(new Said(word));
        }

        @Override
        protected void apply(Said event) {}
    }

    public static final class Speaker extends Application {
        private final Repository<Talk> talks = repository(Talk.class, Talk::new, Talk.Said.class);

        public Speaker(RecorderFactory recorders) {
            super("Speaker", recorders);
        }

        void say(String... words) {
            Talk talk = new Talk(UUID.randomUUID());
            for (String word : words) {
                talk.say(word);
            }
            save(talk);
            talks.get(talk.id());
        }
    }

    public static final class Listener extends Follower {
        public Listener(RecorderFactory recorders) {
            super("Listener", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }

    public static final class Critic extends Follower {
        public Critic(RecorderFactory recorders) {
            super("Critic", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (event.payload() instanceof Talk.Said said && said.word().equals("two")) {
                throw new IllegalStateException("Not again");
            }
        }
    }

    public static final class Patient extends Follower {
        public Patient(RecorderFactory recorders) {
            super("Patient", recorders);
            onFailure(FailureAction.PARK);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (event.payload() instanceof Talk.Said said && said.word().equals("two")) {
                throw new IllegalStateException("Not again");
            }
        }
    }
}
