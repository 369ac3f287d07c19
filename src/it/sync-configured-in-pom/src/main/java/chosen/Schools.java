package chosen;

import dev.eventsourcing.system.Runner;
import training.School;

public final class Schools {
    private Schools() {}

    public static Runner inPom() {
        System.out.println("Taken from the POM");
        return School.runner();
    }

    public static Runner inCommandLine() {
        System.out.println("Taken from the command line");
        return School.runner();
    }
}
