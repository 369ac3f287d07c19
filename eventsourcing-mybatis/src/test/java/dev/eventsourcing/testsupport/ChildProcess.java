package dev.eventsourcing.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM beside that of the tests, which runs a {@link ChildProgram}. It ends with the JVM of the tests, however that ends; only if
 * that is killed while this one is stopped, this one is left, and ends when somebody lets it go on.
 */
public final class ChildProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90 + 3L * Integer.getInteger("hostile.seconds", 0);

    private static final Set<Process> LIVING = ConcurrentHashMap.newKeySet();

    static {
        // One that is stopped would not notice that nobody can tell it anything any more.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> LIVING.forEach(Process::destroyForcibly), "end of child processes"));
    }

    private final Process process;
    private final Writer commands;
    private final Map<String, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();

    private ChildProcess(Process process) {
        this.process = process;
        LIVING.add(process);
        process.onExit().thenRun(() -> LIVING.remove(process));
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reading = new Thread(this::read, "output of process " + process.pid());
        reading.setDaemon(true);
        reading.start();
    }

    /**
     * Starts a process, and waits for nothing.
     *
     * @param program has a main method that runs the program
     * @param options for its JVM
     */
    public static ChildProcess start(Class<?> program, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        try {
            return new ChildProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells the process to do something, and waits for nothing. */
    public CompletableFuture<String> tell(String... words) {
        String command = ChildProgram.command(words);
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
    public void order(String... words) {
        await(tell(words));
    }

    /** What the process answers to what it was told. */
    public String await(CompletableFuture<String> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("Process " + process.pid() + " failed. Its output:\n" + output(), e);
        }
    }

    /** By which number the system knows it. */
    public long pid() {
        return process.pid();
    }

    /** Whether nobody has ended it, itself included. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed, but for its answers. */
    public String output() {
        return String.join("\n", output);
    }

    /** Has the system stop all its threads where they are. They do not know of it. */
    public void stop() {
        signal("STOP");
    }

    /** Lets a process that was stopped go on. */
    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + code);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
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
                ChildProgram.Answer answer = ChildProgram.Answer.in(line);
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
