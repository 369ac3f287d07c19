package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a report is written to. It is emptied before the run, so that nobody takes an older report for this run's. */
final class ReportFile {
    private final Path path;

    private ReportFile(Path path) {
        this.path = path;
    }

    /**
     * Makes an empty file, with the folders above it.
     *
     * @throws ConfigurationException if that is not possible; better now than when the work is done
     */
    static ReportFile empty(Path path) {
        try {
            if (path.getParent() != null) {
                Files.createDirectories(path.getParent());
            }
            Files.write(path, new byte[0]);
            return new ReportFile(path);
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
            Files.write(path, report);
        } catch (IOException e) {
            throw new EventSourcingException(
                    "The work is done, but its report could not be written to " + path + " (" + e + ").", e);
        }
    }
}
