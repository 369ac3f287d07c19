package training;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.List;

public final class TrainingSchool extends Application {
    private final Repository<Dog> dogs = repository(Dog.class, Dog::new);

    public TrainingSchool(RecorderFactory recorders) {
        super("TrainingSchool", recorders);
    }

    public void register(String name) {
        save(Dog.register(name));
    }

    public void addTrick(String name, String trick) {
        Dog dog = dogs.get(Dog.idOf(name));
        dog.addTrick(trick);
        save(dog);
    }

    public List<String> tricksOf(String name) {
        return dogs.get(Dog.idOf(name)).tricks();
    }
}
