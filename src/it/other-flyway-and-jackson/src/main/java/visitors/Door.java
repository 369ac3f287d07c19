package visitors;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.NameBasedIds;
import dev.eventsourcing.persistence.RecorderFactory;
import java.time.LocalDate;

public final class Door extends Application {
    private final Repository<Visitor> visitors = repository(Visitor.class, Visitor::new);

    public Door(RecorderFactory recorders) {
        super("Door", recorders);
    }

    void open(String name, LocalDate day) {
        Visitor visitor = new Visitor(NameBasedIds.nameBasedId(NameBasedIds.URL, "/visitors/" + name));
        visitor.come(name, day);
        save(visitor);
        visitors.get(visitor.id());
    }
}
