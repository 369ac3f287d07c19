package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Prints the SQL that makes or upgrades the tables, for who runs it by hand. Connects to nothing. */
final class ScriptCommand {
    private static final String DEFAULT_DATABASE = "postgresql";

    private final ToolOptions options;
    private final Console console;

    ScriptCommand(ToolOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    Outcome run() {
        List.of(ToolOptions.DRY_RUN, ToolOptions.BATCH_SIZE, ToolOptions.FOLLOWERS)
                .forEach(option -> options.refuse(option, "script"));
        String script = Migrations.script(
                options.text(ToolOptions.DATABASE).orElse(DEFAULT_DATABASE),
                options.number(ToolOptions.FROM).orElse(0),
                Settings.of(options.connection()));
        Optional<String> file = options.text(ToolOptions.OUTPUT);
        if (file.isPresent()) {
            console.info("Wrote " + write(file.get(), script));
        } else {
            console.print(script.stripTrailing());
        }
        return Outcome.FINE;
    }

    /** Writes a file, by its name in the folder that the run was started in. */
    private static Path write(String name, String text) {
        try {
            Path file = Path.of(name).toAbsolutePath().normalize();
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return Files.writeString(file, text);
        } catch (IOException | InvalidPathException e) {
            throw new ConfigurationException(
                    "The file of -D" + ToolOptions.OUTPUT + "=" + name + " cannot be written: " + e + ".", e);
        }
    }
}
