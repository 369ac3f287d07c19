package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem.Edge;
import java.util.List;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.junit.jupiter.api.Test;
import training.Diplomas;
import training.TrainingSchool;

class EventDrivenSystemTest {
    private final InMemoryRecorders recorders = new InMemoryRecorders();

    @Test
    void tellsWhoLeadsWhoFollowsAndWhoDoesNeitherOrBoth() {
        EventDrivenSystem system = EventDrivenSystem.of(
                pipe(Source.class, Middle.class, Sink.class), pipe(Other.class, Sink.class), pipe(Alone.class));

        assertThat(system.applications())
                .containsExactly(Source.class, Middle.class, Sink.class, Other.class, Alone.class);
        assertThat(system.edges())
                .containsExactly(
                        new Edge(Source.class, Middle.class),
                        new Edge(Middle.class, Sink.class),
                        new Edge(Other.class, Sink.class));
        assertThat(system.leaders()).containsExactly(Source.class, Middle.class, Other.class);
        assertThat(system.followers()).containsExactly(Middle.class, Sink.class);
        assertThat(system.leadersOnly()).containsExactly(Source.class, Other.class);
        assertThat(system.processors()).containsExactly(Middle.class);
        assertThat(system.singles()).containsExactly(Alone.class);
        assertThat(system.leadersOf(Sink.class)).containsExactly(Middle.class, Other.class);
        assertThat(system.leadersOf(Source.class)).isEmpty();
        assertThat(system.followersOf(Source.class)).containsExactly(Middle.class);
        assertThat(system.followersOf(Sink.class)).isEmpty();
    }

    @Test
    void followersAreInTheOrderInWhichTheyAreFirstToldToFollow() {
        EventDrivenSystem system = EventDrivenSystem.of(
                pipe(Middle.class), pipe(Source.class, Sink.class), pipe(Source.class, Middle.class, Sink.class));

        assertThat(system.applications()).containsExactly(Middle.class, Source.class, Sink.class);
        assertThat(system.followers()).containsExactly(Sink.class, Middle.class);
        assertThat(system.leadersOf(Sink.class)).containsExactly(Source.class, Middle.class);
    }

