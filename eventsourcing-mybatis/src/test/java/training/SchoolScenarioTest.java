package training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.testing.AggregateScenario;
import dev.eventsourcing.testing.PolicyScenario;
import dev.eventsourcing.testing.RoundTripCheck;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import training.Dog.Registered;
import training.Dog.TrickAdded;

/** The example of the README, tested as its user would. */
class SchoolScenarioTest {
    private static final UUID FIDO = Dog.idOf("Fido");

    private final AggregateScenario<Dog, Dog.Event> dog = AggregateScenario.of(Dog.class, Dog::new);
    private final PolicyScenario<Diplomas> diplomas = PolicyScenario.of(Diplomas::new);

    @Test
    void aDogIsRegistered() {
        dog.when(() -> Dog.register("Fido")).then(new Registered("Fido"));
    }

    @Test
    void aDogIsNotRegisteredTwice() {
        dog.id(FIDO)
                .given(new Registered("Fido"))
                .when(() -> Dog.register("Fido"))
                .thenThrows(RecordConflictException.class, "already exists");
    }

    @Test
    void aDogLearnsATrick() {
        dog.given(new Registered("Fido"))
                .when(fido -> fido.addTrick("sit"))
                .then(new TrickAdded("sit"))
                .thenState(fido -> assertThat(fido.tricks()).containsExactly("sit"));
    }

    @Test
    void eventsComeBackAsTheyWereSaved() {
        RoundTripCheck.of(Dog.Event.class).check();
    }

    @Test
    void aDogLearnsNoTrickTwice() {
        dog.given(new Registered("Fido"), new TrickAdded("sit"))
                .when(fido -> fido.addTrick("sit"))
                .thenThrows(IllegalArgumentException.class, "Fido knows how to sit already")
                .thenNothing();
    }

    @Test
    void theThirdTrickEarnsADiploma() {
        diplomas.given("TrainingSchool", FIDO, new TrickAdded("sit"), new TrickAdded("fetch"))
                .when("TrainingSchool", FIDO, new TrickAdded("roll over"))
                .then(new Diploma.TrickCounted("roll over"), new Diploma.Awarded())
                .thenState("Fido has a diploma", follower -> follower.hasDiploma("Fido"));
    }

    @Test
    void aRegistrationEarnsNothing() {
        diplomas.leader(TrainingSchool::new)
                .when("TrainingSchool", FIDO, new Registered("Fido"))
                .thenNothing();
    }

    @Test
    void aDiplomaNamesItsCause() {
        diplomas.when("TrainingSchool", FIDO, new TrickAdded("sit"))
                .thenRecorded(recorded -> assertThat(recorded).singleElement().satisfies(event -> {
                    assertThat(event.originatorId()).isEqualTo(FIDO);
                    assertThat(event.metadata()).containsEntry(DomainEvent.CAUSATION_LEADER, "TrainingSchool");
                }));
    }
}
