package training;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.NameBasedIds;
import dev.eventsourcing.domain.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

public final class Dog extends Aggregate<Dog.Event> {
    /** What can happen to a dog. */
    public sealed interface Event {}

    @Topic("Dog.Registered")
    public record Registered(String name) implements Event {}

    /** Stored under this name, whatever becomes of the class. Before, it was stored as Dog.TrickLearned. */
    @Topic(value = "Dog.TrickAdded", former = "Dog.TrickLearned")
    public record TrickAdded(String trick) implements Event {}

    private String name = "";
    private final List<String> tricks = new ArrayList<>();

    Dog(UUID id) {
        super(id);
    }

    public static Dog register(String name) {
        Dog dog = new Dog(idOf(name));
        dog.trigger(new Registered(name));
        return dog;
    }

    public static UUID idOf(String name) {
        return NameBasedIds.nameBasedId(NameBasedIds.URL, "/dogs/" + name);
    }

    public void addTrick(String trick) {
        if (tricks.contains(trick)) {
            throw new IllegalArgumentException(name + " knows how to " + trick + " already.");
        }
        trigger(new TrickAdded(trick));
    }

    public List<String> tricks() {
        return List.copyOf(tricks);
    }

    @Override
    protected void apply(Event event) {
        if (event instanceof Registered registered) {
            name = registered.name();
        } else if (event instanceof TrickAdded added) {
            tricks.add(added.trick());
        } else {
            throw unknown(event);
        }
    }
}
