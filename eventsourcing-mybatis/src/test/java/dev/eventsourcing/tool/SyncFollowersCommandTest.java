package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.system.SyncMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SyncFollowersCommandTest {
    private static final String RUNNER = Chat.class.getName() + "::runner";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void printsALineForEachFollowerAndTellsThatSomeFailed() {
        Outcome outcome = run(Map.of());

        assertThat(lines())
                .startsWith(
                        "All followers selected for synchronization.",
                        "[1/2] Listener  OK  3 events from Speaker",
                        "[2/2] Critic    FAILED  1 event from Speaker before it failed")
                .endsWith(
                        "1 of 2 followers failed. What they had processed before stays. Mend what is wrong and run again:"
                                + " each goes on with the event that failed.");
        assertThat(lines()[3]).contains("Talk.Said, version 2 of", "IllegalStateException: Not again");
        assertThat(lines()).anyMatch(line -> line.startsWith("Follower  Result  Events"));
        assertThat(outcome.code()).isEqualTo(ExitCode.PARTIAL);
        assertThat(outcome.message()).startsWith("Follower Critic failed: ").contains("Not again");
    }

    @Test
    void saysOfADryRunThatItIsOne() {
        Outcome outcome = run(Map.of("dry-run", "true", "followers", "Listener"));

        assertThat(lines())
                .containsExactly(
                        "Dry run: events are processed, then all changes in the database are rolled back.",
                        "1 follower selected for synchronization.",
                        "[1/1] Listener  OK (dry-run)  3 events from Speaker",
                        "  would append no events",
                        "  no rows of yours were counted");
        assertThat(outcome).isEqualTo(Outcome.FINE);
    }

    @Test
    void countsForAPlanAndRunsNoPolicy() {
        Outcome outcome = run(Map.of("dry-run", "plan"));

        assertThat(lines())
                .contains(
                        "Plan: events are counted. No policy runs, and nothing is changed.",
                        "[2/2] Critic    OK (plan)  3 events from Speaker",
                        "  of Speaker: 3 Chat.Talk.Said");
        assertThat(outcome).isEqualTo(Outcome.FINE);
    }

    @Test
    void tellsWhatWasParkedAndWhyAndIsFine() {
        Outcome outcome = run(Map.of("runner", Chat.class.getName() + "::patientRunner"));

        assertThat(lines()).hasSize(4);
        assertThat(lines()[1]).isEqualTo("[1/1] Patient  OK  1 event from Speaker, 2 parked");
        assertThat(lines()[2])
                .startsWith("  parked: Patient failed to process notification 2 of Speaker")
                .endsWith("IllegalStateException: Not again");
        assertThat(lines()[3])
                .isEqualTo(
                        "  Table parked_events says why, where application_name is Patient. The follower's parking() lists"
                                + " them, tries them again, and drops them.");
        assertThat(outcome).isEqualTo(Outcome.FINE.parked(2));
        assertThat(outcome.code()).isEqualTo(ExitCode.FINE);
    }

    @Test
    void printsNothingButErrorsIfAskedToBeQuiet() {
        run(Map.of("verbosity", "0", "followers", "Listener"));
        assertThat(lines()).containsExactly("");

        run(Map.of("verbosity", "0"));

        assertThat(lines()[0]).isEqualTo("[2/2] Critic    FAILED  1 event from Speaker before it failed");
        assertThat(lines()).anyMatch(line -> line.contains("IllegalStateException: Not again"));
    }

    @Test
    void saysHowToGoOnWhereALimitWasReached() {
        Outcome outcome = run(Map.of("max-events", "2", "followers", "Listener"));

        assertThat(lines())
                .endsWith(
                        "[1/1] Listener  UNFINISHED  2 events from Speaker, 1 left",
                        "  1 event of Speaker are left, as -Dmax-events were processed. The next run goes on there.");
        assertThat(outcome).isEqualTo(Outcome.FINE);
    }

    @Test
    void onlyReportsFailuresIfAskedTo() {
        Outcome outcome = run(Map.of("fail-on-error", "false", "format", "json", "output", file("report.json")));

        JsonNode report = SyncJsonTest.checked(written("report.json"));
        assertThat(lines()).endsWith("The build does not fail for it, as -Dfail-on-error=false says.");
        assertThat(outcome).isEqualTo(Outcome.FINE);
        assertThat(report.get("verdict").asString()).isEqualTo("partial");
        assertThat(report.get("exitCode").asInt()).isZero();
    }

    @Test
    void failsForWhatNoFollowerDidWhateverItWasAskedTo() {
        assertThatThrownBy(() -> run(Map.of("fail-on-error", "false", "followers", "Nobody")))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void printsNothingButTheReportWhereThatIsPiped() {
        Outcome outcome = run(Map.of("format", "json", "verbosity", "3"));

        JsonNode report = SyncJsonTest.checked(printed.toString(StandardCharsets.UTF_8));
        assertThat(report.at("/followers/1/error/class").asString()).isEqualTo("java.lang.IllegalStateException");
        assertThat(report.at("/followers/1/error/message").asString()).contains("Not again");
        assertThat(report.at("/followers/1/error/leader").asString()).isEqualTo("Speaker");
        assertThat(report.at("/followers/1/error/notificationId").asLong()).isEqualTo(2);
        assertThat(report.at("/followers/1/error/topic").asString()).isEqualTo("Chat.Talk.Said");
        assertThat(report.at("/followers/1/error/originatorId").asString()).hasSize(36);
        assertThat(report.at("/followers/1/error/originatorVersion").asLong()).isEqualTo(2);
        assertThat(report.at("/followers/0/leaders/0/parkedInAll").asLong()).isZero();
        assertThat(outcome.code()).isEqualTo(ExitCode.PARTIAL);
    }

    @Test
    void keepsTheReportWholeForALauncherWhateverIsInIt() {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

        new Console(out, true).print("{\n  \"a\": \"b\u2028c\u0085d\"\n}");

        assertThat(printed.toString(StandardCharsets.UTF_8).split("\n"))
                .extracting(String::stripTrailing)
                .containsExactly(
                        "\u0001print\u0001{", "\u0001print\u0001  \"a\": \"b\u2028c\u0085d\"", "\u0001print\u0001}");
    }

    @Test
    void writesTextAndTestCasesToFilesInFoldersThatItMakes() {
        run(Map.of("output", file("a/b/report.txt"), "junit-output", file("c/report.xml"), "followers", "Listener"));

        assertThat(written("a/b/report.txt").lines()).containsExactly(lines());
        assertThat(written("c/report.xml")).contains("name=\"Listener\"", "OK  3 events from Speaker");
    }

    @Test
    void leavesNoOlderReportWhereTheRunDoesNotComeToTheFollowers() throws IOException {
        Files.writeString(folder.resolve("report.json"), "an older one");

        assertThatThrownBy(() -> run(Map.of(
                        "followers",
                        "Nobody",
                        "format",
                        "json",
                        "output",
                        file("report.json"),
                        "junit-output",
                        file("report.xml"))))
                .hasMessageStartingWith("Unknown followers: Nobody.");

        JsonNode report = SyncJsonTest.checked(written("report.json"));
        assertThat(report.get("verdict").asString()).isEqualTo("usage");
        assertThat(report.get("message").asString()).startsWith("Unknown followers: Nobody.");
        assertThat(written("report.xml")).contains("<error type=\"usage\"");
    }

    @Test
    void doesNothingIfAReportCannotBeWritten() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> run(Map.of("output", file("file/report.txt"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("No report can be written to " + file("file/report.txt"));
        assertThat(lines()).containsExactly("");
    }

    @Test
    void processesInBatchesOfTheSizeThatItIsTold() {
        Outcome outcome = run(Map.of("batch-size", "1", "followers", "Listener"));

        assertThat(lines()).endsWith("[1/1] Listener  OK  3 events from Speaker");
        assertThat(outcome).isEqualTo(Outcome.FINE);
    }

    @ParameterizedTest
    @CsvSource({
        "max-events, 0",
        "time-budget, 0s",
        "patience, PT-1S",
        "yield-after, 49ms",
        "verbosity, 4",
        "format, xml",
        "dry-run, yes",
        "downstream, 1",
        "fail-on-error, no",
        "output, ''",
        "junit-output, ' '"
    })
    void doesNothingForAnOptionThatCannotBe(String option, String value) {
        assertThatThrownBy(() -> run(Map.of(option, value))).isInstanceOf(ConfigurationException.class);
        assertThat(lines()).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "10001"})
    void doesNothingForABatchSizeThatCannotBe(String size) {
        assertThatThrownBy(() -> run(Map.of("batch-size", size)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("A batch size of " + size + " events cannot be used. Give one from 1 to 10000.");
        assertThat(lines()).containsExactly("");
    }

    @Test
    void doesNothingForANameThatIsUnknown() {
        assertThatThrownBy(() -> run(Map.of("followers", "Listener,Nobody")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("Unknown followers: Nobody. Known followers: Critic, Listener.");
        assertThat(lines()).containsExactly("");
    }

    @Test
    void namesAllThatAreUnknownInOrderAndOnce() {
        assertThatThrownBy(() -> run(Map.of("followers", " Zoe ,Listener,Adam,Zoe")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("Unknown followers: Adam, Zoe. Known followers: Critic, Listener.");
        assertThat(lines()).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Listener,", ",Listener", "Listener,,Critic"})
    void doesNothingForANameThatIsEmpty(String names) {
        assertThatThrownBy(() -> run(Map.of("followers", names)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("-Dfollowers=" + names
                        + " has an empty name. Write names with commas between, or leave the option out for all.");
        assertThat(lines()).containsExactly("");
    }

    @Test
    void saysAllWhereAllAreNamedInWhateverOrderAndHoweverOften() {
        run(Map.of("followers", "Critic , Listener,Critic"));

        assertThat(lines())
                .startsWith("All followers selected for synchronization.", "[1/2] Listener  OK  3 events from Speaker");
    }

    @Test
    void doesNotSayAllWhereOneIsNamedTwice() {
        run(Map.of("followers", "Listener,Listener"));

        assertThat(lines())
                .containsExactly(
                        "1 follower selected for synchronization.", "[1/1] Listener  OK  3 events from Speaker");
    }

    @Test
    void saysThatASystemHasNoFollowers() {
        Outcome outcome = run(Map.of("runner", Offers.class.getName() + "::method"));

        assertThat(lines()).containsExactly("The system has no followers: there is nothing to synchronize.");
        assertThat(outcome).isEqualTo(Outcome.FINE);
    }

    @Test
    void saysSoToWhoNamesAFollowerOfASystemThatHasNone() {
        assertThatThrownBy(() -> run(Map.of("runner", Offers.class.getName() + "::method", "followers", "Listener")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("Unknown followers: Listener. The system has no followers.");
    }

    @Test
    void passesAModuleWithoutARunnerByWhereThatIsAllowed() {
        SyncFollowersCommand command = new SyncFollowersCommand(
                new ToolOptions(Map.of("runner-optional", "true")),
                console(),
                getClass().getClassLoader());

        assertThat(command.run()).isEqualTo(Outcome.SKIPPED);
        assertThat(lines()).containsExactly("Skipped: this module has no runner.");
    }

    @Test
    void leavesNoReportOfAModuleThatItPassesBy() {
        new SyncFollowersCommand(
                        new ToolOptions(Map.of(
                                "runner-optional", "true", "output", file("a.txt"), "junit-output", file("a.xml"))),
                        console(),
                        getClass().getClassLoader())
                .run();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void showsNoSecretThatAnErrorQuotes() {
        Throwable quoting = new IllegalStateException("No \"jdbc:postgresql://h/d?user=me&password=canary\" there");
        SyncVerdict verdict = new SyncVerdict(ExitCode.PARTIAL, quoting.getMessage(), false);
        SyncAccount account = new SyncAccount(
                Instant.EPOCH,
                SyncMode.PROCESS,
                List.of(),
                List.of(Results.failed("Mail", quoting.getMessage(), new IllegalStateException("no", quoting))),
                Map.of(),
                Duration.ZERO,
                verdict,
                verdict.code());
        SyncOptions asked = SyncOptions.of(new ToolOptions(Map.of("verbosity", "3")));
        SyncText text = new SyncText(console(), asked, System::nanoTime);
        text.ended(account.results().get(0), Map.of());
        text.ended(account);

        assertThat(List.of(
                        text.told(),
                        printed.toString(StandardCharsets.UTF_8),
                        SyncJson.of(account),
                        new String(SyncJUnit.of(account), StandardCharsets.UTF_8)))
                .allSatisfy(
                        told -> assertThat(told).contains("postgresql://h/d").doesNotContain("canary"));
        printed.reset();
        console().print(SyncJson.of(account));
        SyncJsonTest.checked(printed.toString(StandardCharsets.UTF_8));
    }

    private Outcome run(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(options);
        all.putIfAbsent("runner", RUNNER);
        return new SyncFollowersCommand(
                        new ToolOptions(all), console(), getClass().getClassLoader())
                .run();
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String written(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Console console() {
        return new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
    }

    private String[] lines() {
        return printed.toString(StandardCharsets.UTF_8).stripTrailing().split("\\R");
    }
}
