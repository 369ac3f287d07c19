package many;

import dev.eventsourcing.system.Runner;
import training.School;

public final class Schools {
    /** For its own sake. */
    public static final Runner DAY = School.runner();

    private Schools() {}

    public static Runner evening() {
        return School.runner();
    }

    /** Another name of the first. */
    public static Runner day() {
        return DAY;
    }

    public static Runner closed() {
        throw new IllegalStateException("The school is closed", new IllegalArgumentException("No such key"));
    }

    Runner hidden() {
        return DAY;
    }
}
