package odd;

import dev.eventsourcing.system.Runner;
import training.School;

/** Its class lies in the odd folder. */
public final class Odd {
    private Odd() {}

    public static Runner runner() {
        System.out.println(System.getProperty("greeting"));
        return School.runner();
    }
}
