package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What the Maven goals do, for any host:
 *
 * <pre>
 * java -cp ... dev.eventsourcing.tool.EventSourcingTool migrate [-Ddry-run] [-Deventsourcing.url=jdbc:...] [-Deventsourcing.schema=...]
 * java -cp ... dev.eventsourcing.tool.EventSourcingTool pending [-Deventsourcing.url=jdbc:...] [-Deventsourcing.schema=...]
 * java -cp ... dev.eventsourcing.tool.EventSourcingTool script [-Ddatabase=postgresql] [-Dfrom=0] [-Doutput=tables.sql]
 * java -cp ... dev.eventsourcing.tool.EventSourcingTool sync-followers -Drunner=com.acme.School::runner [-Dfollowers=A,B] [-Ddry-run] [-Dbatch-size=100]
 * </pre>
 *
 * <p>It exits with 0 if all is well, 1 if the answer is no, 2 if what was asked for makes no sense, 3 if the database cannot be
 * reached, 4 if some was done and some failed. Passwords come from the environment variable {@code EVENTSOURCING_PASSWORD}.
 *
 * <p>A launcher calls it as {@code --launched report-file}, and sends the goal, the options and the system properties to set
 * through standard input, so that none stands in a process list: a length of four bytes, then {@link Properties}. Then it
 * keeps standard input open; when that ends the launcher is gone, and so is this process soon. Lines on standard output begin with
 * their level between two characters U+0001; {@code print} is that of a result, which is shown as it is. The report, Properties again, has {@code protocol}, {@code exit}, {@code
 * message}, {@code skipped} and {@code parked}, how many events followers have put aside; without it, the run did not come to its
 * end.
 */
public final class EventSourcingTool {
    /** The version of what a launcher and this class say to each other. */
    private static final String PROTOCOL = "1";

    private static final String OPTION = "option.";
    private static final String PROPERTY = "property.";

    /** How long shutdown hooks of the program may take once the launcher is gone, in ms. */
    private static final long PATIENCE_MS = 10_000;

    private EventSourcingTool() {}

    /** Runs a command and ends the process. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 2 && arguments[0].equals("--launched")) {
            System.exit(launched(System.in, Path.of(arguments[1])));
        }
        Console console = new Console(System.out, false);
        Outcome outcome = run(
                arguments.length == 0 ? "" : arguments[0],
                () -> ToolOptions.parse(List.of(arguments).subList(1, arguments.length)),
                console);
        if (outcome.code() != ExitCode.FINE) {
            System.err.println(outcome.message());
        }
        System.exit(outcome.code().number());
    }

    private static int launched(InputStream in, Path reportFile) throws IOException {
        DataInputStream input = new DataInputStream(in);
        Properties request = new Properties();
        request.load(new ByteArrayInputStream(input.readNBytes(input.readInt())));
        endWithLauncher(input);
        Map<String, String> options = new HashMap<>();
        for (String name : request.stringPropertyNames()) {
            if (name.startsWith(OPTION)) {
                options.put(name.substring(OPTION.length()), request.getProperty(name));
            } else if (name.startsWith(PROPERTY)) {
                System.setProperty(name.substring(PROPERTY.length()), request.getProperty(name));
            }
        }
        Console console = new Console(System.out, true);
        Outcome outcome = PROTOCOL.equals(request.getProperty("protocol"))
                ? run(request.getProperty("goal", ""), () -> new ToolOptions(options), console)
                : new Outcome(
                        ExitCode.USAGE,
                        "The plugin and the library do not understand each other (protocol "
                                + request.getProperty("protocol") + " and " + PROTOCOL
                                + "). Use the same version of eventsourcing-maven-plugin and eventsourcing-mybatis.");
        Properties report = new Properties();
        report.setProperty("protocol", PROTOCOL);
        report.setProperty("exit", Integer.toString(outcome.code().number()));
        report.setProperty("message", outcome.message());
        report.setProperty("skipped", Boolean.toString(outcome.skipped()));
        report.setProperty("parked", Long.toString(outcome.parked()));
        try (OutputStream out = Files.newOutputStream(reportFile)) {
            report.store(out, null);
        }
        return outcome.code().number();
    }

    private static Outcome run(String goal, OptionsSource options, Console console) {
        ClassLoader loader = EventSourcingTool.class.getClassLoader();
        try {
            return switch (goal) {
                case "migrate" -> new MigrateCommand(options.read(), console, loader).run();
                case "pending" -> new PendingCommand(options.read(), console, loader).run();
                case "script" -> new ScriptCommand(options.read(), console).run();
                case "sync-followers" -> new SyncFollowersCommand(options.read(), console, loader).run();
                default ->
                    throw new ConfigurationException("Unknown command '" + goal
                            + "'. Known commands: migrate, pending, script, sync-followers.");
            };
        } catch (RuntimeException | Error e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            console.debug(trace.toString());
            return new Outcome(code(e), e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static ExitCode code(Throwable error) {
        if (error instanceof ConfigurationException) {
            return ExitCode.USAGE;
        }
        return error instanceof CannotConnectException ? ExitCode.CANNOT_CONNECT : ExitCode.FINDINGS;
    }

    /** Ends this process when the launcher has gone: shutdown hooks run, but not for ever. */
    private static void endWithLauncher(InputStream input) {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (input.read() >= 0) {
                            // Nothing is said any more; only the end counts.
                        }
                    } catch (IOException e) {
                        // A broken pipe is an end too.
                    }
                    Thread halt = new Thread(EventSourcingTool::haltAfterPatience, "eventsourcing-halt");
                    halt.setDaemon(true);
                    halt.start();
                    System.exit(ExitCode.PARTIAL.number());
                },
                "eventsourcing-launcher-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void haltAfterPatience() {
        try {
            Thread.sleep(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.PARTIAL.number());
    }

    /** Reads options; a slip in them is an outcome like any other. */
    private interface OptionsSource {
        ToolOptions read();
    }
}
