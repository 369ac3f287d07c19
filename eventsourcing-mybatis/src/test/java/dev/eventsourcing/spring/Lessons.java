package dev.eventsourcing.spring;

import org.springframework.transaction.annotation.Transactional;
import training.TrainingSchool;

/** A service as users of Spring write it: what its methods save is one transaction. */
public class Lessons {
    private final TrainingSchool school;

    Lessons(TrainingSchool school) {
        this.school = school;
    }

    @Transactional
    public void firstLesson(String dog, String trick, Runnable beforeTheCommit) {
        school.register(dog);
        school.addTrick(dog, trick);
        beforeTheCommit.run();
    }
}
