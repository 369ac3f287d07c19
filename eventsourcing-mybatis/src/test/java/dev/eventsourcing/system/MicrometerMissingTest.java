package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.micrometer.MicrometerFollowerMetrics;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.testsupport.MissingLibrary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A program without the optional library, which all have who measure in another way or not at all. */
class MicrometerMissingTest {
    private final MissingLibrary micrometer = new MissingLibrary("micrometer");

    @Test
    void systemsRunWithoutIt() throws Exception {
        assertThat(micrometer.thrownBy(Following.class)).isNull();
    }

    @Test
    void onlyItsAdapterNeedsIt() throws Exception {
        assertThat(micrometer.thrownBy(Measuring.class)).isInstanceOf(NoClassDefFoundError.class);
    }

    static final class Following implements Callable<Object> {
        @Override
        public Object call() {
            EventDrivenSystem system = EventDrivenSystem.of(Pipe.pipe(Words.class, Echo.class));
            try (SingleThreadedRunner runner = new SingleThreadedRunner(system, new InMemoryRecorders())) {
                runner.start();
                runner.get(Words.class).say("hello");
                assertThat(runner.get(Echo.class).repeated()).isEqualTo(List.of("hello"));
            }
            FollowerMetrics.NONE.processed("Echo", "Words", 1, Duration.ZERO);
            return system;
        }
    }

    static final class Measuring implements Callable<Object> {
        @Override
        public Object call() {
            return new MicrometerFollowerMetrics(new SimpleMeterRegistry());
        }
    }
}
