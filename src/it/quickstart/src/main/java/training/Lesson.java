package training;

import dev.eventsourcing.system.Runner;

public final class Lesson {
    private Lesson() {}

    public static void main(String[] arguments) {
        try (Runner runner = School.runner()) {
            runner.get(TrickBoard.class).createTable();
            runner.start(); // the followers catch up, and from now on process what is saved

            TrainingSchool school = runner.get(TrainingSchool.class);
            school.register("Fido");
            school.addTrick("Fido", "sit");
            school.addTrick("Fido", "fetch");
            school.addTrick("Fido", "roll over");
            school.register("Rex");
            school.addTrick("Rex", "sit");

            System.out.println("Fido knows " + school.tricksOf("Fido"));
            System.out.println("Diploma: " + runner.get(Diplomas.class).hasDiploma("Fido"));
            System.out.println("Board: " + runner.get(TrickBoard.class).counts());
        }
    }
}
