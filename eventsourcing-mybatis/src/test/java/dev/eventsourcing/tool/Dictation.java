package dev.eventsourcing.tool;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.EventSourcedLog;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.UUID;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** A program whose follower writes a row for each event, and stands still at one of them until somebody lets it go on. */
public final class Dictation {
    /** Where to ask whether to go on; not asked where it is not set. */
    static final String GATE = "dictation.gate";

    /** The word to ask at. */
    static final String AT = "dictation.at";

    private Dictation() {}

    /** For the tool. */
    public static Runner runner() {
        return runner(Settings.ofProcess());
    }

    static Runner runner(Settings settings) {
        MyBatisRecorders recorders = MyBatisRecorders.fromSettings(settings, Words.class);
        return new SingleThreadedRunner(EventDrivenSystem.of(pipe(Speaker.class, Scribe.class)), recorders)
                .closing(recorders);
    }

    /** Makes the tables, and says so many words, from 1. */
    static void prepare(Settings settings, int words) {
        try (Runner runner = runner(settings)) {
            runner.get(Speaker.class).migrations().orElseThrow().migrate();
            runner.get(Scribe.class).words.createTable();
            for (int word = 1; word <= words; word++) {
                runner.get(Speaker.class).say(word);
            }
        }
    }

    /** Says words. */
    public static final class Speaker extends Application {
        private final EventSourcedLog<Said> speech = log(new UUID(0, 1), Said.class);

        /** For the runner. */
        public Speaker(RecorderFactory recorders) {
            super("Speaker", recorders);
        }

        void say(int word) {
            save(speech.trigger(new Said(word)));
        }
    }

    /** A word. */
    public record Said(int word) {}

    /** Writes them down. */
    public static final class Scribe extends Follower {
        private final Words words;

        /** For the runner. */
        public Scribe(MyBatisRecorders recorders) {
            super("Scribe", recorders);
            words = recorders.forApplication(name()).mapper(Words.class);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            int word = ((Said) event.payload()).word();
            words.write(word);
            if (Integer.getInteger(GATE) != null && word == Integer.getInteger(AT)) {
                try (Socket gate = new Socket(InetAddress.getLoopbackAddress(), Integer.getInteger(GATE))) {
                    if (gate.getInputStream().read() < 0) {
                        throw new IOException("Nobody let it go on");
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** The program's own table. */
    public interface Words {
        /** Without a key: a word that is written twice is to be seen. */
        @Update("CREATE TABLE IF NOT EXISTS words (word INT NOT NULL)")
        void createTable();

        /** Writes one down. */
        @Insert("INSERT INTO words (word) VALUES (#{word})")
        void write(int word);

        /** All of them. */
        @Select("SELECT word FROM words ORDER BY word")
        List<Integer> all();

        /** How far the follower has come. */
        @Select("SELECT notification_id FROM notification_tracking WHERE application_name = 'Scribe'")
        List<Long> position();
    }
}
