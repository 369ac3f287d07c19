package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.maven.it.ItDatabase;
import java.nio.file.Path;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goals make of the command line and the POM, as Maven hands them over. */
class GoalsTest {
    @TempDir
    Path folder;

    @Slow("launches goals, each in a JVM of its own")
    @Test
    void theCommandLineHasTheLastWordAboutSchemaAndFollowers() throws Exception {
        String url = "-Deventsourcing.url=jdbc:h2:./target/school";
        String schema = "-Deventsourcing.schema=School";

        GoalInMaven.Run migrated = school("<schema>Other</schema>")
                .run("migrate", url, schema, "-Deventsourcing.ordering=counter-row", "-Ddry-run=false");
        GoalInMaven.Run synchronised = school(
                        "<schema>Other</schema><followers>Listener</followers><max-events>5</max-events>")
                .run(
                        "sync-followers",
                        url,
                        schema,
                        "-Ddry-run=true",
                        "-Dfollowers=Scribe",
                        "-Doutput=target/reports/scribe.txt");

        assertThat(migrated.error()).isNull();
        assertThat(migrated.log()).contains(", schema School", "applied V1 create event tables");
        assertThat(ItDatabase.rows(
                        "jdbc:h2:file:" + folder.resolve("target/school").toAbsolutePath(),
                        "SELECT table_schema FROM information_schema.tables WHERE table_name = 'STORED_EVENTS'"))
                .containsExactly("School");
        assertThat(synchronised.error()).isNull();
        assertThat(synchronised.log()).containsPattern("\\[1/1] Scribe +OK \\(dry-run\\)  0 events");
        assertThat(folder.resolve("target/reports/scribe.txt")).content().containsPattern("Scribe +OK \\(dry-run\\)");
    }

    @Slow("launches a goal in a JVM of its own")
    @Test
    void refusesAnOrderingAsItWasTyped() throws Exception {
        GoalInMaven.Run run = school("<ordering>counter-row</ordering>")
                .run("migrate", "-Deventsourcing.url=jdbc:h2:./target/school", "-Deventsourcing.ordering=barrier");

        assertThat(run.message()).contains("eventsourcing.ordering=barrier");
    }

    @Test
    void aScriptNeedsNoDatabase() throws Exception {
        GoalInMaven.Run run = school("")
                .run("script", "-Deventsourcing.url=jdbc:postgresql://localhost:1/school", "-Doutput=sql/tables.sql");

        assertThat(run.error()).isNull();
        assertThat(folder.resolve("sql/tables.sql")).content().contains("CREATE TABLE stored_events");
    }

    @Slow("launches goals, each in a JVM of its own")
    @Test
    void neitherADryRunNorAQuestionMakesTheFileOfADatabase() throws Exception {
        String url = "-Deventsourcing.url=jdbc:h2:./target/events";

        GoalInMaven.Run dryRun = school("").run("migrate", url, "-Ddry-run");
        GoalInMaven.Run pending = school("").run("pending", url);

        assertThat(dryRun.error()).isNull();
        assertThat(dryRun.log()).contains("a file that is not there yet, schema PUBLIC", "CREATE TABLE stored_events");
        assertThat(pending.error()).isInstanceOf(MojoFailureException.class);
        assertThat(pending.message()).contains("a file that is not there yet, schema PUBLIC");
        assertThat(folder.resolve("target")).isEmptyDirectory();
    }

    @Test
    void skipsAGoalWhateverElseItWasTold() throws Exception {
        GoalInMaven.Run run = school("").run("sync-followers", "-Deventsourcing.skip", "-DdryRun");

        assertThat(run.error()).isNull();
        assertThat(run.lines()).containsExactly("Skipped: eventsourcing.skip is true.");
    }

    private GoalInMaven school(String pom) {
        return new GoalInMaven(folder)
                .configure("<runner>" + SchoolInDatabase.class.getName() + "::fromSettings</runner>" + pom);
    }
}
