package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A mutable aggregate that can be restored from a state. */
final class Basket extends Aggregate<Basket.Event> {
    sealed interface Event {}

    record Taken() implements Event {}

    record Added(String item) implements Event {}

    /** Not defended against changes of the list, on purpose. */
    @Topic("Basket.State")
    record State(List<String> items) {}

    final List<String> items = new ArrayList<>();

    Basket(UUID id) {
        super(id);
    }

    static Basket taken(UUID id) {
        Basket basket = new Basket(id);
        basket.trigger(new Taken());
        return basket;
    }

    Basket add(String... more) {
        for (String item : more) {
            trigger(new Added(item));
        }
        return this;
    }

    State state() {
        return new State(items);
    }

    void restore(State state) {
        items.addAll(state.items());
    }

    @Override
    protected void apply(Event event) {
        if (event instanceof Added added) {
            items.add(added.item());
        }
    }
}
