package two;

import dev.eventsourcing.system.Runner;
import training.School;

public final class Schools {
    /** For its own sake. */
    public static final Runner DAY = School.runner();

    private Schools() {}

    public static Runner evening() {
        return School.runner();
    }
}
