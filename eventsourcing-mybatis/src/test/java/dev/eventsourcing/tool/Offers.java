package dev.eventsourcing.tool;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.util.function.Supplier;

/** What a program may offer to the tool, well or badly. */
public final class Offers {
    public static final Runner FIELD = method();

    public static final String[] NAMES = {"Fido"};

    public final Runner notStaticField = FIELD;

    public final Runner both = FIELD;

    private Offers() {}

    public static SingleThreadedRunner method() {
        return new SingleThreadedRunner(EventDrivenSystem.of(pipe(Lonely.class)), new InMemoryRecorders());
    }

    public Runner notStatic() {
        return FIELD;
    }

    static Runner notPublic() {
        return FIELD;
    }

    public static Runner needsSomething(String what) {
        return FIELD;
    }

    public static Runner needsMore(String what, int howMany) {
        return FIELD;
    }

    public static void nothing() {}

    String wrong(String what) {
        return what;
    }

    static Runner both() {
        return FIELD;
    }

    public static Object anything() {
        return FIELD;
    }

    public static Runner none() {
        return null;
    }

    public static Runner fails() {
        throw new IllegalArgumentException("The school is closed");
    }

    static Runner fails(Supplier<Runner> others) {
        return others.get();
    }

    /** In a class that cannot be reached. */
    static final class Hidden {
        private Hidden() {}

        public static Runner runner() {
            return FIELD;
        }
    }

    /** Of which a class tells as soon as it is used. */
    public static final class Loud {
        static {
            System.setProperty("dev.eventsourcing.tool.Offers.Loud", "initialised");
        }

        private Loud() {}

        public static String noRunner() {
            return "";
        }
    }

    /** An application by itself. */
    public static final class Lonely extends Application {
        public Lonely(RecorderFactory recorders) {
            super("Lonely", recorders);
        }
    }
}
