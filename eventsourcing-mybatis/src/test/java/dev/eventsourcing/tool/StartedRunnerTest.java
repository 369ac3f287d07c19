package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.testsupport.Slow;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A runner need not be started, may have been, and is not left running. */
class StartedRunnerTest {
    private static final String STARTED =
            "The runner was started where it is made: its followers have processed by themselves"
                    + " before this goal, which stops it, and counts only what was left. Start it in the program's main method"
                    + " instead.";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void forget() {
        Starters.CLOSED.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "multi"})
    void aRunnerNeedNotBeStarted(String runner) {
        Outcome outcome = sync(runner, false);

        assertThat(outcome).isEqualTo(Outcome.FINE);
        assertThat(lines())
                .containsExactly(
                        "All followers selected for synchronization.", "[1/1] Counter  OK  3 events from Speaker");
        assertThat(Starters.Counter.COUNT).hasValue(3);
        assertThat(Starters.CLOSED).containsExactly("runner");
    }

    @ParameterizedTest
    @ValueSource(strings = {"singleStarted", "multiStarted"})
    void aRunnerThatWasStartedIsStoppedAndOnlyTheRestIsCounted(String runner) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        Outcome outcome = sync(runner, false);

        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        assertThat(outcome).isEqualTo(Outcome.FINE);
        assertThat(lines())
                .containsExactly(
                        STARTED,
                        "All followers selected for synchronization.",
                        "[1/1] Counter  OK  0 events from Speaker");
        assertThat(Starters.Counter.COUNT).hasValue(3);
        assertThat(Starters.CLOSED).containsExactly("runner");
        assertThat(left.stream().map(Thread::getName)).noneMatch(name -> name.startsWith("eventsourcing "));
    }

    @Test
    void aRunnerThatHasFailedByItselfIsToldOfAndTheGoalDoesTheRest() {
        Outcome outcome = sync("failedByItself", false);

        assertThat(outcome).isEqualTo(Outcome.FINE);
        assertThat(lines())
                .hasSize(4)
                .startsWith(STARTED)
                .endsWith("All followers selected for synchronization.", "[1/1] Choosy  OK  3 events from Speaker");
        assertThat(lines()[1]).startsWith("While it ran, or stopped: ").contains("Not while it runs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "plan"})
    void aDryRunWithARunnerThatWasStartedIsRefused(String dryRun) {
        assertThatThrownBy(() -> sync("multiStarted", dryRun))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "The runner was started where it is made, so its followers have processed in earnest, and a dry run"
                                + " would not be one. Start it in the program's main method instead, or name a member with a runner"
                                + " that is not started.");
        assertThat(Starters.CLOSED).containsExactly("runner");
    }

    @Test
    void whatFailsAsTheRunnerIsClosedHidesNoResult() {
        Outcome outcome = sync("badlyClosed", false);

        assertThat(outcome).isEqualTo(Outcome.FINE);
        assertThat(lines())
                .endsWith(
                        "[1/1] Counter  OK  3 events from Speaker",
                        "What was done is done, but the runner did not close as it should: Closing the pool failed: The disk is"
                                + " full",
                        "  and: Closing the pool failed: Fire");
    }

    @Test
    void noErrorOfTheJvmHidesAResultEither() {
        Outcome outcome = sync("fatallyClosed", false);

        assertThat(outcome).isEqualTo(Outcome.FINE);
        assertThat(List.of(lines()))
                .last()
                .asString()
                .startsWith("What was done is done, but the runner did not close as it should: Closing ")
                .endsWith(" failed: com/acme/Gone");
    }

    @Slow("starts the tool as a process")
    @ParameterizedTest
    @CsvSource({"singleWithThread, false", "multiWithThread, true"})
    void theProcessEndsAlthoughTheProgramHasLeftAThread(String runner, boolean launched, @TempDir Path folder)
            throws Exception {
        Path report = folder.resolve("report");
        Process process = launched
                ? start(folder, "--launched", report.toString())
                : start(folder, "sync-followers", "-Drunner=" + Starters.class.getName() + "::" + runner);
        try (DataOutputStream in = new DataOutputStream(process.getOutputStream())) {
            if (launched) {
                request(in, runner);
            }
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);

            assertThat(ended).isTrue();
            assertThat(folder.resolve("output")).content().contains("[1/1] Counter  OK  0 events from Speaker");
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        if (launched) {
            Properties answer = new Properties();
            try (InputStream in = Files.newInputStream(report)) {
                answer.load(in);
            }
            assertThat(answer).containsEntry("exit", "0");
        }
    }

    private static Process start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EventSourcingTool.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static void request(DataOutputStream in, String runner) throws IOException {
        Properties request = new Properties();
        request.setProperty("protocol", "1");
        request.setProperty("goal", "sync-followers");
        request.setProperty("option.runner", Starters.class.getName() + "::" + runner);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        request.store(bytes, null);
        in.writeInt(bytes.size());
        bytes.writeTo(in);
        in.flush();
    }

    private Outcome sync(String runner, boolean dryRun) {
        return sync(runner, Boolean.toString(dryRun));
    }

    private Outcome sync(String runner, String dryRun) {
        ToolOptions options =
                new ToolOptions(Map.of("runner", Starters.class.getName() + "::" + runner, "dry-run", dryRun));
        Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
        return new SyncFollowersCommand(options, console, getClass().getClassLoader()).run();
    }

    private String[] lines() {
        return printed.toString(StandardCharsets.UTF_8).stripTrailing().split("\\R");
    }
}
