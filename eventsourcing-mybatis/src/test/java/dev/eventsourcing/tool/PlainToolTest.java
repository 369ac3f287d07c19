package dev.eventsourcing.tool;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.testsupport.Slow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tool as a process that no launcher has started. */
@Slow("starts the tool as a process")
public class PlainToolTest {
    private static final String OWN_URL = "plain_tool_test_own_url";

    @TempDir
    Path folder;

    /** A program that has its database from a place of its own. */
    public static final class Own {
        private Own() {}

        /** For the tool. */
        public static Runner runner() {
            JdbcDataSource dataSource = new JdbcDataSource();
            dataSource.setURL(System.getenv(OWN_URL));
            return new SingleThreadedRunner(
                    EventDrivenSystem.of(pipe(Chat.Speaker.class, Chat.Listener.class)),
                    MyBatisRecorders.over(dataSource));
        }
    }

    @Test
    void syncFollowersWorksInTheDatabaseAndSchemaThatItIsTold() throws Exception {
        Settings settings = Settings.of(Map.of("eventsourcing.url", url("words"), "eventsourcing.schema", "Speech"));
        Dictation.prepare(settings, 2);

        Ended ended = run(
                Map.of(),
                "sync-followers",
                "-Drunner=" + Dictation.class.getName() + "::runner",
                "-Deventsourcing.url=" + url("words"),
                "-Deventsourcing.schema=Speech");

        assertThat(ended.printed())
                .contains(" at " + url("words") + ", schema Speech: Speaker, Scribe")
                .contains("OK  2 events from Speaker");
        assertThat(ended.exitCode()).isZero();
        assertThat(folder.resolve("target")).doesNotExist();
    }

    @Test
    void syncFollowersConnectsAsTheUserThatItIsTold() throws Exception {
        Ended ended = run(
                Map.of("EVENTSOURCING_PASSWORD", "canary"),
                "sync-followers",
                "-Drunner=" + Dictation.class.getName() + "::runner",
                "-Deventsourcing.url=" + url("words"),
                "-Deventsourcing.user=headmaster");

        assertThat(ended.printed())
                .contains(
                        "Credentials: system property eventsourcing.user and environment variable EVENTSOURCING_PASSWORD")
                .contains("eventsourcing:migrate")
                .doesNotContain("canary");
        assertThat(ended.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync-followers", "migrate", "pending"})
    void aVariableThatTheRunnerDoesNotTakeIsRefused(String command) throws Exception {
        Ended ended = run(
                Map.of("EVENTSOURCING_URL", url("asked"), OWN_URL, url("own")),
                command,
                "-Drunner=" + Own.class.getName() + "::runner");

        assertThat(ended.printed())
                .contains("The goal was given the URL " + url("asked")
                        + " (environment variable EVENTSOURCING_URL), but the runner " + Own.class.getName()
                        + "::runner uses its own data source on H2 ")
                .contains(" at " + url("own") + ", schema PUBLIC. Nothing was done.");
        assertThat(ended.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sync-followers -Deventsourcing.serverId=school",
                "migrate -Deventsourcing.serverId=school",
                "pending -Deventsourcing.serverId=school",
                "script -Deventsourcing.url=jdbc:h2:mem:school",
                "script -Deventsourcing.user=app",
                "sync-followers -Ddatabase=h2",
                "sync-followers -Deventsourcing.pool-size=3"
            })
    void whatWouldBeOfNoEffectIsRefused(String commandLine) throws Exception {
        Ended ended = run(Map.of(), commandLine.split(" "));

        String name = commandLine.replaceFirst(".*-D(.*)=.*", "$1");
        assertThat(ended.printed().strip()).contains(name).doesNotContain("\n").endsWith(".");
        assertThat(ended.exitCode()).isEqualTo(2);
    }

    private String url(String file) {
        return "jdbc:h2:" + folder.resolve(file);
    }

    private Ended run(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EventSourcingTool.class.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("plain-tool", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("EVENTSOURCING_"));
        builder.environment().putAll(variables);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private record Ended(int exitCode, String printed) {}
}
