package dev.eventsourcing.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ChildProcess} runs: it does what it is told, line by line and all at once, and ends when nobody can tell it
 * anything any more.
 */
@FunctionalInterface
public interface ChildProgram {
    /** Does what the words say, and returns what there is to answer. */
    String answer(String[] words) throws Exception;

    /** Obeys; does not return. */
    default void run() throws IOException {
        ExecutorService obeying = Executors.newCachedThreadPool();
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                String next = command;
                obeying.execute(() -> Answer.of(this, next).say());
            }
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    /** What is to be said to a process that shall do something. */
    static String command(String... words) {
        return String.join("|", words);
    }

    /**
     * What a process has to say on what it was told.
     *
     * @param command what it was told
     * @param failed whether it could not do it
     * @param what came of it
     */
    record Answer(String command, boolean failed, String what) {
        private static final String SIGN = "> ";

        private static Answer of(ChildProgram program, String command) {
            try {
                return new Answer(command, false, program.answer(command.split("\\|")));
            } catch (Exception | Error e) {
                e.printStackTrace(System.out);
                return new Answer(command, true, e.toString());
            }
        }

        /** The answer in a line; null if there is none, but something for people. */
        static @Nullable Answer in(String line) {
            String[] parts = line.split("\t", 4);
            return parts.length == 4 && parts[0].equals(SIGN)
                    ? new Answer(parts[1], Boolean.parseBoolean(parts[2]), parts[3])
                    : null;
        }

        void give(CompletableFuture<String> waiting) {
            if (failed) {
                waiting.completeExceptionally(new IllegalStateException(what));
            } else {
                waiting.complete(what);
            }
        }

        private void say() {
            synchronized (System.out) {
                System.out.println(SIGN + "\t" + command + "\t" + failed + "\t" + what.replaceAll("\\s", " "));
                System.out.flush();
            }
        }
    }
}
