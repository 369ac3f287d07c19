package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.system.Runner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Programs whose runners cannot be made, or whose members can be mistaken for others. */
public final class Mistakes {
    private Mistakes() {}

    public static Runner withCause() {
        throw new IllegalStateException("No school", new IOException("The disk is full"));
    }

    /** What frameworks do. */
    public static Runner withRepeatedCause() {
        throw new IllegalStateException("No school: The disk is full", new IOException("The disk is full"));
    }

    public static Runner checked() throws IOException {
        throw new IOException("The disk is full");
    }

    public static Runner inTheJdk() {
        return Objects.requireNonNull(null, "No dog");
    }

    public static Runner withoutMessage() {
        throw new IllegalStateException();
    }

    public static Runner ofOurs() {
        throw new ConfigurationException("The school is too small. Build a larger one.");
    }

    public static Runner deep() {
        return List.of("Fido").stream().map(Mistakes::bark).findFirst().orElseThrow();
    }

    private static Runner bark(String dog) {
        throw new IllegalArgumentException(dog + " barks");
    }

    public static Runner inTheLibrary() {
        return new dev.eventsourcing.system.SingleThreadedRunner(
                dev.eventsourcing.system.EventDrivenSystem.of(), type -> null);
    }

    public static Runner away() {
        throw new IllegalStateException(
                "No school", new RuntimeException(new CannotConnectException("no connection to the database", null)));
    }

    public static Runner endless() {
        return endless();
    }

    public static Runner missing() {
        throw new NoClassDefFoundError("com/acme/Gone");
    }

    public static Runner circular() {
        IllegalStateException first = new IllegalStateException("Hen");
        IllegalStateException second = new IllegalStateException("Egg", first);
        first.initCause(second);
        throw first;
    }

    /** Fails when it is initialised. */
    public static final class Initialised {
        public static final Runner FIELD = Offers.method();

        static {
            fail();
        }

        private Initialised() {}

        private static void fail() {
            throw new IllegalStateException("No setting");
        }

        public static Runner runner() {
            return FIELD;
        }
    }

    /** Fails when it is initialised, with an error, which nothing wraps. */
    public static final class Asserted {
        public static Runner FIELD = Offers.FIELD;

        static {
            fail();
        }

        private Asserted() {}

        private static void fail() {
            throw new AssertionError("Not so");
        }
    }

    /** Inherits what is asked for. */
    public static final class Child extends Parent {
        private Child() {}
    }

    public static class Parent {
        public static final Runner HELD = Offers.method();

        public static Runner runner() {
            return HELD;
        }
    }

    /** As code of others between the program and what fails. */
    public static final class OverOthers {
        private OverOthers() {}

        public static Runner runner() {
            return Offers.fails(() -> {
                throw new IllegalStateException("Closed");
            });
        }
    }

    /** Has the runner of a class that is not public. */
    public static final class Heir extends HiddenParent {
        private Heir() {}
    }

    static class HiddenParent {
        public static Runner runner() {
            return Offers.FIELD;
        }
    }

    /** In a class that cannot be reached. */
    static final class Hidden {
        private Hidden() {}

        public static final class Inside {
            private Inside() {}

            public static Runner runner() {
                return Offers.FIELD;
            }
        }
    }

    /** A field, and a method that returns what it has. */
    public static final class TwoNames {
        public static final Runner HELD = Offers.method();
        public static Runner later;

        private TwoNames() {}

        public static Runner runner() {
            return HELD;
        }
    }

    /** Another field with the same. */
    public static final class ThirdName {
        public static final Runner ALSO = TwoNames.HELD;

        private ThirdName() {}
    }

    /** What is filled later, and who fills it. */
    public static final class Later {
        public static Runner current;

        private Later() {}

        public static Runner runner() {
            return Offers.FIELD;
        }
    }

    public static final class Empty {
        public static Runner first;
        public static Runner second;

        private Empty() {}
    }

    /** A method that makes another than the field has. */
    public static final class HeldAndMade {
        static final List<String> CLOSED = new ArrayList<>();

        public static final Runner HELD = Offers.method().closing(() -> CLOSED.add("held"));

        private HeldAndMade() {}

        public static Runner made() {
            return Offers.method().closing(() -> CLOSED.add("made"));
        }
    }

    public static final class HeldAndFailing {
        public static final Runner HELD = Offers.method();

        private HeldAndFailing() {}

        public static Runner fails() {
            throw new IllegalStateException("No school");
        }
    }

    /** Methods that nobody has asked for. */
    public static final class Careful {
        static int calls;

        private Careful() {}

        public static Runner one() {
            calls++;
            return Offers.FIELD;
        }

        public static Runner two() {
            calls++;
            return Offers.FIELD;
        }
    }

    /** What is nearly a runner. */
    public static final class Nearly {
        private Nearly() {}

        static Runner runner(String name) {
            return Offers.FIELD;
        }
    }

    /** Refers to a class that is there now, and is gone when it is loaded by another loader. */
    public static final class Refers {
        private Refers() {}

        public static Runner runner(Gone gone) {
            return Offers.FIELD;
        }
    }

    public static class Gone {}

    public static final class Extends extends Gone {
        private Extends() {}

        public static Runner runner() {
            return Offers.FIELD;
        }
    }
}
