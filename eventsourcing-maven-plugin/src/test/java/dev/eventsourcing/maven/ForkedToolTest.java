package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForkedToolTest {
    private static final String JAVA = new File(System.getProperty("java.home"), "bin/java").getPath();
    private static final String MAIN = "dev.eventsourcing.tool.EventSourcingTool";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/home/me/a b.jar | \"/home/me/a b.jar\"",
                "C:\\Users\\Jörg\\a.jar | \"C:\\\\Users\\\\Jörg\\\\a.jar\"",
                "/odd/\"quoted\".jar | \"/odd/\\\"quoted\\\".jar\"",
                "/a#b.jar | \"/a#b.jar\""
            })
    void quotesForAnArgumentFile(String path, String quoted) {
        assertThat(ForkedTool.quote(path)).isEqualTo(quoted);
    }

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
    void showsALineOfTheToolThatStandsBehindAnUnfinishedOneOfTheProgram() throws Exception {
        Lines log = new Lines(line -> {});

        tool(log, testClassPath())
                .run(
                        "sync-followers",
                        Map.of("runner", WaitingSchool.class.getName() + "::talksWithoutAnEnd"),
                        new Properties(),
                        buildFolder());

        assertThat(log.lines)
                .containsSubsequence("[info] still talking", "[info] All followers selected for synchronization.");
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
    void tellsWhenTheProcessWasKilled() throws Exception {
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
                tool(log, testClassPath()).run("sync-followers", options, new Properties(), buildFolder());
            } catch (MojoExecutionException expected) {
                log.info(expected.getMessage());
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
        assertThat(log.lines).anyMatch(line -> line.contains("before the goal was done"));
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

    private static List<String> testClassPath() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ArrayList<>(Arrays.asList(classPath.split(File.pathSeparator)));
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
