package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstancesTest {
    private final InMemoryRecorders recorders = new InMemoryRecorders();
    private final Words words = new Words(recorders);
    private final Echo echo = new Echo(recorders);
    private final Echo.Second second = new Echo.Second(recorders);

    @Test
    void areWhatARunnerRuns() {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Words.class, Echo.class));

        try (Runner runner = new SingleThreadedRunner(system, Instances.of(echo, words))) {
            runner.start();
            words.say("a");

            assertThat(runner.get(Words.class)).isSameAs(words);
            assertThat(runner.get(Echo.class)).isSameAs(echo);
            assertThat(echo.seen).containsExactly("a");
        }
    }

    @Test
    void mayComeInACollection() {
        Set<Application> all = Set.of(words, echo);

        assertThat(Instances.of(all).apply(Echo.class)).isSameAs(echo);
    }

    @Test
    void thatOfAClassGoesBeforeThoseOfSubclasses() {
        Instances instances = Instances.of(second, echo);

        assertThat(instances.apply(Echo.class)).isSameAs(echo);
        assertThat(instances.apply(Echo.Second.class)).isSameAs(second);
    }

    @Test
    void oneOfASubclassStandsForItsClass() {
        Echo extended = new Echo(recorders) {};

        assertThat(Instances.of(words, extended).apply(Echo.class)).isSameAs(extended);
        assertThat(Instances.of(words, second).apply(Follower.class)).isSameAs(second);
    }

    @Test
    void refuseAClassThatNoneFits() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Instances.of(words, echo).apply(Echo.Second.class))
                .withMessage("There is no " + Echo.Second.class.getName() + " among the instances ["
                        + Words.class.getName() + ", " + Echo.class.getName() + "]. Add the one that is to run.");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Instances.of().apply(Words.class))
                .withMessageContaining("among the instances []");
    }

    @Test
    void refuseAClassThatTwoFit() {
        Echo.Third third = new Echo.Third(recorders);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Instances.of(second, third).apply(Echo.class))
                .withMessage("There are 2 instances that may be the " + Echo.class.getName() + ": ["
                        + Echo.Second.class.getName() + ", " + Echo.Third.class.getName()
                        + "]. Give the one that is to run, or a function that tells them apart.");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Instances.of(words, new Words(recorders)).apply(Words.class))
                .withMessageStartingWith("There are 2 instances that may be the " + Words.class.getName());
    }

    @Test
    void areRefusedByARunnerThatWouldNotRunOneOfThem() {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Words.class, Echo.class));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(system, Instances.of(List.of(words, echo, second))))
                .withMessage("No class of the system stands for the instances [" + Echo.Second.class.getName()
                        + "]. Name their classes in its pipes, or do not give them.");
    }
}
