package dev.eventsourcing.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Programs that run in a JVM of their own with little heap. */
public final class LittleMemory {
    private static final long PATIENCE_S = 120;

    private LittleMemory() {}

    /**
     * What a program prints that works on a database, whose URL is its argument, once it has ended. It has 16 MB; 11 are enough
     * for a program that does not keep what it has read.
     *
     * @param folder for its output
     */
    public static String outputOf(Class<?> program, TestDatabase database, Path folder)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        // H2's server sends more than 16 KB in parts, and TCP holds the second back for 40 ms.
                        "-Dh2.serverResultSetFetchSize=10",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        database.url())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException(program.getSimpleName() + " has not ended within " + PATIENCE_S + " s");
            }
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
