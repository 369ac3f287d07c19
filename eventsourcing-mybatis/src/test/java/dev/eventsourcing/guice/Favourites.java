package dev.eventsourcing.guice;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import training.Dog;
import training.TrickCount;
import training.TrickCountMapper;

/** A follower that is injected with recorders and with a mapper, which takes part in its transactions. */
@Singleton
public final class Favourites extends Follower {
    private final TrickCountMapper counts;

    @Inject
    Favourites(RecorderFactory recorders, TrickCountMapper counts) {
        super("Favourites", recorders);
        this.counts = counts;
        follows("TrainingSchool", Dog.TrickAdded.class);
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        if (event.payload() instanceof Dog.TrickAdded added && counts.addDog(added.trick()) == 0) {
            counts.insertFirstDog(added.trick());
        }
    }

    /** The trick that most dogs know. */
    public Optional<TrickCount> favourite() {
        return counts.selectAll().stream().findFirst();
    }
}
