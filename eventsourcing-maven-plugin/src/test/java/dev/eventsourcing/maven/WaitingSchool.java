package dev.eventsourcing.maven;

import dev.eventsourcing.system.Runner;
import java.util.concurrent.CountDownLatch;

/** Programs as the tool may meet them. */
public final class WaitingSchool {
    private WaitingSchool() {}

    /** Says that it is there, and then never comes back. */
    public static Runner neverMade() throws InterruptedException {
        System.out.println("waiting");
        new CountDownLatch(1).await();
        throw new IllegalStateException("not reached");
    }

    /** Ends the process with the exit code of success. */
    public static Runner exits() {
        System.out.println("leaving");
        System.exit(0);
        throw new IllegalStateException("not reached");
    }
}
