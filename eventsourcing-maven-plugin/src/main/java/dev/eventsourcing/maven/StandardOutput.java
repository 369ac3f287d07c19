package dev.eventsourcing.maven;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a result goes that is no log, for a pipe: the standard output of the process. {@link System#out} is not always that: Maven 4
 * makes lines of its log of what is printed there.
 */
final class StandardOutput {
    private static final PrintStream STREAM =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private StandardOutput() {}

    /** Prints a line, behind what was logged. */
    static void print(String line) {
        System.out.flush();
        STREAM.println(line);
    }
}
