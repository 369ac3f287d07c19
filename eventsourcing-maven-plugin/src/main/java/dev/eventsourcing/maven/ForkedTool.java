package dev.eventsourcing.maven;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
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
    private static final char LEVEL = '\u0001';

    /** How long the tool may take to end once it was told to, in seconds; it gives the program's shutdown hooks ten. */
    private static final long PATIENCE_S = 12;

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
            Files.createDirectories(buildFolder.toPath());
            Path folder = Files.createTempDirectory(buildFolder.toPath(), "eventsourcing-");
            Path arguments = folder.resolve("java.args");
            Path report = folder.resolve("report.properties");
            try {
                Files.writeString(
                        arguments, arguments(), Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
                int exit = launch(arguments, report, request(goal, options, properties));
                return read(report, exit);
            } finally {
                Files.deleteIfExists(arguments);
                Files.deleteIfExists(report);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new MojoExecutionException("The JVM of the goal could not be started: " + e.getMessage(), e);
        }
    }

    private int launch(Path arguments, Path report, byte[] request) throws IOException, MojoExecutionException {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(jvmArguments);
        command.addAll(List.of("@" + arguments, MAIN, "--launched", report.toString()));
        Process process = new ProcessBuilder(command)
                .directory(workingFolder)
                .redirectErrorStream(true)
                .start();
        Thread hook = new Thread(() -> end(process), "eventsourcing-end");
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
                copyLine(line);
            }
        }
    }

    private void copyLine(String line) {
        int end = line.isEmpty() || line.charAt(0) != LEVEL ? -1 : line.indexOf(LEVEL, 1);
        if (end >= 0) {
            show(line.substring(1, end), line.substring(end + 1));
        } else if (line.startsWith("WARN ") || line.startsWith("ERROR ")) {
            // So begin the lines of the binding that stands in where the project has none.
            int space = line.indexOf(' ');
            show(line.substring(0, space).toLowerCase(Locale.ROOT), line.substring(space + 1));
        } else {
            show("info", line);
        }
    }

    private void show(String level, String text) {
        switch (level) {
            case "debug" -> log.debug(text);
            case "warn" -> log.warn(text);
            case "error" -> log.error(text);
            // A result, for a pipe.
            case "print" -> System.out.println(text);
            default -> log.info(text);
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
    private String arguments() {
        List<String> lines = List.of(
                "-cp",
                quote(String.join(File.pathSeparator, classPath)),
                // The three names that different versions of Java have for it.
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-Dsun.stdout.encoding=UTF-8",
                "-Dsun.stderr.encoding=UTF-8",
                "-Dfile.encoding=UTF-8",
                // For the binding that stands in where the project has none.
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showThreadName=false",
                "-Dorg.slf4j.simpleLogger.showLogName=false");
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    /** Quotes for a file of java arguments, where a backslash escapes. */
    static String quote(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
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
            process.destroy();
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
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
