package dev.eventsourcing.persistence;

import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.domain.UnusableAggregateException;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Checked exceptions that no signature declares, out of code of the user's that makes, writes and reads events. */
class UndeclaredExceptionsInFormatsTest {
    /** What the code below throws; nothing while it is empty. */
    private static final AtomicReference<Throwable> THROWN = new AtomicReference<>();

    private static final UUID ID = new UUID(0, 1);

    private final InMemoryRecorders recorders = new InMemoryRecorders();

    private static void fail() {
        Throwable thrown = THROWN.getAndSet(null);
        if (thrown != null) {
            throw sneak(thrown);
        }
    }

    @Test
    void anAggregateWhoseApplyThrowsIsUnusable() {
        Note note = new Note(ID);
        IOException checked = new IOException("apply");
        THROWN.set(checked);

        assertThat(catchThrowable(() -> note.write("a"))).isSameAs(checked);

        assertThatExceptionOfType(UnusableAggregateException.class).isThrownBy(() -> note.write("b"));
        assertThatExceptionOfType(UnusableAggregateException.class)
                .isThrownBy(() -> new Notes(recorders, StateFormat.json()).save(note));
    }

    @Test
    void anUpcasterThatThrowsNamesTheEvent() {
        new OldNotes(recorders).save(OldNote.written("a"));
        Notes notes = new Notes(recorders, StateFormat.json().upcast(Written.class, 1, (data, event) -> {
            fail();
            return data;
        }));
        THROWN.set(new IOException("upcaster"));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> notes.get(ID))
                .withMessageContaining("upcaster")
                .withMessageContaining(ID.toString());

        assertThat(notes.get(ID).text).isEqualTo("a");
    }

    @Test
    void aCompressorThatThrowsNamesTheEvent() {
        Notes notes = new Notes(recorders, StateFormat.json());
        Note note = new Note(ID);
        note.write("x".repeat(10_000));
        StateFormat compressed = StateFormat.json().compressed(new Broken());
        THROWN.set(new IOException("compressor"));

        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> new Notes(recorders, compressed).save(note))
                .withMessageContaining("compressor")
                .withMessageContaining("Note.Written");

        assertThat(notes.notificationLog().end().recorded()).isZero();
    }

    @Test
    void anInterruptionOfAnUpcasterStaysWithTheThread() {
        new OldNotes(recorders).save(OldNote.written("a"));
        Notes notes = new Notes(recorders, StateFormat.json().upcast(Written.class, 1, (data, event) -> {
            fail();
            return data;
        }));
        THROWN.set(new InterruptedException("upcaster"));

        Throwable thrown = catchThrowable(() -> notes.get(ID));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(EventDecodingException.class);
    }

    @Test
    void anInterruptionOfACompressorStaysWithTheThread() {
        Note note = new Note(ID);
        note.write("x".repeat(10_000));
        Notes notes = new Notes(recorders, StateFormat.json().compressed(new Broken()));
        THROWN.set(new InterruptedException("compressor"));

        Throwable thrown = catchThrowable(() -> notes.save(note));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(PersistenceException.class);
    }

    @Topic(value = "Note.Written", version = 2)
    record Written(String text) {}

    /** The event as it was before. */
    @Topic("Note.Written")
    record OldWritten(String text) {}

    static final class Note extends Aggregate<Written> {
        private String text = "";

        Note(UUID id) {
            super(id);
        }

        void write(String words) {
            trigger(new Written(words));
        }

        @Override
        protected void apply(Written event) {
            fail();
            text = event.text();
        }
    }

    static final class OldNote extends Aggregate<OldWritten> {
        OldNote(UUID id) {
            super(id);
        }

        static OldNote written(String words) {
            OldNote note = new OldNote(ID);
            note.trigger(new OldWritten(words));
            return note;
        }

        @Override
        protected void apply(OldWritten event) {}
    }

    static final class Notes extends Application {
        private final Repository<Note> notes;

        Notes(RecorderFactory recorders, StateFormat format) {
            super("Notes", recorders, format);
            notes = repository(Note.class, Note::new);
        }

        Note get(UUID id) {
            return notes.get(id);
        }
    }

    static final class OldNotes extends Application {
        OldNotes(RecorderFactory recorders) {
            super("Notes", recorders);
            repository(OldNote.class, OldNote::new);
        }
    }

    /** A compressor that fails when it is told to. */
    private static final class Broken implements Compressor {
        @Override
        public int id() {
            return FIRST_OWN_ID;
        }

        @Override
        public byte[] compress(byte[] data) {
            fail();
            return data;
        }

        @Override
        public byte[] decompress(byte[] compressed, int maximumSize) {
            return compressed;
        }
    }
}
