package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 *     [-Ddownstream] [-Dmax-events=10000] [-Dtime-budget=5m] [-Dpatience=10s] [-Dconnect-patience=10s] [-Dyield-after=250ms] [-Dverbosity=1]
 *     [-Dformat=json] [-Doutput=report.json] [-Djunit-output=report.xml] [-Dfail-on-error=false]
 * </pre>
 *
 * <p>It exits with 0 if all is well, 1 if the answer is no, 2 if what was asked for makes no sense, 3 if the database cannot be
 * reached, 4 if some was done and some failed, or it was stopped. What names a connection ({@code eventsourcing.url}, {@code user}, {@code
 * schema}, {@code ordering}) becomes a system property, so that a runner whose recorders are made from settings takes it, as with Maven;
 * other settings of the library are system properties of the JVM, before the name of this class. By a signal (SIGTERM, SIGINT, SIGHUP) it ends with the batch in
 * hand, within some 13 s at most, and says where it stands. Passwords come from the environment variable {@code EVENTSOURCING_PASSWORD}.
 *
 * <p>A launcher calls it as {@code --launched report-file}, and sends the goal, the options and the system properties to set
 * through standard input, so that none stands in a process list: a length of four bytes, then {@link Properties}. Then it
 * keeps standard input open; when that ends the launcher is gone, and this process ends as by a signal. Lines on standard output begin with
 * their level between two characters U+0001; {@code print} is that of a result, which is shown as it is. The report, Properties again, has {@code protocol}, {@code exit}, {@code
 * message}, {@code skipped} and {@code parked}, how many events followers have put aside; without it, the run did not come to its
 * end.
 */
public final class EventSourcingTool {
    /** The version of what a launcher and this class say to each other. */
    private static final String PROTOCOL = "1";

    private static final String OPTION = "option.";
    private static final String PROPERTY = "property.";

    /** What stops a run whose launcher has gone. */
    private static final String LAUNCHER = "the end of its launcher";

    private EventSourcingTool() {}

    /** Runs a command and ends the process. */
    public static void main(String[] arguments) throws IOException {
        StopRequest stop = new StopRequest();
        stop.madeBySignals();
        if (arguments.length == 2 && arguments[0].equals("--launched")) {
            System.exit(launched(System.in, Path.of(arguments[1]), stop));
        }
        Console console = new Console(System.out, false);
        stop.tell(console::warn, System.err::println);
        String command = arguments.length == 0 ? "" : arguments[0];
        Outcome outcome = stop.ended(run(
                command,
                () -> ToolOptions.ofCommandLine(command, List.of(arguments).subList(1, arguments.length)),
                console,
                stop));
        if (outcome.code() != ExitCode.FINE) {
            System.err.println(outcome.message());
        }
        System.exit(outcome.code().number());
    }

    private static int launched(InputStream in, Path reportFile, StopRequest stop) throws IOException {
        Console console = new Console(System.out, true);
        stop.tell(console::warn, word -> {
            console.warn(word);
            report(new Outcome(ExitCode.PARTIAL, word), reportFile, stop);
        });
        DataInputStream input = new DataInputStream(in);
        Properties request = new Properties();
        request.load(new ByteArrayInputStream(input.readNBytes(input.readInt())));
        endWithLauncher(input, stop);
        Map<String, String> options = new HashMap<>();
        for (String name : request.stringPropertyNames()) {
            if (name.startsWith(OPTION)) {
                options.put(name.substring(OPTION.length()), request.getProperty(name));
            } else if (name.startsWith(PROPERTY)) {
                System.setProperty(name.substring(PROPERTY.length()), request.getProperty(name));
            }
        }
        Outcome outcome = PROTOCOL.equals(request.getProperty("protocol"))
                ? run(
                        request.getProperty("goal", ""),
                        () -> new ToolOptions(Credentials.handOver(options)),
                        console,
                        stop)
                : new Outcome(
                        ExitCode.USAGE,
                        "The plugin and the library do not understand each other (protocol "
                                + request.getProperty("protocol") + " and " + PROTOCOL
                                + "). Use the same version of eventsourcing-maven-plugin and eventsourcing-mybatis.");
        outcome = stop.ended(outcome);
        report(outcome, reportFile, stop);
        return outcome.code().number();
    }

    /** Writes the report, unless nobody is there any more to read it and to delete it. */
    private static void report(Outcome outcome, Path file, StopRequest stop) {
        if (stop.by().filter(LAUNCHER::equals).isPresent()) {
            return;
        }
        Properties report = new Properties();
        report.setProperty("protocol", PROTOCOL);
        report.setProperty("exit", Integer.toString(outcome.code().number()));
        report.setProperty("message", outcome.message());
        report.setProperty("skipped", Boolean.toString(outcome.skipped()));
        report.setProperty("parked", Long.toString(outcome.parked()));
        try (OutputStream out = Files.newOutputStream(file)) {
            report.store(out, null);
        } catch (IOException e) {
            throw new EventSourcingException("The report for the launcher cannot be written: " + e.getMessage(), e);
        }
    }

    private static Outcome run(String goal, OptionsSource options, Console console, StopRequest stop) {
        ClassLoader loader = EventSourcingTool.class.getClassLoader();
        try {
            return switch (goal) {
                case "migrate" -> new MigrateCommand(options.read(), console, loader, stop).run();
                case "pending" -> new PendingCommand(options.read(), console, loader).run();
                case "script" -> new ScriptCommand(options.read(), console).run();
                case "sync-followers" -> new SyncFollowersCommand(options.read(), console, loader, stop).run();
                default ->
                    throw new ConfigurationException("Unknown command '" + goal
                            + "'. Known commands: migrate, pending, script, sync-followers.");
            };
        } catch (Throwable e) {
            console.debug(Thrown.trace(e));
            return new Outcome(ExitCode.of(e), Thrown.message(e));
        }
    }

    /** Ends this process when the launcher has gone, however that ended. */
    private static void endWithLauncher(InputStream input, StopRequest stop) {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (input.read() >= 0) {
                            // Nothing is said any more; only the end counts.
                        }
                    } catch (IOException e) {
                        // A broken pipe is an end too.
                    }
                    stop.make(LAUNCHER);
                },
                "eventsourcing-launcher-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** Reads options; a slip in them is an outcome like any other. */
    private interface OptionsSource {
        ToolOptions read();
    }
}
