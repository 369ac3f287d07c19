package dev.eventsourcing.benchmark;

import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;

/** A follower that collects an event of a new aggregate for each event that it is given. */
final class Copier extends Follower {
    private final Repository<Note> copies = repository(Note.class, Note::new);

    Copier(String name, int batchSize, RecorderFactory recorders) {
        super(name, recorders);
        batchSize(batchSize);
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        Note copy = new Note(event.originatorId());
        copy.write(((Note.Written) event.payload()).text());
        processing.collect(copy);
    }
}
