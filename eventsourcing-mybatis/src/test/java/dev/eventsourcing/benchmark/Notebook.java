package dev.eventsourcing.benchmark;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.UUID;

/** A leader. */
final class Notebook extends Application {
    private final Repository<Note> notes = repository(Note.class, Note::new);

    Notebook(String name, RecorderFactory recorders) {
        super(name, recorders);
    }

    /** Saves one event of a new aggregate. */
    void write(UUID id) {
        Note note = new Note(id);
        note.write(BenchmarkDatabase.TEXT);
        save(note);
    }

    Note read(UUID id) {
        return notes.get(id);
    }
}
