package every;

import dev.eventsourcing.system.Runner;
import training.School;

public final class EverySchool {
    private EverySchool() {}

    public static Runner runner() {
        System.out.println("On a JDK of the " + System.getProperty("it.jdk"));
        return School.runner();
    }
}
