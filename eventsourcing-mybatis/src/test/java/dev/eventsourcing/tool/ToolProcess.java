package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The tool in a process of its own, with this test as its launcher. */
final class ToolProcess implements AutoCloseable {
    private static final int PATIENCE_S = 60;

    private final Process process;
    private final BufferedReader lines;
    private final StringBuilder printed = new StringBuilder();

    ToolProcess(Path report, Map<String, String> properties, Map<String, String> options) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EventSourcingTool.class.getName(),
                        "--launched",
                        report.toString())
                .redirectErrorStream(true)
                .start();
        lines = process.inputReader(StandardCharsets.UTF_8);
        // Whoever reads its lines must come to an end, too.
        CompletableFuture.delayedExecutor(2 * PATIENCE_S, TimeUnit.SECONDS).execute(process::destroyForcibly);
        Properties request = new Properties();
        request.setProperty("protocol", "1");
        request.setProperty("goal", "sync-followers");
        options.forEach((name, value) -> request.setProperty("option." + name, value));
        properties.forEach((name, value) -> request.setProperty("property." + name, value));
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

    void closeInput() throws IOException {
        process.getOutputStream().close();
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    long pid() {
        return process.pid();
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
