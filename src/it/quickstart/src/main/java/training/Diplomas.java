package training;

import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import java.util.UUID;

public final class Diplomas extends Follower {
    private final Repository<Diploma> diplomas = repository(Diploma.class, Diploma::new);

    public Diplomas(RecorderFactory recorders) {
        super("Diplomas", recorders);
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        if (event.payload() instanceof Dog.TrickAdded added) {
            Diploma diploma = of(event.originatorId());
            diploma.count(added.trick());
            processing.collect(diploma);
        }
    }

    public boolean hasDiploma(String dog) {
        return of(Dog.idOf(dog)).awarded();
    }

    private Diploma of(UUID dogId) {
        return diplomas.find(dogId).orElseGet(() -> new Diploma(dogId));
    }
}
