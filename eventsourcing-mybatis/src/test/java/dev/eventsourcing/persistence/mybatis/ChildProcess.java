package dev.eventsourcing.persistence.mybatis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A JVM beside that of the tests, which runs {@link HostileProgram}. It ends with the JVM of the tests, however that ends. */
final class ChildProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90 + 3L * Integer.getInteger("hostile.seconds", 0);

    private final Process process;
    private final Writer commands;
    private final Map<String, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();

    private ChildProcess(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reading = new Thread(this::read, "output of process " + process.pid());
        reading.setDaemon(true);
        reading.start();
    }

    /** Starts a process, and waits for nothing. */
    static ChildProcess start() {
        try {
            return new ChildProcess(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            HostileProgram.class.getName())
                    .redirectErrorStream(true)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells the process to do something, and waits for nothing. */
    CompletableFuture<String> tell(String... words) {
        String command = HostileProgram.command(words);
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.put(command, answer);
        try {
            synchronized (commands) {
                commands.write(command + "\n");
                commands.flush();
            }
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** Tells the process to do something, and waits until it has. */
    void order(String... words) {
        await(tell(words));
    }

    /** What the process answers to what it was told. */
    String await(CompletableFuture<String> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "Process " + process.pid() + " failed. Its output:\n" + String.join("\n", output), e);
        }
    }

    /** Kills it, as kill -9 does. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                HostileProgram.Answer answer = HostileProgram.Answer.in(line);
                if (answer == null) {
                    output.add(line);
                } else {
                    answer.give(answers.remove(answer.command()));
                }
            }
        } catch (IOException e) {
            output.add(e.toString());
        }
        answers.values().forEach(answer -> answer.completeExceptionally(new IllegalStateException("It has ended")));
    }
}
