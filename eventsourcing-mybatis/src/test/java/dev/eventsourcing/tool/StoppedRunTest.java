package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SyncMode;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stops the tool, as a process of its own, in the middle of its second batch: at the fifteenth of thirty events. */
@Slow("starts the tool as a process, which gives a batch 10 s to end")
class StoppedRunTest {
    private static final int WORDS = 30;
    private static final int PATIENCE_S = 60;

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** Where the events are. H2 is embedded in the process: its own shutdown hook closes it. */
    enum Place {
        H2,
        POSTGRESQL
    }

    /** How the process is stopped. */
    enum Wish {
        SIGTERM,
        LAUNCHER_GONE
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @ParameterizedTest
    @CsvSource({"H2, SIGTERM", "H2, LAUNCHER_GONE", "POSTGRESQL, SIGTERM"})
    void finishesTheBatchInHandAndSaysWhereItStands(Place place, Wish wish) throws Exception {
        Map<String, String> database = prepared(place, "words");
        try (ServerSocket gate = gate();
                ToolProcess tool = started(database, gate)) {
            try (Socket blocked = gate.accept()) {
                stop(tool, wish);
                tool.awaitLine("Stopping for " + nameOf(wish) + ", with the batch in hand.");

                blocked.getOutputStream().write(1);
            }

            assertThat(tool.exitCode()).isEqualTo(ExitCode.PARTIAL.number());
            assertThat(tool.printed())
                    .contains(
                            "Stopped by " + nameOf(wish)
                                    + ". Scribe has come to 20 in the log of Speaker; 10 events are left. Run it again to go on.");
        }
        assertThat(words(database)).isEqualTo(upTo(20));
        assertThat(position(database)).containsExactly(20L);
        assertThat(goOn(database)).isEqualTo(10);
        assertThat(words(database)).isEqualTo(upTo(WORDS));
    }

    @Test
    void endsThoughTheBatchDoesNotAndTheDatabaseRollsItBack() throws Exception {
        Map<String, String> h2 = prepared(Place.H2, "h2");
        Map<String, String> postgresql = prepared(Place.POSTGRESQL, "postgresql");
        // Both at once, as it takes its time.
        try (ServerSocket gate = gate();
                ToolProcess onH2 = started(h2, gate);
                ToolProcess onPostgresql = started(postgresql, gate);
                Socket one = gate.accept();
                Socket other = gate.accept()) {
            onH2.signal("TERM");
            onPostgresql.closeInput();

            assertThat(onH2.exitCode()).isEqualTo(ExitCode.PARTIAL.number());
            assertThat(onPostgresql.exitCode()).isEqualTo(ExitCode.PARTIAL.number());
            assertThat(onH2.printed())
                    .contains("Stopped by SIGTERM. The batch in hand has not ended within 10 s, and is rolled back.");
            assertThat(one.isConnected() && other.isConnected()).isTrue();
        }
        for (Map<String, String> database : List.of(h2, postgresql)) {
            assertThat(words(database)).isEqualTo(upTo(10));
            assertThat(position(database)).containsExactly(10L);

            assertThat(goOn(database)).isEqualTo(20);
            assertThat(words(database)).isEqualTo(upTo(WORDS));
        }
    }

    private Map<String, String> prepared(Place place, String name) {
        Map<String, String> database;
        if (place == Place.H2) {
            database = Map.of("eventsourcing.url", "jdbc:h2:" + folder.resolve(name));
        } else {
            TestDatabase postgresql = PostgresDatabase.empty();
            opened.add(postgresql);
            database = postgresql.settings();
        }
        Dictation.prepare(Settings.of(database), WORDS);
        return database;
    }

    private static ServerSocket gate() throws IOException {
        ServerSocket gate = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
        gate.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_S));
        return gate;
    }

    private static List<Integer> words(Map<String, String> database) {
        return ask(database, Dictation.Words::all);
    }

    private static List<Long> position(Map<String, String> database) {
        return ask(database, Dictation.Words::position);
    }

    private static <T> T ask(Map<String, String> database, Function<Dictation.Words, T> question) {
        try (MyBatisRecorders recorders = MyBatisRecorders.fromSettings(Settings.of(database), Dictation.Words.class)) {
            return question.apply(recorders.mapper(Dictation.Words.class));
        }
    }

    private static List<Integer> upTo(int word) {
        return IntStream.rangeClosed(1, word).boxed().toList();
    }

    /** Processes what is left, and returns how many events that were. */
    private static long goOn(Map<String, String> database) {
        try (Runner runner = Dictation.runner(Settings.of(database))) {
            return new FollowerSync(runner)
                    .sync(List.of(), SyncMode.PROCESS)
                    .results()
                    .get(0)
                    .events()
                    .get("Speaker");
        }
    }

    /** Runs the tool until its follower asks at the gate whether to go on. */
    private ToolProcess started(Map<String, String> database, ServerSocket gate) throws IOException {
        Map<String, String> properties = new HashMap<>(database);
        properties.put(Dictation.GATE, Integer.toString(gate.getLocalPort()));
        properties.put(Dictation.AT, "15");
        return new ToolProcess(
                folder.resolve("report"),
                properties,
                Map.of("runner", Dictation.class.getName() + "::runner", "batch-size", "10"));
    }

    private static void stop(ToolProcess tool, Wish wish) throws IOException, InterruptedException {
        if (wish == Wish.LAUNCHER_GONE) {
            tool.closeInput();
        } else {
            tool.signal(wish.name().substring("SIG".length()));
        }
    }

    private static String nameOf(Wish wish) {
        return wish == Wish.LAUNCHER_GONE ? "the end of its launcher" : wish.name();
    }
}
