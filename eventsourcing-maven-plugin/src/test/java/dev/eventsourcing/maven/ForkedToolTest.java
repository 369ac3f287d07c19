package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkedToolTest {
    private static final String JAVA = new File(System.getProperty("java.home"), "bin/java").getPath();
    private static final String MAIN = "dev.eventsourcing.tool.EventSourcingTool";

    @TempDir
    Path folder;

    @Test
    void bringsTheAnswerBackAndLeavesNoFileBehind() throws Exception {
        Lines log = new Lines(line -> {});

        ForkedTool.Report report = tool(log, testClassPath())
                .run("sync-followers", Map.of("runner", "no.such.Type::runner"), new Properties(), buildFolder());

        assertThat(report.exit()).isEqualTo(2);
        assertThat(report.message()).contains("there is no class no.such.Type on the class path");
        assertThat(report.skipped()).isFalse();
        assertThat(buildFolder()).isEmptyDirectory();
    }

    @Test
    void doesNotTakeAnExitOfTheProgramForSuccess() {
        Lines log = new Lines(line -> {});
        ForkedTool tool = tool(log, testClassPath());
        Map<String, String> options = Map.of("runner", WaitingSchool.class.getName() + "::exits");

        assertThatThrownBy(() -> tool.run("sync-followers", options, new Properties(), buildFolder()))
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("ended with exit code 0 before the goal was done")
                .hasMessageContaining("System.exit");
        assertThat(log.lines).contains("[info] leaving");
    }

    @Test
    void showsWhatTheJvmSaysWhereTheLibraryIsMissing() {
        Lines log = new Lines(line -> {});
        ForkedTool tool = tool(log, List.of(folder.toString()));

        assertThatThrownBy(() -> tool.run("migrate", Map.of(), new Properties(), buildFolder()))
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("ended with exit code 1");
        assertThat(log.lines).anyMatch(line -> line.contains(MAIN));
    }

    @Test
    void tellsWhenTheProcessWasStopped() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        Lines log = new Lines(line -> {
            if (line.endsWith("waiting")) {
                waiting.countDown();
            }
        });
        Map<String, String> options = Map.of("runner", WaitingSchool.class.getName() + "::neverMade");
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        Thread goal = new Thread(() -> {
            try {
                ForkedTool.Report report =
                        tool(log, testClassPath()).run("sync-followers", options, new Properties(), buildFolder());
                log.info(report.exit() + " " + report.message());
            } catch (MojoExecutionException e) {
                log.info(e.getMessage());
            }
        });
        goal.start();
        assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();
        List<ProcessHandle> started = ProcessHandle.current()
                .children()
                .filter(child -> !before.contains(child))
                .toList();

        started.forEach(ProcessHandle::destroy);
        goal.join(TimeUnit.SECONDS.toMillis(60));

        assertThat(goal.isAlive()).isFalse();
        assertThat(started).hasSize(1).noneMatch(ProcessHandle::isAlive);
        assertThat(log.lines).contains("[info] 4 Stopped by SIGTERM, before anything was done.");
    }

    @Slow("starts two JVMs")
    @Test
    void showsWhereTheRunStandsWhenTheLauncherIsStopped() throws Exception {
        try (ServerSocket gate = gate();
                Launcher launcher = new Launcher(gate.getLocalPort())) {
            List<ProcessHandle> forks;
            try (Socket blocked = gate.accept()) {
                forks = launcher.process.descendants().toList();
                launcher.process.toHandle().destroy();
                launcher.awaitLine("Stopping for SIGTERM, with the batch in hand.");

                blocked.getOutputStream().write(1);
            }

            assertThat(launcher.rest())
                    .contains("Stopped by SIGTERM. Listener has come to 1 in the log of Speaker; 2 events are left."
                            + " Run it again to go on.");
            assertThat(launcher.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(forks).hasSize(1).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Slow("the tool gives a batch 10 s to end")
    @Test
    void leavesNoProcessWhenTheLauncherIsKilled() throws Exception {
        try (ServerSocket gate = gate();
                Launcher launcher = new Launcher(gate.getLocalPort());
                Socket blocked = gate.accept()) {
            List<ProcessHandle> forks = launcher.process.descendants().toList();
            assertThat(forks).hasSize(1).allMatch(ProcessHandle::isAlive);

            launcher.process.destroyForcibly();

            // Though its batch never ends.
            forks.get(0).onExit().get(60, TimeUnit.SECONDS);
            assertThat(blocked.isClosed()).isFalse();
        }
    }

    private static ServerSocket gate() throws IOException {
        ServerSocket gate = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        gate.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
        return gate;
    }

    @Test
    void endsWithItsLauncher() throws Exception {
        Process tool = new ProcessBuilder(
                        JAVA,
                        "-cp",
                        String.join(File.pathSeparator, testClassPath()),
                        MAIN,
                        "--launched",
                        folder.resolve("report").toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(tool.getInputStream(), StandardCharsets.UTF_8))) {
            DataOutputStream request = new DataOutputStream(tool.getOutputStream());
            send(request, "sync-followers", WaitingSchool.class.getName() + "::neverMade");
            assertThat(lines.readLine()).isEqualTo("waiting");

            request.close();

            assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("report")).doesNotExist();
        } finally {
            tool.destroyForcibly();
        }
    }

    private static void send(DataOutputStream out, String goal, String runner) throws IOException {
        Properties request = new Properties();
        request.setProperty("protocol", "1");
        request.setProperty("goal", goal);
        request.setProperty("option.runner", runner);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        request.store(bytes, null);
        out.writeInt(bytes.size());
        bytes.writeTo(out);
        out.flush();
    }

    private ForkedTool tool(Log log, List<String> classPath) {
        return new ForkedTool(log, JAVA, List.of(), classPath, folder.toFile());
    }

    private File buildFolder() {
        return folder.resolve("target").toFile();
    }

    static List<String> testClassPath() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ArrayList<>(Arrays.asList(classPath.split(File.pathSeparator)));
    }

    /** A JVM that launches the tool as Maven does, and can be stopped in its stead. */
    private final class Launcher implements AutoCloseable {
        private final Process process;
        private final BufferedReader lines;

        Launcher(int gate) throws IOException {
            process = new ProcessBuilder(
                            JAVA,
                            "-cp",
                            String.join(File.pathSeparator, testClassPath()),
                            StandInForMaven.class.getName(),
                            folder.toString(),
                            Integer.toString(gate))
                    .redirectErrorStream(true)
                    .start();
            lines = process.inputReader(StandardCharsets.UTF_8);
        }

        void awaitLine(String words) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.contains(words)) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
        }

        String rest() throws IOException {
            StringBuilder rest = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rest.append(line).append('\n');
            }
            return rest.toString();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Keeps what is logged. */
    private static final class Lines extends SystemStreamLog {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Consumer<String> listener;

        Lines(Consumer<String> listener) {
            this.listener = listener;
        }

        @Override
        public void info(CharSequence line) {
            add("[info] " + line);
        }

        @Override
        public void warn(CharSequence line) {
            add("[warn] " + line);
        }

        @Override
        public void error(CharSequence line) {
            add("[error] " + line);
        }

        private void add(String line) {
            lines.add(line);
            listener.accept(line);
        }
    }
}
