package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.testsupport.Slow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at the tool from outside, while it works with a password that a launcher has sent. */
@Slow("starts the tool as a process, and attaches to it")
class SecretsOfAProcessTest {
    @TempDir
    Path folder;

    @Test
    void showsNoPasswordToThoseWhoLookAtTheProcess() throws Exception {
        Map<String, String> database = Map.of("eventsourcing.url", "jdbc:h2:" + folder.resolve("words"));
        Map<String, String> secrets = Map.of("eventsourcing.user", "headmaster", "eventsourcing.password", "canary");
        Map<String, String> all = new HashMap<>(database);
        all.putAll(secrets);
        Dictation.prepare(Settings.of(all), 1);
        Map<String, String> options = new HashMap<>(secrets);
        options.put("runner", Dictation.class.getName() + "::runner");
        options.put("eventsourcing.serverId", "school-database");
        try (ServerSocket gate = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gate.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
            Map<String, String> properties = new HashMap<>(database);
            properties.put(Dictation.GATE, Integer.toString(gate.getLocalPort()));
            properties.put(Dictation.AT, "1");

            try (ToolProcess tool = new ToolProcess(folder.resolve("report"), properties, options)) {
                try (Socket blocked = gate.accept()) {
                    assertThat(seenFromOutside(tool.pid())).isNotEmpty().noneMatch(seen -> seen.contains("canary"));
                    blocked.getOutputStream().write(1);
                }

                assertThat(tool.exitCode()).as(tool.printed()).isZero();
                assertThat(tool.printed())
                        .contains("Credentials: server school-database of settings.xml")
                        .contains("OK  1 event from Speaker")
                        .doesNotContain("canary");
            }
        }
        assertThat(files()).noneMatch(content -> content.contains("canary"));
    }

    /** The system properties, and on Linux what a process list shows, and the files. */
    private List<String> seenFromOutside(long pid) throws Exception {
        VirtualMachine jvm = VirtualMachine.attach(Long.toString(pid));
        String properties;
        try {
            properties = jvm.getSystemProperties().toString();
        } finally {
            jvm.detach();
        }
        // What the goal forwards is there, and so it was looked at the right ones.
        assertThat(properties).contains(Dictation.GATE);
        return Stream.of(
                        Stream.of(properties),
                        Stream.of("cmdline", "environ")
                                .map(name -> Path.of("/proc", Long.toString(pid), name))
                                .filter(Files::isReadable)
                                .map(SecretsOfAProcessTest::content),
                        files().stream())
                .flatMap(seen -> seen)
                .toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(SecretsOfAProcessTest::content)
                    .toList();
        }
    }

    private static String content(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }
}
