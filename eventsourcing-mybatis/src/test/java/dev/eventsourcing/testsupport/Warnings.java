package dev.eventsourcing.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What is logged meanwhile; for tests that run one at a time. */
public final class Warnings implements AutoCloseable {
    private final PrintStream former = System.err;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    /** Begins to listen. */
    public Warnings() {
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    }

    /** What has been logged up to now. */
    public String text() {
        return logged.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        System.setErr(former);
    }
}
