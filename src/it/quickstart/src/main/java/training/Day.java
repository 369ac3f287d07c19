package training;

import dev.eventsourcing.system.Runner;

/**
 * A day at the school. The runner is not started, so the followers learn of it only when they are synchronised: here with
 * {@code mvn eventsourcing:sync-followers}.
 */
public final class Day {
    private Day() {}

    public static void main(String[] arguments) {
        try (Runner runner = School.runner()) {
            runner.get(TrickBoard.class).createTable();

            TrainingSchool school = runner.get(TrainingSchool.class);
            school.register("Fido");
            school.addTrick("Fido", "sit");
            school.addTrick("Fido", "fetch");
            school.addTrick("Fido", "roll over");
            school.register("Rex");
            school.addTrick("Rex", "sit");
            school.addTrick("Rex", "fetch");
            school.register("Bella");
            school.addTrick("Bella", "sit");

            for (String dog : new String[] {"Fido", "Rex", "Bella"}) {
                System.out.println(dog + " is registered and learns " + String.join(", ", school.tricksOf(dog)) + ".");
            }
        }
    }
}
