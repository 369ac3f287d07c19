package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stops the tool, as a process of its own, in the middle of its second batch: at the fifteenth of thirty events. */
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
        SIGINT,
        LAUNCHER_GONE
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void finishesTheBatchInHandAndSaysWhereItStands(Place place) throws Exception {
        for (Wish wish : Wish.values()) {
            Map<String, String> database = prepared(place, wish.name());
            try (ServerSocket gate = gate();
                    Tool tool = new Tool(database, gate.getLocalPort())) {
                try (Socket blocked = gate.accept()) {
                    tool.stop(wish);
                    tool.awaitLine("Stopping for " + tool.nameOf(wish) + ", with the batch in hand.");

                    blocked.getOutputStream().write(1);
                }

                assertThat(tool.exitCode()).isEqualTo(ExitCode.PARTIAL.number());
                assertThat(tool.printed())
                        .contains(
                                "Stopped by " + tool.nameOf(wish)
                                        + ". Scribe has come to 20 in the log of Speaker; 10 events are left. Run it again to go on.");
            }
            assertThat(words(database)).isEqualTo(upTo(20));
            assertThat(position(database)).containsExactly(20L);

            assertThat(goOn(database)).contains("OK  10 events from Speaker");
            assertThat(words(database)).isEqualTo(upTo(WORDS));
        }
    }

    @Test
    void endsThoughTheBatchDoesNotAndTheDatabaseRollsItBack() throws Exception {
        Map<String, String> h2 = prepared(Place.H2, "h2");
        Map<String, String> postgresql = prepared(Place.POSTGRESQL, "postgresql");
        // Both at once, as it takes its time.
        try (ServerSocket gate = gate();
                Tool onH2 = new Tool(h2, gate.getLocalPort());
                Tool onPostgresql = new Tool(postgresql, gate.getLocalPort());
                Socket one = gate.accept();
                Socket other = gate.accept()) {
            onH2.stop(Wish.SIGTERM);
            onPostgresql.stop(Wish.LAUNCHER_GONE);

            assertThat(onH2.exitCode()).isEqualTo(ExitCode.PARTIAL.number());
            assertThat(onPostgresql.exitCode()).isEqualTo(ExitCode.PARTIAL.number());
            assertThat(onH2.printed())
                    .contains("Stopped by SIGTERM. The batch in hand has not ended within 10 s, and is rolled back.");
            assertThat(one.isConnected() && other.isConnected()).isTrue();
        }
        for (Map<String, String> database : List.of(h2, postgresql)) {
            assertThat(words(database)).isEqualTo(upTo(10));
            assertThat(position(database)).containsExactly(10L);

            assertThat(goOn(database)).contains("OK  20 events from Speaker");
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

    /** Runs the tool again to its end, and returns what it printed. */
    private String goOn(Map<String, String> database) throws Exception {
        try (Tool tool = new Tool(database, null)) {
            assertThat(tool.exitCode()).isZero();
            return tool.printed();
        }
    }

    /** The tool in a process of its own, with this test as its launcher. */
    private final class Tool implements AutoCloseable {
        private final Process process;
        private final BufferedReader lines;
        private final StringBuilder printed = new StringBuilder();

        Tool(Map<String, String> database, @Nullable Integer gate) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            EventSourcingTool.class.getName(),
                            "--launched",
                            folder.resolve("report").toString())
                    .redirectErrorStream(true)
                    .start();
            lines = process.inputReader(StandardCharsets.UTF_8);
            Properties request = new Properties();
            request.setProperty("protocol", "1");
            request.setProperty("goal", "sync-followers");
            request.setProperty("option.runner", Dictation.class.getName() + "::runner");
            request.setProperty("option.batch-size", "10");
            database.forEach((name, value) -> request.setProperty("property." + name, value));
            if (gate != null) {
                request.setProperty("property." + Dictation.GATE, gate.toString());
                request.setProperty("property." + Dictation.AT, "15");
            }
            send(request);
        }

        private void send(Properties request) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            request.store(bytes, null);
            DataOutputStream out = new DataOutputStream(process.getOutputStream());
            out.writeInt(bytes.size());
            bytes.writeTo(out);
            out.flush();
        }

        void stop(Wish wish) throws IOException, InterruptedException {
            if (wish == Wish.LAUNCHER_GONE) {
                process.getOutputStream().close();
            } else {
                String name = wish.name().substring("SIG".length());
                Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start();
                assertThat(kill.waitFor()).isZero();
            }
        }

        String nameOf(Wish wish) {
            return wish == Wish.LAUNCHER_GONE ? "the end of its launcher" : wish.name();
        }

        void awaitLine(String words) throws IOException {
            while (!printed.toString().contains(words)) {
                String line = lines.readLine();
                assertThat(line).as(printed.toString()).isNotNull();
                printed.append(line).append('\n');
            }
        }

        int exitCode() throws Exception {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                printed.append(line).append('\n');
            }
            assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        String printed() {
            return printed.toString();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
