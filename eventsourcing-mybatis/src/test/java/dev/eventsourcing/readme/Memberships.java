package dev.eventsourcing.readme;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.UUID;

public final class Memberships extends Application {
    private final Repository<Versioned<Membership>> memberships =
            repository(Membership.class, Membership.Event.class, Membership::after);

    public Memberships(RecorderFactory recorders) {
        super("Memberships", recorders);
    }

    public UUID begin(String dog, int lessons) {
        UUID id = UUID.randomUUID();
        save(NewEvents.first(id, new Membership.Begun(dog, lessons)));
        return id;
    }

    public void takeLesson(UUID id) {
        Versioned<Membership> membership = memberships.get(id);
        save(membership.then(membership.state().takeLesson()));
    }

    public int lessonsLeft(UUID id) {
        return memberships.get(id).state().lessonsLeft();
    }
}
