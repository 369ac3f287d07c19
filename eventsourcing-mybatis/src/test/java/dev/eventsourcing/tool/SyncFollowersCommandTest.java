package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyncFollowersCommandTest {
    private static final String RUNNER = Chat.class.getName() + "::runner";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void printsALineForEachFollowerAndTellsThatSomeFailed() {
        Outcome outcome = run(Map.of());

        assertThat(lines())
                .hasSize(4)
                .startsWith(
                        "All followers selected for synchronization.",
                        "[1/2] Listener  OK  3 events from Speaker",
                        "[2/2] Critic    FAILED  1 event from Speaker before it failed");
        assertThat(lines()[3]).contains("Talk.Said, version 2 of", "IllegalStateException: Not again");
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
                        "[1/1] Listener  OK (dry-run)  3 events from Speaker");
        assertThat(outcome).isEqualTo(Outcome.FINE);
    }

    @Test
    void tellsWhatWasParkedAndIsFine() {
        Outcome outcome = run(Map.of("runner", Chat.class.getName() + "::patientRunner"));

        assertThat(lines())
                .containsExactly(
                        "All followers selected for synchronization.",
                        "[1/1] Patient  OK  1 event from Speaker, 2 parked",
                        "  Table parked_events says why, where application_name is Patient. The follower's parking() lists"
                                + " them, tries them again, and drops them.");
        assertThat(outcome).isEqualTo(Outcome.FINE.parked(2));
        assertThat(outcome.code()).isEqualTo(ExitCode.FINE);
    }

    @Test
    void processesInBatchesOfTheSizeThatItIsTold() {
        Outcome outcome = run(Map.of("batch-size", "1", "followers", "Listener"));

        assertThat(lines()).endsWith("[1/1] Listener  OK  3 events from Speaker");
        assertThat(outcome).isEqualTo(Outcome.FINE);
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
                .hasSize(4)
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

    private Outcome run(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(options);
        all.putIfAbsent("runner", RUNNER);
        return new SyncFollowersCommand(
                        new ToolOptions(all), console(), getClass().getClassLoader())
                .run();
    }

    private Console console() {
        return new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
    }

    private String[] lines() {
        return printed.toString(StandardCharsets.UTF_8).stripTrailing().split("\\R");
    }
}
