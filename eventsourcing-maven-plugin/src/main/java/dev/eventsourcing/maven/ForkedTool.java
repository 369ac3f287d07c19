package dev.eventsourcing.maven;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.Log;

/**
 * A JVM of its own, on the class path of the user's project, that runs the library's tool. See the tool's class for what the
 * two say to each other. Nothing but JDK types crosses, so the project's versions of everything are the ones that run.
 */
final class ForkedTool {
    private static final String PROTOCOL = "1";
    private static final String MAIN = "dev.eventsourcing.tool.EventSourcingTool";

    /** How long the tool may take to end once it was told to, in seconds; its batch has ten, the program's shutdown hooks three. */
    private static final long PATIENCE_S = 15;

    /** How long what it printed last may take to be shown when this JVM shuts down, in seconds. */
    private static final long LAST_LINES_S = 2;

    private final Log log;
    private final String java;
    private final List<String> jvmArguments;
    private final List<String> classPath;
    private final File workingFolder;

    ForkedTool(Log log, String java, List<String> jvmArguments, List<String> classPath, File workingFolder) {
        this.log = log;
        this.java = java;
        this.jvmArguments = jvmArguments;
        this.classPath = classPath;
        this.workingFolder = workingFolder;
    }

    /**
     * Runs a goal to its end.
     *
     * @param properties system properties of the new JVM; not inherited from this one
     * @param buildFolder where files may be put meanwhile
     * @throws MojoExecutionException if the JVM cannot be started or does not come to its end
     */
    Report run(String goal, Map<String, String> options, Properties properties, File buildFolder)
            throws MojoExecutionException {
        try {
            try (ForkFolder folder = ForkFolder.in(buildFolder.toPath(), log)) {
                Path arguments = folder.arguments();
                arguments().write(arguments);
                int exit = launch(arguments, folder.report(), request(goal, options, properties));
                return read(folder.report(), exit);
            }
        } catch (IOException e) {
            throw new MojoExecutionException("The JVM of the goal could not be started: " + e.getMessage(), e);
        }
    }

    private int launch(Path arguments, Path report, byte[] request) throws IOException, MojoExecutionException {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(jvmArguments.stream().filter(ForkedTool::isFile).toList());
        command.addAll(List.of("@" + arguments, MAIN, "--launched", report.toString()));
        Process process = new ProcessBuilder(command)
                .directory(workingFolder)
                .redirectErrorStream(true)
                .start();
        CountDownLatch shown = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    end(process);
                    await(shown);
                },
                "eventsourcing-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try (DataOutputStream out = new DataOutputStream(process.getOutputStream())) {
            try {
                out.writeInt(request.length);
                out.write(request);
                out.flush();
            } catch (IOException e) {
                // It ended before it read all; what it printed says why.
                log.debug(e);
            }
            // Standard input stays open while it runs: its end would tell the tool that we are gone.
            copyLines(process.getInputStream());
            shown.countDown();
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MojoExecutionException("Interrupted while the goal ran", e);
        } finally {
            if (process.isAlive()) {
                end(process);
            }
            removeHook(hook);
        }
    }

    private void copyLines(InputStream lines) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                LogLine.in(line).forEach(each -> each.showIn(log));
            }
        }
    }

    private static Report read(Path file, int exit) throws IOException, MojoExecutionException {
        Properties report = new Properties();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                report.load(in);
            }
        }
        if (!PROTOCOL.equals(report.getProperty("protocol"))
                || !Integer.toString(exit).equals(report.getProperty("exit"))) {
            throw new MojoExecutionException("The JVM of the goal ended with exit code " + exit
                    + " before the goal was done. Did the program call System.exit, or was it killed? What it printed stands"
                    + " above.");
        }
        return new Report(
                exit, report.getProperty("message", ""), Boolean.parseBoolean(report.getProperty("skipped", "false")));
    }

    /** What only concerns the JVM; nothing secret, as it is a file. */
    private ArgumentFile arguments() {
        return new ArgumentFile()
                .classPath(classPath)
                .add(List.of(
                        // The three names that different versions of Java have for it.
                        "-Dstdout.encoding=UTF-8",
                        "-Dstderr.encoding=UTF-8",
                        "-Dsun.stdout.encoding=UTF-8",
                        "-Dsun.stderr.encoding=UTF-8",
                        "-Dfile.encoding=UTF-8"))
                .add(jvmArguments.stream().filter(argument -> !isFile(argument)).toList());
    }

    /** Whether it names a file of arguments of the user's; such a file cannot name another. */
    private static boolean isFile(String argument) {
        return argument.startsWith("@");
    }

    private static byte[] request(String goal, Map<String, String> options, Properties properties) throws IOException {
        Properties request = new Properties();
        request.setProperty("protocol", PROTOCOL);
        request.setProperty("goal", goal);
        options.forEach((name, value) -> request.setProperty("option." + name, value));
        properties
                .stringPropertyNames()
                .forEach(name -> request.setProperty("property." + name, properties.getProperty(name)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        request.store(bytes, null);
        return bytes.toByteArray();
    }

    private static void end(Process process) {
        try {
            if (process.supportsNormalTermination()) {
                // Not by Process.destroy, which closes its output too: the last lines say where the run stands.
                process.toHandle().destroy();
            } else {
                // The end of its standard input ends it too, and more gently than this system would.
                process.getOutputStream().close();
            }
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the thread that reads lines show the last of them, which say where the run stands. */
    private static void await(CountDownLatch shown) {
        try {
            if (!shown.await(LAST_LINES_S, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Maven is shutting down: the hook is running, or has.
            return;
        }
    }

    /**
     * How the tool ended.
     *
     * @param exit its exit code
     * @param message the one error to show; empty if it ended well
     * @param skipped whether it found nothing to run with, and was told that it need not
     */
    record Report(int exit, String message, boolean skipped) {}
}
