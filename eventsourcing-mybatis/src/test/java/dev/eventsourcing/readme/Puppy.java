package dev.eventsourcing.readme;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** An aggregate that a snapshot can be taken of. */
public final class Puppy extends Aggregate<Puppy.Event> {
    /** What can happen to a puppy. */
    public sealed interface Event {}

    /** It weighs this much. Version 1 had ounces. */
    @Topic(value = "Puppy.Weighed", version = 2)
    public record Weighed(int grams) implements Event {}

    @Topic("Puppy.State")
    public record State(List<Integer> weights) {}

    public State state() {
        return new State(weights);
    }

    public void restore(State state) {
        weights.addAll(state.weights());
    }

    private final List<Integer> weights = new ArrayList<>();

    Puppy(UUID id) {
        super(id);
    }

    public void weigh(int grams) {
        trigger(new Weighed(grams));
    }

    @Override
    protected void apply(Event event) {
        if (event instanceof Weighed weighed) {
            weights.add(weighed.grams());
        } else {
            throw unknown(event);
        }
    }
}
