package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.maven.it.ItDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.plugin.MojoExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where goals take user and password from. Every password is a canary, and must show nowhere, however verbose the run is. */
class CredentialsTest {
    /** What the integration project of the same name has; see there for whose passwords these are. */
    private static final Path PROJECT = Path.of("../src/it/credentials").toAbsolutePath();

    private static final String OWN = "the runner's own data source";

    @TempDir
    Path folder;

    private final List<GoalInMaven.Run> runs = new ArrayList<>();

    @Slow("launches goals, each in a JVM of its own")
    @Test
    void aPlainPasswordOfAServerIsThatOfTheDatabase() throws Exception {
        GoalInMaven.Run run =
                run("migrate", "-Deventsourcing.serverId=plain", "-Deventsourcing.url=jdbc:h2:./target/x");

        assertThat(run.error()).isNull();
        assertThat(run.log()).contains("Credentials: server plain of settings.xml");
        String url = "jdbc:h2:file:" + folder.resolve("target/x").toAbsolutePath();
        assertThat(ItDatabase.rows(url, "headmaster", "canary-plain", "SELECT count(*) FROM stored_events"))
                .containsExactly(0L);
        assertShowsNoPassword();
    }

    @Test
    void refusesAServerThatIsUnknownEmptyOrUndecipherable() throws Exception {
        String url = "-Deventsourcing.url=jdbc:h2:./target/never";

        for (String goal : List.of("migrate", "sync-followers")) {
            assertThat(run(goal, url, "-Deventsourcing.serverId=nobody").message())
                    .isEqualTo("There is no server nobody in settings.xml. Add it, with username and password, or"
                            + " correct eventsourcing.serverId.");
            assertThat(run(goal, url, "-Deventsourcing.serverId=empty").message())
                    .startsWith("Server empty in settings.xml has neither username nor password.");
            assertThat(run(goal, url, "-Deventsourcing.serverId=undecipherable").message())
                    .startsWith("The password of server undecipherable in settings.xml cannot be decrypted.");
        }

        assertThat(runs).allSatisfy(run -> assertThat(run.error()).isInstanceOf(MojoExecutionException.class));
        assertThat(folder.resolve("target")).doesNotExist();
        assertShowsNoPassword();
    }

    @Test
    void refusesPasswordsInTheCommandLine() throws Exception {
        assertThat(run("migrate", "-Deventsourcing.password=canary-typed").message())
                .startsWith("-Deventsourcing.password: a password there is seen by everybody on the machine");
        assertThat(run(
                                "migrate",
                                "-Deventsourcing.url=jdbc:postgresql://localhost:1/school?user=x&password=canary-typed")
                        .message())
                .startsWith("-Deventsourcing.url holds a password, which is seen by everybody on the machine");
        assertThat(run("migrate", "-Deventsourcing.serverId=plain", "-Deventsourcing.user=janitor")
                        .message())
                .startsWith("Server plain of settings.xml has a user of its own.");
        assertThat(folder.resolve("target")).doesNotExist();
        assertShowsNoPassword();
    }

    @Slow("a pool tries to connect for 5 s")
    @Test
    void aServersPasswordDoesNotShowWhereTheDatabaseIsAway() throws Exception {
        GoalInMaven.Run run = run(
                "sync-followers",
                "-Deventsourcing.url=jdbc:postgresql://localhost:1/school",
                "-Deventsourcing.serverId=encrypted",
                "-Dconnect-patience=0s",
                runner("fromSettings"));

        assertThat(run.message())
                .contains("no connection to the database. Connection to localhost:1 refused.")
                .contains("The connection was refused. Check that it runs, host and port of the URL");
        // The pool has logged all that it logs.
        assertThat(run.log()).contains("Credentials: server encrypted of settings.xml", "password.", "<masked>");
        assertShowsNoPassword();
    }

    @Slow("launches several goals, each in a JVM of its own")
    @Test
    void aRunnersOwnDataSourceNeedsNoServer() throws Exception {
        GoalInMaven.Run migrated = run("migrate", runner("own"));
        GoalInMaven.Run synchronised = run("sync-followers", runner("own"));
        GoalInMaven.Run withServer = run("sync-followers", runner("own"), "-Deventsourcing.serverId=encrypted");

        assertThat(migrated.error()).isNull();
        assertThat(migrated.log()).contains("Credentials: " + OWN);
        assertThat(synchronised.error()).isNull();
        assertThat(synchronised.log()).contains("Credentials: " + OWN).containsPattern("\\[1/2] Listener +OK");
        assertThat(withServer.message())
                .startsWith(
                        "-Deventsourcing.serverId=encrypted would be of no effect: the runner's recorders have user and"
                                + " password from " + OWN + ".");
        assertShowsNoPassword();
    }

    @Slow("launches several goals, each in a JVM of its own")
    @Test
    void aRunnersOwnPasswordDoesNotShowWhereItCannotConnect() throws Exception {
        assertThat(run("sync-followers", runner("unreachable"), "-Dconnect-patience=0s")
                        .message())
                .contains("Connection to localhost:1 refused");
        assertThat(run("sync-followers", runner("undriven")).message())
                .contains("No suitable driver found for jdbc:nosuch:");
        assertShowsNoPassword();
    }

    /** Runs a goal as verbose as pool, migrations, mappers and driver can be. */
    private GoalInMaven.Run run(String goal, String... flags) throws Exception {
        String[] verbose = Stream.concat(
                        Stream.of(flags), Stream.of("-X", "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"))
                .toArray(String[]::new);
        GoalInMaven.Run run = new GoalInMaven(folder)
                .configure("<jvmArguments><a>-Djava.util.logging.config.file=" + PROJECT.resolve("logging.properties")
                        + "</a></jvmArguments>")
                .settings(PROJECT.resolve("servers.xml"), PROJECT.resolve("settings-security.xml"))
                .run(goal, verbose);
        runs.add(run);
        return run;
    }

    private static String runner(String member) {
        return "-Drunner=" + SchoolInDatabase.class.getName() + "::" + member;
    }

    /** In nothing that was logged, in no message and stack trace as with -X, and in no file. */
    private void assertShowsNoPassword() throws IOException {
        List<String> shown = new ArrayList<>();
        for (GoalInMaven.Run run : runs) {
            StringWriter trace = new StringWriter();
            if (run.error() != null) {
                run.error().printStackTrace(new PrintWriter(trace));
            }
            shown.add(run.log() + trace);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                shown.add(file + ": " + Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(shown).isNotEmpty().allSatisfy(text -> assertThat(text).doesNotContain("canary"));
    }
}
