package visitors;

import dev.eventsourcing.domain.Aggregate;
import java.time.LocalDate;
import java.util.UUID;

public final class Visitor extends Aggregate<Visitor.Event> {
    public sealed interface Event {}

    public record Came(String name, LocalDate day) implements Event {}

    Visitor(UUID id) {
        super(id);
    }

    void come(String name, LocalDate day) {
        trigger(new Came(name, day));
    }

    @Override
    protected void apply(Event event) {}
}
