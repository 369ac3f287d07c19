package dev.eventsourcing.tool;

import java.util.Optional;

/** The reports of a run for machines, and the one for people where they want it in a file. */
final class SyncReports {
    private final SyncOptions options;
    private final Console console;
    private final Optional<ReportFile> file;
    private final Optional<ReportFile> junitFile;

    SyncReports(SyncOptions options, Console console) {
        this.options = options;
        this.console = console;
        this.file = options.output().map(ReportFile::new);
        this.junitFile = options.junitOutput().map(ReportFile::new);
    }

    /**
     * Makes the files, empty.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if one cannot be written
     */
    void prepare() {
        file.ifPresent(ReportFile::empty);
        junitFile.ifPresent(ReportFile::empty);
    }

    /** Writes them all; text is what was told to people. */
    void write(SyncAccount account, String text) {
        junitFile.ifPresent(target -> target.write(SyncJUnit.of(account)));
        if (options.json()) {
            String json = SyncJson.of(account);
            file.ifPresentOrElse(target -> target.write(json + "\n"), () -> console.print(json));
        } else {
            file.ifPresent(target -> target.write(text));
        }
    }
}
