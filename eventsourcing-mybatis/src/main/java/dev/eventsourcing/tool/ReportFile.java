package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a report is written to. */
final class ReportFile {
    private final Path path;

    ReportFile(Path path) {
        this.path = path;
    }

    /**
     * Empties it before the work, so that nobody takes an older report for that of a run that was killed.
     *
     * @throws ConfigurationException if that is not possible; better now than when the work is done
     */
    void empty() {
        try {
            put(new byte[0]);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "No report can be written to " + path + " (" + e + "), and nothing was done. Name another file.",
                    e);
        }
    }

    /** Writes the report. */
    void write(String report) {
        write(report.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes the report.
     *
     * @throws EventSourcingException if that is not possible any more
     */
    void write(byte[] report) {
        try {
            put(report);
        } catch (IOException e) {
            throw new EventSourcingException(
                    "The run is over, but its report could not be written to " + path + " (" + e + ").", e);
        }
    }

    private void put(byte[] bytes) throws IOException {
        if (path.getParent() != null) {
            Files.createDirectories(path.getParent());
        }
        Files.write(path, bytes);
    }
}
