package training;

import dev.eventsourcing.testing.AggregateScenario;
import dev.eventsourcing.testing.PolicyScenario;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How a user tests the training school; the README shows it. */
class TrainingSchoolTest {
    @Test
    void aDogLearnsATrick() {
        AggregateScenario.of(Dog.class, Dog::new)
                .given(new Dog.Registered("Fido"))
                .when(dog -> dog.addTrick("sit"))
                .then(new Dog.TrickAdded("sit"));
    }

    @Test
    void noDogLearnsATrickTwice() {
        AggregateScenario.of(Dog.class, Dog::new)
                .given(new Dog.Registered("Fido"), new Dog.TrickAdded("sit"))
                .when(dog -> dog.addTrick("sit"))
                .thenThrows(IllegalArgumentException.class, "Fido knows how to sit already");
    }

    @Test
    void theThirdTrickIsAwardedADiploma() {
        UUID fido = Dog.idOf("Fido");

        PolicyScenario.of(Diplomas::new)
                .given("TrainingSchool", fido, new Dog.TrickAdded("sit"), new Dog.TrickAdded("fetch"))
                .when("TrainingSchool", fido, new Dog.TrickAdded("roll over"))
                .then(new Diploma.TrickCounted("roll over"), new Diploma.Awarded());
    }
}