    @Test
    void whatIsToldOfASystemCannotBeChanged() {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Source.class, Middle.class, Sink.class));

        for (List<?> told : List.of(
                system.applications(),
                system.edges(),
                system.leaders(),
                system.followers(),
                system.leadersOnly(),
                system.processors(),
                system.singles(),
                system.leadersOf(Sink.class),
                system.followersOf(Source.class))) {
            assertThat(told).isUnmodifiable();
        }
    }

    @Test
    void anEdgeThatIsMentionedTwiceIsOne() {
        EventDrivenSystem system =
                EventDrivenSystem.of(pipe(Source.class, Middle.class), pipe(Source.class, Middle.class, Sink.class));

        assertThat(system.edges())
                .containsExactly(new Edge(Source.class, Middle.class), new Edge(Middle.class, Sink.class));
    }

    @Test
    void loopsAreAllowedAlsoOfOneThatFollowsItself() {
        EventDrivenSystem system =
                EventDrivenSystem.of(pipe(Middle.class, Sink.class, Middle.class), pipe(Sink.class, Sink.class));

        assertThat(system.followers()).containsExactly(Sink.class, Middle.class);
        assertThat(system.processors()).containsExactly(Sink.class, Middle.class);
        assertThat(system.leadersOnly()).isEmpty();
    }

    @Test
    void refusesWhatStandsBehindAnotherAndIsNoFollower() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> EventDrivenSystem.of(pipe(Source.class, Other.class)))
                .withMessage(Other.class.getName() + " stands behind " + Source.class.getName()
                        + " in a pipe, but is no Follower. Extend Follower.");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> EventDrivenSystem.of(pipe(Source.class, Other.class, Sink.class)));
    }

    @Test
    void refusesASystemWithoutApplications() {
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(EventDrivenSystem::of);
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> EventDrivenSystem.of(pipe()));
    }

    @Test
    void aRunnerGivesTheApplicationsOfItsSystem() {
        try (Runner runner =
                new SingleThreadedRunner(EventDrivenSystem.of(pipe(TrainingSchool.class, Diplomas.class)), recorders)) {
            assertThat(runner.get(TrainingSchool.class)).isSameAs(runner.get(TrainingSchool.class));
            assertThat(runner.get(Diplomas.class).name()).isEqualTo("Diplomas");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> runner.get(Source.class))
                    .withMessage(
                            "The system has no " + Source.class.getName() + ". It has: [TrainingSchool, Diplomas].");
        }
    }

    @Test
    void aRunnerRefusesTwoApplicationsOfOneName() {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Source.class, Sink.class), pipe(Namesake.class));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(system, recorders))
                .withMessage(Source.class.getName() + " and " + Namesake.class.getName()
                        + " are both named Source. Give one of them another name in its constructor.");
    }

    @Test
    void aRunnerTakesApplicationsThatAFunctionMakes() {
        Source source = new Source(recorders);
        Sink sink = new Sink(recorders);
        Runner runner = new SingleThreadedRunner(
                EventDrivenSystem.of(pipe(Source.class, Sink.class)),
                type -> List.of(source, sink).stream()
                        .filter(type::isInstance)
                        .findFirst()
                        .orElseThrow());

        assertThat(runner.get(Source.class)).isSameAs(source);
        assertThat(runner.get(Sink.class)).isSameAs(sink);
    }

    @Test
    void aRunnerRefusesAFunctionThatGivesNothingOrSomethingElse() {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Source.class));

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(system, type -> null))
                .withMessage("Asked for a " + Source.class.getName() + ", the system was given nothing."
                        + " Have the function give the instance of the class that it is asked for.");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(system, type -> new Other(recorders)))
                .withMessageContaining("was given a " + Other.class.getName());
    }

    @Test
    void aRunnerRefusesOneInstanceForTwoClasses() {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Source.class), pipe(Special.class));
        Special both = new Special(recorders);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(system, type -> both))
                .withMessage("The system was given one instance, of " + Special.class.getName() + ", as "
                        + Source.class.getName() + " and as " + Special.class.getName() + ". Give it one for each.");
    }

    @Test
    void aRunnerSaysWhichApplicationItCannotMake() {
        for (Class<? extends Application> type : List.of(Bare.class, Inner.class)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> new SingleThreadedRunner(EventDrivenSystem.of(pipe(type)), recorders))
                    .withMessage(type.getName() + " has 0 constructors with one parameter that takes a"
                            + " InMemoryRecorders; it needs one, and to be static if it is a nested class."
                            + " Or give the runner the instance: Instances.of(..).");
        }
    }

    @Test
    void anAbstractClassIsRefusedWhenItIsToBeMadeAndNotWhenItIsGiven() {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Abstract.class));
        Abstract given = new Abstract(recorders) {
            @Override
            public String toString() {
                return "given";
            }
        };

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(system, recorders))
                .withMessage(Abstract.class.getName() + " is abstract, so none can be made of it. Name a class in the"
                        + " pipe that extends it, or give the runner the instance: Instances.of(..).");
        try (Runner runner = new SingleThreadedRunner(system, type -> given)) {
            assertThat(runner.get(Abstract.class)).isSameAs(given);
        }
    }

    @Test
    void makingApplicationsConnectsToNoDatabase() {
        MyBatisRecorders nowhere = MyBatisRecorders.over(
                new UnpooledDataSource("org.postgresql.Driver", "jdbc:postgresql://127.0.0.1:1/none", "nobody", ""));
        EventDrivenSystem system =
                EventDrivenSystem.of(pipe(Source.class, Middle.class, Sink.class), pipe(Alone.class));

        try (Runner runner = new SingleThreadedRunner(system, nowhere)) {
            assertThat(system.applications())
                    .allSatisfy(type -> assertThat(runner.get(type)).isInstanceOf(type));
            assertThatExceptionOfType(PersistenceException.class)
                    .isThrownBy(() -> runner.get(Sink.class).pullAndProcess("Middle"));
        }
    }

    @Test
    void whatAConstructorThrowsComesThroughAsItIs() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(EventDrivenSystem.of(pipe(Throwing.class)), recorders))
                .withMessage("not today");
    }

    @Test
    void soDoesAnErrorOfAConstructor() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new SingleThreadedRunner(EventDrivenSystem.of(pipe(Erring.class)), recorders))
                .withMessage("never");
    }

    static class Source extends Application {
        Source(RecorderFactory recorders) {
            super("Source", recorders);
        }
    }

    static final class Special extends Source {
        Special(RecorderFactory recorders) {
            super(recorders);
        }
    }

    static final class Namesake extends Application {
        Namesake(RecorderFactory recorders) {
            super("Source", recorders);
        }
    }

    static final class Other extends Application {
        Other(RecorderFactory recorders) {
            super(recorders);
        }
    }

    static final class Alone extends Application {
        Alone(RecorderFactory recorders) {
            super(recorders);
        }
    }

    abstract static class Abstract extends Application {
        Abstract(RecorderFactory recorders) {
            super("Abstract", recorders);
        }
    }

    static final class Bare extends Application {
        Bare() {
            super(new InMemoryRecorders());
        }
    }

    final class Inner extends Application {
        Inner(RecorderFactory recorders) {
            super(recorders);
        }
    }

    static final class Throwing extends Application {
        Throwing(RecorderFactory recorders) {
            super(recorders);
            throw new UnsupportedOperationException("not today");
        }
    }

    static final class Erring extends Application {
        Erring(RecorderFactory recorders) {
            super(recorders);
            throw new AssertionError("never");
        }
    }

    static final class Middle extends Follower {
        Middle(RecorderFactory recorders) {
            super(recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }

    static final class Sink extends Follower {
        Sink(RecorderFactory recorders) {
            super(recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }
}
