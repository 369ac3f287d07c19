package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.testsupport.ChildProgram;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.ibatis.session.SqlSession;

/** A process of the hostile test. The second word of a command is a database's URL. */
final class HostileProgram implements ChildProgram {
    private final Map<String, HostileStore> stores = new ConcurrentHashMap<>();
    private final Map<String, HostileReading> readings = new ConcurrentHashMap<>();

    private HostileProgram() {}

    public static void main(String[] arguments) throws IOException {
        new HostileProgram().run();
    }

    @Override
    public String answer(String[] words) throws Exception {
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
}
