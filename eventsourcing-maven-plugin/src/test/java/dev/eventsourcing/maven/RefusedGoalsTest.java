package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Goals that the command line, the POM or the database keeps from running: what the build fails with. */
class RefusedGoalsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sync-followers | -DdryRun | There is no flag -DdryRun. Write -Ddry-run.",
                "sync-followers | -Deventsourcing.skip=yes | -Deventsourcing.skip=yes is neither true nor false.",
                "migrate | -DdryRun | There is no flag -DdryRun. Write -Ddry-run.",
                "migrate | -Ddry-run=plan | -Ddry-run=plan is neither true nor false.",
                "migrate | -Ddry-run= | -Ddry-run= is neither true nor false.",
                "migrate | -Dbatch-size=10 | eventsourcing:migrate has no flag -Dbatch-size, and did nothing.",
                "pending | -Ddry-run | eventsourcing:pending has no flag -Ddry-run, and did nothing.",
                "pending | -Dbatch-size=10 | eventsourcing:pending has no flag -Dbatch-size, and did nothing.",
                "script | -Ddry-run | eventsourcing:script has no flag -Ddry-run, and did nothing.",
                "script | -Dbatch-size=10 | eventsourcing:script has no flag -Dbatch-size, and did nothing."
            })
    void refusesFlagsBeforeAJvmIsLaunched(String goal, String flag, String message) throws Exception {
        // It would fail otherwise, with another message.
        GoalInMaven maven = new GoalInMaven(folder).configure("<jvmArguments><a>-Xno-such-option</a></jvmArguments>");

        GoalInMaven.Run run = maven.run(goal, flag);

        assertThat(run.error()).isInstanceOf(MojoExecutionException.class);
        assertThat(run.message()).startsWith(message);
        assertThat(folder.resolve("target")).doesNotExist();
    }

    @Slow("launches a goal in a JVM of its own")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-Ddry-run=yes | -Ddry-run=yes is none of false, true, plan.",
                "-Ddry-run= | -Ddry-run= is none of false, true, plan.",
                "-Dfollowers= | -Dfollowers= has an empty name.",
                "-Dfollowers=Listener, Faxes,Emails | Unknown followers: Emails, Faxes. Known followers: Listener, Scribe.",
                "-Dbatch-size=ten | -Dbatch-size=ten is not a whole number of at most nine digits.",
                "-Dmax-events=ten | -Dmax-events=ten is not a whole number of at most nine digits.",
                "-Dbatch-size=0 | A batch size of 0 events cannot be used. Give one from 1 to 10000."
            })
    void theToolRefusesValuesAsTheyWereTyped(String flag, String message) throws Exception {
        GoalInMaven.Run run = school().run("sync-followers", flag);

        assertThat(run.error()).isInstanceOf(MojoExecutionException.class);
        assertThat(run.message()).startsWith(message);
        assertThat(run.log()).doesNotContain("[1/");
    }

    @Slow("launches a goal in a JVM of its own")
    @Test
    void theCommandLineNamesTheRunnerThatIsRefused() throws Exception {
        String program = SchoolInDatabase.class.getName();

        GoalInMaven.Run run = school().run("sync-followers", "-Drunner=" + program);

        assertThat(run.error()).isInstanceOf(MojoExecutionException.class);
        assertThat(run.message())
                .startsWith("-Drunner=" + program + " names a class and no member of it.")
                .contains("  -Drunner=" + program + "::fromSettings");
    }

    @Slow("launches goals, each in a JVM of its own")
    @Test
    void saysHowToMakeTheTablesThatAreMissing() throws Exception {
        GoalInMaven.Run run = school().run("sync-followers");

        assertThat(run.error()).isInstanceOf(MojoFailureException.class);
        assertThat(run.message()).contains("Run: mvn eventsourcing:migrate");
        assertShowsNoStack(run);
    }

    @Slow("launches a goal in a JVM of its own")
    @ParameterizedTest
    @ValueSource(strings = {"migrate", "pending", "sync-followers"})
    void saysThatTheDatabaseIsAwayAndWhatToCheck(String goal) throws Exception {
        // Not through a pool, which would try for five seconds; CredentialsTest has one.
        GoalInMaven.Run run = school().run(
                        goal,
                        "-Drunner=" + SchoolInDatabase.class.getName() + "::unreachable",
                        "-Dconnect-patience=0s");

        assertThat(run.error()).isInstanceOf(MojoExecutionException.class);
        assertThat(run.message())
                .contains("no connection to the database. Connection to localhost:1 refused.")
                .contains("The connection was refused. Check that it runs, host and port of the URL");
        // Asked once, not by each follower.
        assertThat(run.log()).doesNotContain("[1/");
        assertShowsNoStack(run);
    }

    @Test
    void saysWhatAProjectLacksThatDoesNotHaveTheLibrary() throws Exception {
        GoalInMaven.Run run = new GoalInMaven(folder).withoutLibrary().run("sync-followers");

        assertThat(run.message())
                .startsWith("This project does not depend on dev.eventsourcing:eventsourcing-mybatis. Add it");
    }

    private GoalInMaven school() {
        return new GoalInMaven(folder)
                .configure("<runner>" + SchoolInDatabase.class.getName() + "::fromSettings</runner>");
    }

    private static void assertShowsNoStack(GoalInMaven.Run run) {
        assertThat((run.log() + "\n" + run.message()).lines()).noneMatch(line -> line.matches("\\s+at [a-z].*"));
    }
}
