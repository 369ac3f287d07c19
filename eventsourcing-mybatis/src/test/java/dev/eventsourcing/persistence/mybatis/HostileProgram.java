package dev.eventsourcing.persistence.mybatis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.ibatis.session.SqlSession;

/**
 * A process of the hostile test. It does what it is told, line by line and all at once, and ends when nobody can tell it
 * anything any more. The second word of a command is a database's URL.
 */
final class HostileProgram {
    private final Map<String, HostileStore> stores = new ConcurrentHashMap<>();
    private final Map<String, HostileReading> readings = new ConcurrentHashMap<>();

    private HostileProgram() {}

    public static void main(String[] arguments) throws IOException {
        HostileProgram program = new HostileProgram();
        ExecutorService obeying = Executors.newCachedThreadPool();
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                String next = command;
                obeying.execute(() -> program.obey(next));
            }
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    /** What is to be said to a process that shall do something. */
    static String command(String... words) {
        return String.join("|", words);
    }

    private void obey(String command) {
        try {
            say(new Answer(command, false, answer(command.split("\\|"))));
        } catch (Exception | Error e) {
            e.printStackTrace(System.out);
            say(new Answer(command, true, e.toString()));
        }
    }

    private String answer(String[] words) throws Exception {
        String url = words[1];
        switch (words[0]) {
            case "write" -> {
                return ids(HostileLoad.of(words).run(stores.get(url)));
            }
            case "connect" -> connect(url);
            case "append-and-stay-open" -> {
                TimeUnit.MILLISECONDS.sleep(Long.parseLong(words[2]));
                return ids(appendAndStayOpen(stores.get(url)));
            }
            case "follow" -> readings.put(url, new HostileReading(url, words[2].equals("with-doubles")));
            case "read-once" -> readings.get(url).readOnce();
            case "loop" -> readings.get(url).loop();
            case "finish" -> readings.get(url).finish();
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "";
    }

    /** Appends in vain: the first time takes longest. */
    private void connect(String url) {
        HostileStore store = HostileStore.open(url);
        try (SqlSession session = store.factory().openSession(false)) {
            append(store, session);
        }
        stores.put(url, store);
    }

    /** Appends in a transaction that stays open until the process is killed. */
    private static List<Long> appendAndStayOpen(HostileStore store) {
        return append(store, store.factory().openSession(false));
    }

    private static List<Long> append(HostileStore store, SqlSession session) {
        HostileNotes notes = new HostileNotes(store.recorders());
        return store.recorders()
                .within(
                        session,
                        () -> store.recorders()
                                .applicationRecorder(HostileNotes.NAME)
                                .insertEvents(notes.events(UUID.randomUUID(), 0, 2)));
    }

    private static String ids(List<Long> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static synchronized void say(Answer answer) {
        System.out.println(answer.line());
        System.out.flush();
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

        /** The answer in a line; null if there is none, but something for people. */
        static Answer in(String line) {
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

        String line() {
            return SIGN + "\t" + command + "\t" + failed + "\t" + what.replaceAll("\\s", " ");
        }
    }
}
