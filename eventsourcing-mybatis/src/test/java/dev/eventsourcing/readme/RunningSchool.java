package dev.eventsourcing.readme;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.application.Subscription;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.micrometer.MicrometerFollowerMetrics;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.FailureAction;
import dev.eventsourcing.system.MultiThreadedRunner;
import dev.eventsourcing.system.Parking;
import dev.eventsourcing.system.Projection;
import dev.eventsourcing.system.RetryResult;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.RunnerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import training.Dog;
import training.TrainingSchool;
import training.TrickCountMapper;

/** A school that runs: what the README shows of runners and what is around them. */
final class RunningSchool {
    private RunningSchool() {}

    static Runner runner(MyBatisRecorders recorders, MeterRegistry registry) {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(TrainingSchool.class, Tricks.class));
        RunnerSettings settings = RunnerSettings.defaults().metrics(new MicrometerFollowerMetrics(registry));
        return new MultiThreadedRunner(system, recorders, settings).closing(recorders);
    }

    /** A read model, as TrickBoard is one. */
    public static final class Tricks extends Projection {
        private final TrickCountMapper counts;

        public Tricks(MyBatisRecorders recorders) {
            super("Tricks", recorders);
            counts = recorders.forApplication(name()).mapper(TrickCountMapper.class);
            follows("TrainingSchool", Dog.TrickAdded.class);
            onFailure(FailureAction.PARK);
        }

        @Override
        protected void project(DomainEvent<?> event) {
            String trick = ((Dog.TrickAdded) event.payload()).trick();
            if (trick.isBlank()) {
                throw new IllegalArgumentException("A trick without a name.");
            }
            if (counts.addDog(trick) == 0) {
                counts.insertFirstDog(trick);
            }
        }
    }

    static RetryResult retry(Tricks tricks) {
        Parking parking = tricks.parking();
        parking.list("TrainingSchool", 0, 100).forEach(event -> System.out.println(event.reason()));
        return parking.retryAll("TrainingSchool"); // or drop(..) what is never to be processed
    }

    static void waitFor(Tricks tricks, List<Recording> saved) {
        tricks.waitUntil("TrainingSchool", saved, Duration.ofSeconds(2));
    }

    static void push(TrainingSchool school, long last, Consumer<Object> browser) {
        try (Subscription tricks =
                Subscription.to(school).after(last).of(Dog.TrickAdded.class).open()) {
            for (Recording recording : tricks) { // waits where there is no more; another thread may close it
                browser.accept(recording.event().payload());
            }
        }
    }
}
